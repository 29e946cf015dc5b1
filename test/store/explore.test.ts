import { numberBucket, numberBucketBounds, parseSearch } from '@sonde/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { baseNs, randomOf, type SampleSpan, sampleSpans } from './sample-spans.ts';
import { slowSearch } from './slow-search.ts';
import { countValues, valuesOf } from './slow-values.ts';
import { everything } from '../../packages/store/src/query/search/condition.ts';
import { newestMatching } from '../../packages/store/src/query/search/newest-matching.ts';

const baseMs = Number(baseNs / 1_000_000n);
const range = { fromMs: baseMs - 3_600_000, toMs: baseMs + 7_200_000 };

const random = randomOf(3);
const spans: readonly SampleSpan[] = sampleSpans(5, 150, 3600).map((span) => ({
  ...span,
  attributes: {
    ...span.attributes,
    'http.response.status_code': random.of([200, 200, 404, 500]),
    size: random.below(100_000) - 1000,
    note: random.of(['', 'ä', 'x'.repeat(2000), '5']),
    'a=b': random.of(['c', `'`]),
  },
}));

let store: Store;

beforeAll(async () => {
  store = await openStore();
  await store.load('traces', traceRequest(spans));
});
afterAll(() => store.close());

function read(text: string) {
  const parsed = parseSearch(text);
  if (parsed.kind === 'problem' || !parsed.search.expression) throw new Error(text);
  return parsed.search.expression;
}

const cut = (value: string) => (Buffer.byteLength(value) > 1024 ? `${value.slice(0, 256)}…` : value);

/** The values of a key in the order of the answer: by count, then by the bytes of the text. */
function ranked(values: ReadonlyMap<string, number>) {
  return [...values]
    .map(([value, count]) => ({ value: cut(value), count }))
    .toSorted((a, b) => b.count - a.count || Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)));
}

describe('facets', () => {
  test.each([
    ['of everything', {}, () => true],
    [
      'of a search',
      { search: read('kind = client or user.id = u7') },
      (span: SampleSpan) => slowSearch(read('kind = client or user.id = u7'), span),
    ],
    ['of what failed', { status: 'error' as const }, (span: SampleSpan) => span.failed],
    [
      'of filters',
      { service: 'orders', minDurationMs: 1, attribute: ['user.id=u3'] },
      (span: SampleSpan) => span.service === 'orders' && span.durationNs >= 1_000_000n && span.attributes['user.id'] === 'u3',
    ],
    ['of nothing', { service: 'nobody' }, () => false],
  ])('%s count every value of every key', async (_, filters, isOne) => {
    const matching = spans.filter(isOne);
    const { items, examined, complete } = await store.questions.traceFacets(range, filters, { limit: 100, others: 100 });
    expect({ examined, complete }).toEqual({ examined: matching.length, complete: true });
    const expected = countValues(matching);
    const found = new Map(items.map((facet) => [facet.key, facet]));
    for (const [key, values] of expected) {
      expect(found.get(key), key).toMatchObject({
        count: [...values.values()].reduce((a, b) => a + b),
        distinct: values.size,
        values: ranked(values).slice(0, 100),
      });
    }
    for (const { key, count } of items) expect(count > 0, key).toBe(expected.has(key));
    expect(items.slice(0, 4).map((facet) => facet.key)).toEqual(['service.name', 'name', 'status', 'kind']);
  });

  test('are bounded, and say so', async () => {
    const { items } = await store.questions.traceFacets(range, {}, { limit: 2, others: 3 });
    expect(items).toHaveLength(16);
    for (const facet of items) expect(facet.values.length).toBeLessThanOrEqual(2);
    const { fromNs, complete } = await newestMatching(store.engine, range, {}, everything, 50);
    const newest = spans.map((span) => span.startNs).toSorted((a, b) => (a < b ? 1 : -1));
    expect({ fromNs, complete }).toEqual({ fromNs: newest[49], complete: false });
    const all = await newestMatching(store.engine, range, {}, everything, spans.length);
    expect(all.complete).toBe(true);
  });

  test.each([{ environment: 'nowhere' }, { namespace: 'nowhere' }])('of %j', async (filters) => {
    expect((await store.questions.traceFacets(range, filters, { limit: 2, others: 3 })).examined).toBe(0);
  });
});

