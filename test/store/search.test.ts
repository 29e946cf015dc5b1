import { existsSync, readFileSync } from 'node:fs';
import { anySearch } from '@sonde/model/testing/any-search';
import { searchCondition } from '../../packages/store/src/query/search/condition.ts';
import { BadPattern, type TimeRange } from '@sonde/store';
import { type Expression, fieldKey, parseSearch, printSearch, readField } from '@sonde/model';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { baseNs, randomOf, type SampleSpan, sampleSpans } from './sample-spans.ts';
import { distinct } from './slow-answers.ts';
import { slowSearch } from './slow-search.ts';

const baseMs = Number(baseNs / 1_000_000n);
const range = { fromMs: baseMs - 3_600_000, toMs: baseMs + 7_200_000 };
const later = { fromMs: range.toMs, toMs: range.toMs + 3_600_000 };
const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };

/** Texts that are near one another, so that mistakes show: cases, prefixes, numbers, what is empty, what would end a literal. */
const texts = [
  'a',
  'A',
  'ab',
  'a b',
  '',
  '5',
  '5.0',
  '-1',
  '12',
  '1e3',
  'b=c',
  'c',
  `'`,
  `\\`,
  `"`,
  '%',
  'ä',
  'Ä\n',
  '\0',
  '日本',
  // With the key: longer than what is in the text index.
  'ö'.repeat(128),
];
const keys = [
  'plain',
  'a',
  'a=b',
  'http.route',
  'db.namespace',
  'server.address',
  'status',
  'service.name',
  'db.query.text',
  `it's`,
];

const random = randomOf(7);
const spans: readonly SampleSpan[] = sampleSpans(41, 80, 3600).map((span) => ({
  ...span,
  name: random.chance(0.5) ? span.name : random.of(texts),
  attributes: {
    ...span.attributes,
    'http.response.status_code': random.of([200, 201, 404, 500]),
    ...Object.fromEntries(keys.filter(() => random.chance(0.5)).map((key) => [key, random.of(texts)])),
  },
}));

const naughtyFile = new URL('../../../shared/vectors/strings/blns.json', import.meta.url);
const naughty = existsSync(naughtyFile)
  ? [...new Set(JSON.parse(readFileSync(naughtyFile, 'utf8')) as string[])].filter((text) => text !== '')
  : [];

let store: Store;

beforeAll(async () => {
  store = await openStore();
  await store.load('traces', traceRequest(spans));
  await store.load('traces', traceRequest(naughty.map((text, i) => naughtySpan(text, i))));
});
afterAll(() => store.close());

function naughtySpan(text: string, i: number): SampleSpan {
  const id = (i + 1).toString(16);
  return {
    traceId: id.padStart(32, '0'),
    spanId: id.padStart(16, '0'),
    parentSpanId: '',
    service: text,
    instance: text,
    host: text,
    version: '1',
    name: text,
    kind: 2,
    startNs: BigInt(later.fromMs) * 1_000_000n + BigInt(i),
    durationNs: 1n,
    failed: false,
    attributes: { 'http.route': text, naughty: text, [`k${text}`]: text },
  };
}

function read(text: string): Expression {
  const parsed = parseSearch(text);
  if (parsed.kind === 'problem') throw new Error(`${text}: ${parsed.problem.message}`);
  if (!parsed.search.expression) throw new Error('nothing is asked for');
  return parsed.search.expression;
}

async function matching(expression: Expression, asked: TimeRange = range): Promise<string[]> {
  const { sql, params } = searchCondition(expression);
  const rows = await store.engine.query<{ id: string }>(
    `SELECT lower(hex(span_id)) AS id FROM spans
     WHERE timestamp >= fromUnixTimestamp64Milli({fromMs:Int64}) AND timestamp < fromUnixTimestamp64Milli({toMs:Int64}) AND ${sql} ORDER BY id`,
    { ...params, fromMs: asked.fromMs, toMs: asked.toMs },
    budget,
  );
  return rows.map((row) => row.id);
}

function slowMatching(expression: Expression): string[] {
  return spans
    .filter((span) => slowSearch(expression, span))
    .map((span) => span.spanId)
    .toSorted();
}

