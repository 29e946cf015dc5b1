import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { agentByImport, type Ran, runApp, startApp } from '../fixtures/run-app.ts';
import { promisedTime } from '../fixtures/promised-time.ts';

let capture: Capture;
beforeAll(async () => {
  capture = await startCapture();
});
beforeEach(() => {
  capture.answer = undefined;
  capture.clear();
});
afterAll(() => capture.stop());

const withAgent = () => ({ agent: agentByImport, env: { OTEL_EXPORTER_OTLP_ENDPOINT: capture.url } });
const end = ({ code, signal, stdout }: Ran) => ({ code, signal, stdout });
const sent = (): string[] => capture.spans.map(({ name }) => name);

test.each(['return', 'exitCode', 'exit', 'throw', 'reject', 'beforeExit', 'listeners'])(
  '%s: ends as without the agent',
  async (way) => {
    const [with_, without] = await Promise.all([
      runApp('exits.mjs', { ...withAgent(), args: [way] }),
      runApp('exits.mjs', { args: [way] }),
    ]);
    expect(end(with_)).toEqual(end(without));
  },
);

test.each(['return', 'exitCode'])('%s: everything is sent, with the last state of the metrics', async (way) => {
  await runApp('exits.mjs', { ...withAgent(), args: [way] });
  expect(sent()).toEqual(['last words']);
  expect(capture.points.map(({ metric }) => metric)).toContain('process.cpu.time');
});

test("spans of the application's own beforeExit are sent", async () => {
  await runApp('exits.mjs', { ...withAgent(), args: ['beforeExit'] });
  expect(sent().toSorted()).toEqual(['last words', 'late 1', 'late 2', 'late 3']);
});

/** The same signal to the same application, with and without the agent; the agent's spans. */
async function signalled(way: string, signal: NodeJS.Signals): Promise<Ran> {
  const ends = await Promise.all(
    [withAgent(), {}].map(async (options) => {
      const app = startApp('exits.mjs', { ...options, args: [way] });
      await app.printed('ready');
      app.child.kill(signal);
      return app.ended;
    }),
  );
  const [with_, without] = ends as [Ran, Ran];
  expect(end(with_)).toEqual(end(without));
  return with_;
}

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('(1) %s, no handler: the signal ends it, after all is sent', async (signal) => {
    const { code, signal: endedBy } = await signalled('stay', signal);
    // A shell shows this as 128 + 15 = 143, or 130.
    expect({ code, endedBy }).toEqual({ code: null, endedBy: signal });
    expect(sent()).toEqual(['last words']);
  });

  test.each(['handler', 'onceHandler', 'ignore'])('(2) %s: the application decides, and all is sent meanwhile', async (way) => {
    await signalled(way, 'SIGTERM');
    expect(sent()).toEqual(['last words']);
  });

  test('(3) a second signal ends it at once', promisedTime, async () => {
    capture.answer = () => true; // Never answers.
    const app = startApp('exits.mjs', { ...withAgent(), args: ['stay'] });
    await app.printed('ready');
    app.child.kill('SIGINT');
    await sleep(300);
    const before = performance.now();
    app.child.kill('SIGINT');
    expect(await app.ended).toMatchObject({ code: null, signal: 'SIGINT' });
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test('(4) a library that looks whether it is alone (signal-exit) finds it so', async () => {
    expect((await signalled('signalExit', 'SIGTERM')).stdout).toContain('left null SIGTERM');
    expect(sent()).toEqual(['last words']);
  });

  test('(5) an application that takes its handler away', async () => {
    expect(await signalled('takenAway', 'SIGTERM')).toMatchObject({ signal: 'SIGTERM' });
    expect(sent()).toEqual(['last words']);
  });
});
