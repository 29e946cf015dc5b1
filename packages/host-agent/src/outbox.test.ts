import { expect, test } from 'vitest';
import { type Outcome, Outbox } from './outbox.ts';

function outboxWith(answers: (body: string) => Outcome | Promise<Outcome>, bodiesMax = 3) {
  const sent: string[] = [];
  const reports: string[] = [];
  const outbox = new Outbox({
    what: 'metrics',
    send: async (body) => {
      const outcome = await answers(body);
      if (outcome.kind === 'accepted') sent.push(body);
      return outcome;
    },
    bodiesMax,
    report: (message) => reports.push(message),
  });
  return { outbox, sent, reports };
}
const accepted: Outcome = { kind: 'accepted' };
const later: Outcome = { kind: 'retryable', why: 'ECONNREFUSED' };

test('(1) an outage: the newest wait, the oldest are counted, begin and end are said once', async () => {
  let up = false;
  const { outbox, sent, reports } = outboxWith(() => (up ? accepted : later));
  for (const body of ['a', 'b', 'c', 'd', 'e']) await outbox.put(body);
  expect({ waiting: outbox.waiting, dropped: outbox.dropped, said: reports.length }).toEqual({
    waiting: 3,
    dropped: 2,
    said: 1,
  });
  up = true;
  await outbox.put('f');
  expect(sent).toEqual(['d', 'e', 'f']);
  expect(outbox).toMatchObject({ waiting: 0, dropped: 3 });
  expect(reports).toHaveLength(2);
});

test('(2) one request at a time, in order, whatever comes meanwhile', async () => {
  let inFlight = 0;
  const { outbox, sent } = outboxWith(async () => {
    expect(++inFlight).toBe(1);
    await new Promise((done) => setTimeout(done, 5));
    inFlight -= 1;
    return accepted;
  });
  await Promise.all(['a', 'b', 'c'].map((body) => outbox.put(body)));
  expect(sent).toEqual(['a', 'b', 'c']);
});

test('(1) the oldest has to go while it is being sent: it is not taken for its successor', async () => {
  const release: (() => void)[] = [];
  const { outbox, sent } = outboxWith(async () => {
    await new Promise<void>((done) => release.push(done));
    return accepted;
  }, 1);
  const first = outbox.put('a');
  void outbox.put('b');
  release.shift()?.();
  await new Promise((done) => setTimeout(done, 5));
  release.shift()?.();
  await first;
  expect(sent).toEqual(['a', 'b']);
});

test('what is refused is not tried again', async () => {
  const { outbox, sent, reports } = outboxWith((body) => (body === 'bad' ? { kind: 'refused', why: 'status 400' } : accepted));
  await outbox.put('bad');
  await outbox.put('good');
  expect({ sent, dropped: outbox.dropped }).toEqual({ sent: ['good'], dropped: 1 });
  expect(reports[0]).toContain('status 400');
});
