/** Which APIs an injured part hits, against plain sums over what settling says of each span. */
import { getImpact } from '@sonde/api';
import type { Injured, TimeRange } from '@sonde/store';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNear } from './near.ts';
import { baseNs, type SampleSpan, secondNs } from './sample-spans.ts';
import { sum, widened } from './slow-answers.ts';
import { type ImpactAsked, slowImpact } from './slow-impact.ts';
import { openSystem, ranges, type System } from './system-store.ts';

const statement = 'INSERT INTO orders VALUES (?..)';
const hourMs = 3_600_000;
const reply = Compile(getImpact.reply);
let system: System;
let hash: string;

/** Published in a trace whose id ends in zeros, which an engine may take for the end of a text; read when its window was long settled. */
const kafka = { 'messaging.system': 'kafka', 'messaging.destination.name': 'late' };
const own = { instance: '', host: '', version: '', failed: false, startNs: baseNs, durationNs: 1000n };
const published = { ...own, traceId: 'abcd'.padEnd(32, '0'), service: 'shop' };
const publishing: readonly SampleSpan[] = [
  { ...published, spanId: '1'.repeat(16), parentSpanId: '', name: 'POST /late', kind: 2, attributes: {} },
  { ...published, spanId: '2'.repeat(16), parentSpanId: '1'.repeat(16), name: 'send', kind: 4, attributes: kafka },
];
const reading: SampleSpan = {
  ...own,
  traceId: 'ef'.repeat(16),
  spanId: '3'.repeat(16),
  parentSpanId: '',
  service: 'reader',
  name: 'late process',
  kind: 5,
  attributes: kafka,
  startNs: baseNs + 600n * secondNs,
  links: [{ traceId: published.traceId, spanId: '2'.repeat(16) }],
};

beforeAll(async () => {
  system = await openSystem(4, 600, publishing, [reading]);
  const options = { of: 'statement', by: 'volume', time: 'self', percentile: 95, limit: 100 } as const;
  const { items } = await system.store.questions.top(ranges.days, options);
  hash = items.find(({ key }) => key.statement === statement)?.key.statementHash as string;
});
afterAll(() => system.store.close());

async function check(range: TimeRange, asked: ImpactAsked, given?: TimeRange) {
  const { kind, name, ...place } = asked;
  const injured: Injured = kind === 'statement' ? { kind, hash } : { kind, name };
  const answer = await system.store.questions.impact(range, { injured, baseline: given, limit: 1000, ...place });
  expect(reply.Errors(answer)).toEqual([]);
  const wide = widened(range);
  const baseline = given ? widened(given) : { fromMs: 2 * wide.fromMs - wide.toMs, toMs: wide.fromMs };
  expect(answer.range).toEqual(wide);
  expect(answer.baseline).toEqual(baseline);
  const slow = slowImpact(system.settled, asked, wide, baseline);
  const inOrder = (apis: typeof slow) =>
    apis.toSorted((a, b) => (`${a.service} ${a.name} ${a.kind}` < `${b.service} ${b.name} ${b.kind}` ? -1 : 1));
  // A mean of means is summed up in another order.
  expectNear(inOrder(answer.apis), inOrder(slow), [[/elsewhereMeanNs$/, 'time']]);
  expectNear(answer.total, {
    apis: slow.length,
    affectedRequests: sum(slow.map((api) => api.affectedRequests)),
    criticalNs: sum(slow.map((api) => api.criticalNs)),
  });
  const lost = answer.apis.map(({ criticalNs }) => criticalNs);
  expect(lost).toEqual(lost.toSorted((a, b) => b - a));
  return answer;
}

const injuries: readonly ImpactAsked[] = [
  { kind: 'host', name: 'production-shared' },
  { kind: 'service', name: 'orders' },
  { kind: 'service', name: 'mail' },
  { kind: 'statement', name: statement },
  { kind: 'queue', name: 'mails' },
  { kind: 'queue', name: 'sent' },
  { kind: 'remote', name: 'bank.example:443' },
];

describe.each(Object.entries(ranges))('over %s', (_, range) => {
  test.each(injuries)('$kind $name', async (asked) => {
    const { apis } = await check(range, asked);
    expect(apis.length).toBeGreaterThan(0);
  });
});

test('a message that is read long after it was published is of the API that published it', async () => {
  const fromMs = Number(baseNs / 1_000_000n);
  const { apis } = await check({ fromMs, toMs: fromMs + hourMs }, { kind: 'service', name: 'reader' });
  expect(apis).toMatchObject([
    { name: 'POST /late', affectedRequests: 0, affectedMessages: 1, waitNs: 600_000_000_000 - 1000 },
  ]);
});

test('a queue hits the APIs that publish, by messages that nobody waits for', async () => {
  const { apis } = await check(ranges.days, { kind: 'queue', name: 'mails' });
  const order = apis.find(({ name }) => name === 'POST /orders');
  expect(order?.affectedMessages).toBeGreaterThan(10);
  expect(order?.waitNs).toBeGreaterThan(1e9);
  expect(apis.find(({ name }) => name === 'nightly')?.kind).toBe('job');
});

test.each([{ environment: 'staging' }, { namespace: 'edge' }, { environment: 'production', namespace: 'shop' }])(
  'of APIs in %o',
  async (place) => {
    for (const asked of injuries.slice(1, 5)) await check(ranges.days, { ...asked, ...place });
  },
);

test('a host against the same endpoints on other hosts', async () => {
  const { apis } = await check(ranges.days, { kind: 'host', name: 'production-shared' });
  const compared = apis.flatMap(({ control }) => control ?? []);
  expect(compared.length).toBeGreaterThan(1);
  expect(compared.some(({ elsewhereMeanNs, meanNs }) => Math.abs(meanNs / elsewhereMeanNs - 1) > 0.01)).toBe(true);
});

test('against a baseline of its own', async () => {
  await check(ranges.hours, { kind: 'service', name: 'orders' }, ranges.days);
});

test('the first of many, and the totals of all', async () => {
  const options = { injured: { kind: 'service', name: 'orders' } } as const;
  const all = await system.store.questions.impact(ranges.days, { ...options, limit: 1000 });
  const some = await system.store.questions.impact(ranges.days, { ...options, limit: 2 });
  expect(all.apis.length).toBeGreaterThan(2);
  expect(some).toEqual({ ...all, apis: all.apis.slice(0, 2) });
});

test('what nothing passed through hits nothing', async () => {
  expect((await check(ranges.days, { kind: 'host', name: 'nowhere' })).apis).toEqual([]);
});
