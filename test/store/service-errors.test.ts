/** What went wrong in a service, and the versions that it went wrong in: spans that are written down here. */
import { listServiceErrors, listServiceVersions } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, otlpAttributes, type Store } from './loaded-store.ts';

const hourMs = 3_600_000;
const range = { fromMs: Date.UTC(2026, 2, 10, 10), toMs: Date.UTC(2026, 2, 10, 11) };

interface Failure {
  readonly atMs: number;
  readonly exception?: readonly [string, string];
  readonly status?: string;
  readonly errorType?: string;
  readonly failed?: boolean;
  readonly name?: string;
  readonly service?: string;
  readonly version?: string;
}

let count = 0;
function request({ atMs, exception, status, errorType, failed = true, name = 'GET /a', ...one }: Failure) {
  count += 1;
  const startNs = BigInt(atMs) * 1_000_000n;
  const event = exception && {
    name: 'exception',
    timeUnixNano: String(startNs),
    attributes: otlpAttributes({ 'exception.type': exception[0], 'exception.message': exception[1] }),
  };
  const span = {
    traceId: count.toString(16).padStart(32, 'e'),
    spanId: count.toString(16).padStart(16, 'e'),
    name,
    kind: 2,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + 1_000_000n),
    attributes: errorType ? otlpAttributes({ 'error.type': errorType }) : [],
    events: event ? [event] : [],
    status: { code: failed ? 2 : 0, message: status ?? '' },
  };
  const resource = {
    attributes: otlpAttributes({ 'service.name': one.service ?? 'shop', 'service.version': one.version ?? '1' }),
  };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] };
}

let store: Store;
const at = (minute: number) => range.fromMs + minute * 60_000;
const timeout = (ms: number, sku: string): readonly [string, string] => ['TimeoutError', `no stock of '${sku}' after ${ms} ms`];

const failures: readonly Failure[] = [
  { atMs: at(1), exception: timeout(1500, 'cup') },
  { atMs: at(2), exception: timeout(31, 'plate'), name: 'POST /b' },
  // Its span did not fail: it was caught, and it happened.
  { atMs: at(59), exception: timeout(7.5, "it's"), failed: false },
  {
    atMs: at(3),
    exception: ['Error', 'order 3f2a9c1e-0000-4a4b-8c8d-123456789abc at 10.0.0.7:5432 is gone\nand more\nstack 17'],
  },
  { atMs: at(4), errorType: '503', status: '' },
  { atMs: at(5), status: 'deadline' },
  // Nothing is known of it but that it failed.
  { atMs: at(6) },
  { atMs: at(7), exception: timeout(9, 'cup'), service: 'other' },
  { atMs: at(-30), exception: timeout(2, 'x') },
  { atMs: at(-40), errorType: 'old' },
  { atMs: at(-90), exception: ['Error', 'long ago'] },
  { atMs: at(8), failed: false, version: '2' },
  { atMs: at(9), failed: false, version: '2' },
];

beforeAll(async () => {
  store = await openStore();
  for (const failure of failures) await store.load('traces', request(failure), undefined, failure.atMs);
  await store.settle();
});
afterAll(() => store.close());

test('occurrences of one fault are one group, the most frequent first', async () => {
  const answer = await store.questions.serviceErrors(range, 'shop', {}, 50);
  expect(Compile(listServiceErrors.reply).Errors(answer)).toEqual([]);
  expect(
    answer.items.map(({ type, message, count: times, previousCount, isNew }) => [type, message, times, previousCount, isNew]),
  ).toEqual([
    ['TimeoutError', 'no stock of ? after ? ms', 2, 1, false],
    ['TimeoutError', "no stock of ?s' after ? ms", 1, 0, true],
    ['', 'deadline', 1, 0, true],
    ['503', '', 1, 0, true],
    ['Error', 'order ? at ? is gone and more', 1, 0, true],
  ]);
  expect(answer.total).toEqual({ groups: 5, count: 6 });
});

test('a group says when, where and in which trace', async () => {
  const { items, timesMs, stepMs } = await store.questions.serviceErrors(range, 'shop', {}, 1);
  const [first] = items;
  expect(items).toHaveLength(1);
  expect(first).toMatchObject({
    firstSeenMs: at(-30),
    lastSeenMs: at(2),
    example: { message: "no stock of 'plate' after 31 ms" },
  });
  expect(first?.names.toSorted()).toEqual(['GET /a', 'POST /b']);
  const inStep = (fromMs: number) => [1, 2].filter((minute) => at(minute) >= fromMs && at(minute) < fromMs + stepMs).length;
  expect(first?.trend).toEqual(timesMs.map(inStep));
  const trace = await store.questions.trace(first?.example.traceId ?? '');
  expect(trace?.spans[0]?.name).toBe('POST /b');
});

test('where nothing is stored of the period before, nothing is called new', async () => {
  const { items } = await store.questions.serviceErrors(range, 'other', {}, 50);
  expect(items.map(({ isNew }) => isNew)).toEqual([null]);
  expect((await store.questions.serviceErrors(range, 'nobody', {}, 50)).items).toEqual([]);
});

test('versions: the newest first, each with its requests and with when it came', async () => {
  for (const asked of [range, { ...range, fromMs: range.fromMs - 50 * hourMs }]) {
    const answer = await store.questions.serviceVersions(asked, 'shop');
    expect(Compile(listServiceVersions.reply).Errors(answer)).toEqual([]);
    const ofFirst = failures.filter(
      ({ atMs, service, version }) => !service && !version && atMs >= asked.fromMs && atMs < asked.toMs,
    );
    expect(
      answer.items.map(({ version, requests, errors, firstSeenMs }) => ({ version, requests, errors, firstSeenMs })),
    ).toEqual([
      { version: '2', requests: 2, errors: 0, firstSeenMs: at(8) },
      {
        version: '1',
        requests: ofFirst.length,
        errors: ofFirst.filter(({ failed = true }) => failed).length,
        firstSeenMs: at(-90),
      },
    ]);
    for (const { requests, trend } of answer.items) expect(trend.reduce((sum, one) => sum + one, 0)).toBe(requests);
  }
});