describe('a selection and the rest', () => {
  const slow = (span: SampleSpan) => span.durationNs > 50_000_000n && span.service !== 'payment';

  async function compare(selected: Parameters<Store['questions']['compareTraces']>[2], filters = {}) {
    return store.questions.compareTraces(range, filters, selected, { limit: 500, values: 100 });
  }

  test('are counted value by value', async () => {
    const reply = await compare({ search: read('duration > 50ms and service.name != payment') });
    const selection = spans.filter(slow);
    const rest = spans.filter((span) => !slow(span));
    expect(reply.selection).toEqual({ count: selection.length, examined: selection.length });
    expect(reply.rest).toEqual({ count: rest.length, examined: rest.length });
    const [own, others] = [countValues(selection), countValues(rest)];
    expect(reply.items.map((item) => item.key).toSorted()).toEqual([...new Set([...own.keys(), ...others.keys()])].toSorted());
    for (const item of reply.items) {
      const values = new Set([...(own.get(item.key)?.keys() ?? []), ...(others.get(item.key)?.keys() ?? [])]);
      expect(item.distinct, item.key).toBe(values.size);
      for (const { value, selection: a, rest: b } of item.values) {
        const whole = [...values].find((one) => cut(one) === value) ?? '';
        expect([a, b], `${item.key} = ${value}`).toEqual([
          own.get(item.key)?.get(whole) ?? 0,
          others.get(item.key)?.get(whole) ?? 0,
        ]);
      }
      // By the definition: the share of one value, of a number below one bound, or of none.
      const shares = (isOne: (value: string | undefined) => boolean) => {
        const share = (side: readonly SampleSpan[]) =>
          side.filter((span) => isOne(valuesOf(span).get(item.key))).length / side.length;
        return Math.abs(share(selection) - share(rest));
      };
      const isNumber = item.buckets.length > 0;
      const possible = isNumber
        ? item.buckets.map(({ to }) =>
            shares(
              (value) =>
                value !== undefined &&
                (to === null || Number(value) <= 0 ? Number(value) <= (to ?? Infinity) : Number(value) < to),
            ),
          )
        : [...values].map((value) => shares((one) => one === value));
      const furthest = Math.max(
        ...possible,
        shares((value) => value === undefined),
      );
      expect(Math.abs(item.difference), item.key).toBeLessThanOrEqual(furthest + 1e-9);
      if (item.score === 0) expect(Math.abs(item.difference), item.key).toBeCloseTo(furthest, 8);
    }
    const scores = reply.items.map((item) => item.score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(reply.leftOut).toEqual([]);
  });

  test('numbers of many values are counted in buckets', async () => {
    const reply = await compare({ search: read('size > 20000') });
    const [first] = reply.items;
    expect(first).toMatchObject({ key: 'size', values: [] });
    expect(first?.score).toBeGreaterThan(0.8);
    const selection = spans.filter((span) => Number(span.attributes['size']) > 20_000);
    expect(first?.buckets.reduce((sum, bucket) => sum + bucket.selection, 0)).toBe(selection.length);
    expect(first?.buckets.reduce((sum, bucket) => sum + bucket.rest, 0)).toBe(spans.length - selection.length);
    for (const bucket of first?.buckets ?? []) {
      const within = (span: SampleSpan) => {
        const { from, to } = numberBucketBounds(numberBucket(Number(span.attributes['size'])));
        return from === bucket.from && to === bucket.to;
      };
      expect(bucket.selection).toBe(selection.filter(within).length);
      expect(bucket.selection + bucket.rest).toBe(spans.filter(within).length);
    }
    // Few different numbers are values: a status code.
    expect(reply.items.find((item) => item.key === 'http.response.status_code')?.values).toHaveLength(3);
  });

  test('a box of time and duration selects too, and filters describe both sides', async () => {
    const box = { fromMs: baseMs + 600_000, toMs: baseMs + 2_400_000, minDurationMs: 2, maxDurationMs: 500 };
    const reply = await compare(box, { service: 'orders', search: read('kind in (server, client)') });
    const base = spans.filter((span) => span.service === 'orders' && [2, 3].includes(span.kind));
    const inBox = base.filter(
      (span) =>
        span.startNs >= BigInt(box.fromMs) * 1_000_000n &&
        span.startNs < BigInt(box.toMs) * 1_000_000n &&
        span.durationNs >= 2_000_000n &&
        span.durationNs <= 500_000_000n,
    );
    expect(inBox.length).toBeGreaterThan(10);
    expect([reply.selection.count, reply.rest.count]).toEqual([inBox.length, base.length - inBox.length]);
    expect(reply.items.find((item) => item.key === 'service.name')).toMatchObject({ difference: 0, score: 0 });
  });

  test('what was changed on one host is found first', async () => {
    const bad = spans.filter((span) => span.host === 'host-shared' && span.kind === 2);
    const reply = await compare({ search: read('host.name = host-shared and kind = server') });
    expect(reply.selection.count).toBe(bad.length);
    expect(
      reply.items
        .slice(0, 4)
        .map((item) => item.key)
        .toSorted(),
    ).toEqual(['host.id', 'host.name', 'kind', 'service.version']);
  });

  test('nothing selected, and everything', async () => {
    const none = await compare({ search: read('service.name = nobody') });
    expect(none.selection).toEqual({ count: 0, examined: 0 });
    expect(none.items.every((item) => item.score === 0)).toBe(true);
    const all = await compare({ minDurationMs: 0 });
    expect(all.rest).toEqual({ count: 0, examined: 0 });
  });

  test('keys beyond the limit are named', async () => {
    const reply = await store.questions.compareTraces(range, {}, { search: read('status = error') }, { limit: 3, values: 1 });
    const whole = await compare({ search: read('status = error') });
    expect(reply.items.map((item) => item.key)).toEqual(whole.items.slice(0, 3).map((item) => item.key));
    expect(reply.leftOut).toEqual(whole.items.slice(3).map((item) => item.key));
    expect(reply.items.every((item) => item.values.length <= 1)).toBe(true);
  });
});