test('any search finds what a slow look at each span finds', async () => {
  const key = fc.constantFrom(
    ...keys.map((one) => fieldKey({ scope: 'attribute', key: one })),
    'user.id',
    'http.response.status_code',
    'server.port',
    'db.system.name',
    'service.name',
    'service.version',
    'host.name',
    'host.id',
    'os.type',
    'resource.absent',
    'absent',
  );
  const text = fc.constantFrom(
    ...texts,
    'gateway',
    'GET /cart',
    'host-shared',
    'id-host-shared',
    'linux',
    '1.0',
    '200',
    'u7',
    'postgresql',
  );
  const pattern = fc.constantFrom(
    'a',
    '^a',
    'a$',
    '.',
    '',
    '[0-9]+',
    '^GET|pay',
    '^(a|b)?$',
    'host.*d$',
    '[^a-z]',
    `['"\\\\]`,
    'a.*b',
    '\\d',
  );
  let found = 0;
  await fc.assert(
    fc.asyncProperty(anySearch(key, text, pattern), async (expression) => {
      const expected = slowMatching(expression);
      if (expected.length > 0 && expected.length < spans.length) found++;
      expect(await matching(expression), printSearch(expression)).toEqual(expected);
    }),
    { numRuns: 600, seed: 4, endOnFailure: false },
  );
  // Searches for everything or nothing prove little.
  expect(found).toBeGreaterThan(200);
});

test('a key and a value that hold = are not taken for their like', async () => {
  const one = read('a = "b=c"');
  const other = read('"a=b" = c');
  const both = slowMatching({ kind: 'and', parts: [one, other] });
  expect(slowMatching(one).length).toBeGreaterThan(both.length);
  expect(slowMatching(other).length).toBeGreaterThan(both.length);
  for (const expression of [one, other, read('a in ("b=c", 12)'), read('"a=b" in (c)')]) {
    expect(await matching(expression), printSearch(expression)).toEqual(slowMatching(expression));
  }
});

describe('traces', () => {
  async function traceIds(text: string, filters: object = {}) {
    const reply = await store.questions.traces(range, { search: read(text), ...filters }, { sort: 'time', limit: 500 });
    return reply.items.map((item) => item.traceId).toSorted();
  }
  const slowIds = (isOne: (span: SampleSpan) => boolean) => distinct(spans.filter(isOne).map((span) => span.traceId));

  test('match when one span of them matches the whole search', async () => {
    const text = 'service.name = orders and duration > 1ms and not status = error';
    const expected = slowIds((span) => span.service === 'orders' && span.durationNs > 1_000_000n && !span.failed);
    expect(await traceIds(text)).toEqual(expected);
    const apart = slowIds((span) => span.service === 'orders').filter((id) => slowIds((span) => span.failed).includes(id));
    const together = slowIds((span) => span.service === 'orders' && span.failed);
    expect(apart.length).toBeGreaterThan(together.length);
    expect(await traceIds('service.name = orders status = error')).toEqual(together);
  });

  test('and every other filter, on the same span', async () => {
    const expected = slowIds((span) => span.kind === 3 && span.service === 'orders' && span.durationNs >= 1_000_000n);
    expect(expected.length).toBeGreaterThan(0);
    expect(await traceIds('kind = client', { service: 'orders', minDurationMs: 1 })).toEqual(expected);
    const longest = await store.questions.traces(range, { search: read('kind = client') }, { sort: 'duration', limit: 500 });
    expect(longest.items.map((item) => item.traceId).toSorted()).toEqual(slowIds((span) => span.kind === 3));
  });

  test('are what latency is of, whatever the kind of the span', async () => {
    const histogram = await store.questions.latencyHistogram(range, { search: read('kind = client') });
    expect(histogram.count).toBe(spans.filter((span) => span.kind === 3).length);
    const heatmap = await store.questions.latencyHeatmap(range, { search: read('kind = client') });
    expect(heatmap.counts.flat().reduce((a, b) => a + b)).toBe(histogram.count);
  });
});

test('a pattern that cannot be compiled is told apart from those that can', async () => {
  const expression = read('name ~ "ok" and (user.id ~ "(" or user.id !~ "[")');
  const asked = store.questions.traces(range, { search: expression }, { sort: 'time', limit: 1 });
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BadPattern);
  expect((error as BadPattern).condition).toMatchObject({ field: readField('user.id'), value: '(' });
  expect((error as BadPattern).message).toBe('This is not a regular expression of RE2: missing ): (.');
  const nowhere = { fromMs: 0, toMs: 1000 };
  const unseen = store.questions.latencyHistogram(nowhere, { search: read('user.id ~ "(a{1000}){1000}"') });
  await expect(unseen).rejects.toThrow(BadPattern);
});

test.skipIf(naughty.length === 0)('naughty strings (../shared/vectors) are found, each by itself', async () => {
  for (const [i, text] of naughty.entries()) {
    const conditions = (['service.name', 'name', 'http.route', 'naughty', 'resource.host.name'] as const).map(
      (key): Expression => ({ kind: 'compare', field: readField(key) as never, operator: '=', value: text }),
    );
    const own: Expression = { kind: 'exists', field: { scope: 'attribute', key: `k${text}` }, wanted: true };
    const expression: Expression = { kind: 'and', parts: [...conditions, own, { kind: 'word', text }] };
    const printed = printSearch(expression);
    // Some are longer than a search may be.
    if (printed.length < 4096) expect(read(printed)).toEqual(expression);
    expect(await matching(expression, later), text).toEqual([(i + 1).toString(16).padStart(16, '0')]);
  }
});

describe('completion', () => {
  test('of keys, with how many spans have them', async () => {
    const { items, spansRead } = await store.questions.searchKeys(range, '', 500);
    expect(spansRead).toBe(spans.length);
    const counts = Object.fromEntries(items.map(({ key, count }) => [key, count]));
    const having = (key: string) => spans.filter((span) => Object.hasOwn(span.attributes, key)).length;
    expect(counts).toMatchObject({
      name: spans.length,
      'service.name': spans.length,
      'os.type': spans.length,
      'http.route': having('http.route'),
      'attribute.service.name': having('service.name'),
      'attribute.status': having('status'),
      'user.id': having('user.id'),
    });
    for (const { key } of items) expect(readField(key), key).toBeDefined();
  });

  test('of keys that begin so', async () => {
    const keysOf = async (prefix: string) =>
      (await store.questions.searchKeys(range, prefix, 500)).items.map((item) => item.key).toSorted();
    expect(await keysOf('HOST')).toEqual(['host.id', 'host.name']);
    expect(await keysOf('st')).toEqual(['attribute.status', 'status']);
    expect(await keysOf('resource.s')).toEqual([
      'resource.service.instance.id',
      'resource.service.name',
      'resource.service.version',
    ]);
    expect(await keysOf('attribute.s')).toEqual(expect.arrayContaining(['attribute.service.name', 'attribute.status']));
    expect((await store.questions.searchKeys(range, '', 2)).items).toHaveLength(2);
  });

  test.each([
    'name',
    'kind',
    'status',
    'service.name',
    'host.id',
    'http.route',
    'plain',
    'http.response.status_code',
    'absent',
  ])('of values of %s', async (key) => {
    const field = readField(key) as NonNullable<ReturnType<typeof readField>>;
    const { items } = await store.questions.searchValues(range, field, '', 500);
    for (const { value, count } of items) {
      const expected = slowMatching({ kind: 'compare', field, operator: '=', value });
      expect(count, `${key} = ${value}`).toBe(expected.length);
    }
    // Nothing is left out but the empty.
    const empty = spans.length - slowMatching({ kind: 'in', field, values: items.map((item) => item.value) }).length;
    const without = spans.filter(
      (span) => !items.some(({ value }) => slowSearch({ kind: 'compare', field, operator: '=', value }, span)),
    );
    expect(without).toHaveLength(empty);
    for (const span of without) expect(slowSearch({ kind: 'compare', field, operator: '~', value: '.' }, span)).toBe(false);
    expect(items.map((item) => item.count)).toEqual(items.map((item) => item.count).toSorted((a, b) => b - a));
  });

  test('of values that begin so; of what is different in each span nothing', async () => {
    const field = readField('service.name') as NonNullable<ReturnType<typeof readField>>;
    const { items } = await store.questions.searchValues(range, field, 'PAY', 10);
    expect(items.map((item) => item.value)).toEqual(['payment']);
    expect((await store.questions.searchValues(range, { scope: 'intrinsic', key: 'duration' }, '', 10)).items).toEqual([]);
  });
});
