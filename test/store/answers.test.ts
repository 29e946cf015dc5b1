import { getLatencyHeatmap, getLatencyHistogram, getService, getTrace, listServices, listTraces } from '@sonde/api';
import { bucketIndex, bucketLowerNs, buildTraceTree, criticalTimes, spanKinds } from '@sonde/model';
import type { SpanFilters } from '@sonde/store';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { expectNear } from './near.ts';
import { baseNs, type SampleSpan, sampleSpans } from './sample-spans.ts';
import {
  byStep,
  distinct,
  inRange,
  isRequest,
  lastSeenMs,
  red,
  slowHistogram,
  slowLatencySpans,
  slowSelfTimes,
  slowServices,
  slowTraces,
} from './slow-answers.ts';

const baseMs = Number(baseNs / 1_000_000n);
const minuteMs = 60_000;
/** The middle hour of three: traces lie across both its ends. */
const range = { fromMs: baseMs + 60 * minuteMs, toMs: baseMs + 120 * minuteMs };

const edge = {
  service: 'gateway',
  instance: 'gateway-0',
  host: 'host-gateway',
  version: '1.0',
  kind: 2,
  failed: false,
  attributes: {},
};
const spans: readonly SampleSpan[] = [
  ...sampleSpans(20_260_310, 900, 180 * 60),
  // The first and the last ns of the range, and their neighbours outside of it.
  ...[0n, -1n].flatMap((ns) =>
    [range.fromMs, range.toMs].map((ms, i): SampleSpan => ({
      ...edge,
      traceId: `e${i}${ns === 0n ? 0 : 1}`.padEnd(32, '0'),
      spanId: `e${i}${ns === 0n ? 0 : 1}`.padEnd(16, '0'),
      parentSpanId: '',
      name: 'GET /edge',
      startNs: BigInt(ms) * 1_000_000n + ns,
      durationNs: 5n,
    })),
  ),
  // One trace, buckets of the sort key apart.
  ...[10, 30].map((minute, i): SampleSpan => ({
    ...edge,
    traceId: 'fa'.padEnd(32, '0'),
    spanId: `fa${i}`.padEnd(16, '0'),
    parentSpanId: i === 0 ? '' : 'fa0'.padEnd(16, '0'),
    name: 'GET /far',
    startNs: BigInt(range.fromMs + minute * minuteMs) * 1_000_000n,
    durationNs: 7n,
    attributes: i === 0 ? { 'batch.id': 'b1' } : {},
  })),
  // The root, and one whose parent never came, in the same ns.
  ...['', '5'.repeat(16)].map((parentSpanId, i): SampleSpan => ({
    ...edge,
    traceId: 'fb'.padEnd(32, '0'),
    spanId: (i === 0 ? 'f' : '1').repeat(16),
    parentSpanId,
    name: i === 0 ? 'GET /root' : 'GET /orphan',
    startNs: BigInt(range.fromMs + 20 * minuteMs) * 1_000_000n,
    durationNs: 9n,
    attributes: { 'batch.id': 'b2' },
  })),
];
const self = slowSelfTimes(spans);

let store: Store;

beforeAll(async () => {
  store = await openStore();
  // In several loads, so that a trace is spread over parts.
  const loads = 5;
  for (let i = 0; i < loads; i++) await store.load('traces', traceRequest(spans.filter((_, n) => n % loads === i)));
});
afterAll(() => store.close());

function expectToFit(schema: TSchema, reply: unknown) {
  expect(Compile(schema).Errors(reply)).toEqual([]);
}

test('the sample holds what it is meant to hold', () => {
  const here = inRange(spans, range);
  expect(here.length).toBeGreaterThan(1000);
  const ids = new Set(spans.map((span) => span.spanId));
  expect(
    here.filter((span) => isRequest(span) && span.parentSpanId !== '' && !ids.has(span.parentSpanId)).length,
  ).toBeGreaterThan(20);
  expect(here.filter((span) => (self.get(span.spanId) as number) < Number(span.durationNs)).length).toBeGreaterThan(100);
});

test('services', async () => {
  const reply = await store.questions.services(range);
  expectToFit(listServices.reply, reply);
  expect(reply.stepMs).toBe(120_000);
  expectNear(reply.items, slowServices(spans, range, reply));
});

test('one service', async () => {
  const reply = await store.questions.service(range, 'orders');
  expectToFit(getService.reply, reply);
  const own = inRange(spans, range).filter((span) => span.service === 'orders');
  const requests = own.filter(isRequest);
  const trend = { stepMs: 120_000, timesMs: Array.from({ length: 30 }, (_, i) => range.fromMs + i * 120_000) };
  expectNear(
    reply?.summary,
    slowServices(spans, range, trend).find((service) => service.service === 'orders'),
  );
  expectNear(
    reply?.instances,
    distinct(own.map((span) => span.instance)).map((instance) => {
      const ofInstance = own.filter((span) => span.instance === instance);
      const { host, version } = ofInstance[0] as SampleSpan;
      const lastMs = lastSeenMs(ofInstance, range);
      return { instance, host, version, ...red(ofInstance.filter(isRequest)), lastSeenMs: lastMs, hostCpu: null };
    }),
  );
  expect(reply?.stepMs).toBe(minuteMs);
  expect(reply?.timesMs).toEqual(Array.from({ length: 60 }, (_, i) => range.fromMs + i * minuteMs));
  const steps = byStep(requests, range, 60, red);
  expect(reply?.rates).toEqual([
    { name: 'requests', unit: '{request}/s', values: steps.map((step) => step.requests / 60) },
    { name: 'errors', unit: '{request}/s', values: steps.map((step) => step.errors / 60) },
  ]);
  const levels = (['p50Ns', 'p95Ns', 'p99Ns'] as const).map((level) => ({
    name: level.slice(0, 3),
    unit: 'ns',
    values: steps.map((step) => step[level]),
  }));
  expectNear({ latency: reply?.latency }, { latency: levels });
});

test('a service that sent nothing is not there', async () => {
  expect(await store.questions.service(range, 'nobody')).toBeUndefined();
});

const someText = spans.map(({ attributes }) => attributes['db.query.text']).find((text) => String(text).startsWith('get'));

const filterCases: readonly (readonly [string, SpanFilters])[] = [
  ['everything', {}],
  ['of a service', { service: 'payment' }],
  ['of a name on a host', { name: 'GET /cart', host: 'host-shared' }],
  ['failed', { service: 'orders', status: 'error' }],
  ['not failed', { service: 'orders', status: 'ok' }],
  ['between two durations', { minDurationMs: 1.5, maxDurationMs: 80 }],
  ['with two attributes', { attribute: ['user.id=u7', 'http.response.status_code=200'] }],
  ['with an attribute that no index has', { attribute: [`db.query.text=${someText}`] }],
  ['with one of each', { attribute: [`db.query.text=${someText}`, 'db.system.name=redis'] }],
  ['far from whose match its other spans lie', { attribute: ['batch.id=b1'] }],
  ['with a root that does not come alone', { attribute: ['batch.id=b2'] }],
  ['that nothing matches', { attribute: ['user.id=nobody'] }],
];

describe('traces', () => {
  const cases = filterCases.flatMap(([what, filters]) =>
    (['time', 'duration'] as const).map((sort) => [what, sort, filters] as const),
  );
  test.each(cases)('%s by %s, page by page', async (_, sort, filters) => {
    const expected = slowTraces(spans, range, filters, sort);
    const pages = [];
    let cursor: string | undefined;
    do {
      const reply = await store.questions.traces(range, filters, {
        sort,
        limit: 97,
        ...(cursor === undefined ? {} : { cursor }),
      });
      expectToFit(listTraces.reply, reply);
      pages.push(reply.items);
      cursor = reply.nextCursor;
    } while (cursor !== undefined);
    expect(pages.flat()).toEqual(expected);
    expect(pages.length).toBe(Math.max(1, Math.ceil(expected.length / 97)));
  });

  test('that ran a statement', async () => {
    const [row] = await store.engine.query<{ hash: string }>(
      `SELECT lower(hex(any(statement_hash))) AS hash FROM spans WHERE statement = 'GET'`,
      {},
      { timeMs: 10_000, memoryBytes: 1e9, rowsMax: 1e6 },
    );
    const filters = { statementHash: String(row?.hash).padStart(16, '0') };
    const reply = await store.questions.traces(range, filters, { sort: 'time', limit: 500 });
    const expected = distinct(
      inRange(spans, range)
        .filter((span) => span.statement === 'GET')
        .map((span) => span.traceId),
    );
    expect(expected.length).toBeGreaterThan(20);
    expect(distinct(reply.items.map((trace) => trace.traceId))).toEqual(expected);
  });
});

describe('one trace', () => {
  const largest = distinct(spans.map((span) => span.traceId))
    .map((traceId) => spans.filter((span) => span.traceId === traceId))
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 20);

  test.each(largest.map((own) => [own.length, own] as const))('of %i spans', async (_, own) => {
    const reply = await store.questions.trace((own[0] as SampleSpan).traceId);
    expectToFit(getTrace.reply, reply);
    const ordered = own.toSorted((a, b) => Number(a.startNs - b.startNs) || (a.spanId < b.spanId ? -1 : 1));
    const first = ordered[0] as SampleSpan;
    const tree = ordered.map((span) => ({
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      startNs: Number(span.startNs - first.startNs),
      durationNs: Number(span.durationNs),
    }));
    const critical = criticalTimes(buildTraceTree(tree));
    expect(
      reply?.spans.map(({ statement, resource, ...span }) => ({
        ...span,
        statement: statement?.text ?? null,
        service: reply.resources[resource]?.attributes['service.name'],
      })),
    ).toEqual(
      ordered.map((span, i) => ({
        spanId: span.spanId,
        parentSpanId: span.parentSpanId,
        service: span.service,
        name: span.name,
        kind: spanKinds[span.kind],
        startTimeUnixNano: String(span.startNs),
        durationNs: Number(span.durationNs),
        selfNs: self.get(span.spanId),
        criticalNs: critical[i],
        status: { code: span.failed ? 'error' : 'unset', message: '' },
        attributes: span.attributes,
        droppedAttributesCount: 0,
        events: [],
        droppedEventsCount: 0,
        links: [],
        droppedLinksCount: 0,
        traceState: '',
        flags: 0,
        scope: { name: 'sample', version: '', attributes: {}, schemaUrl: '' },
        host: span.host,
        instance: span.instance,
        statement: span.statement ?? null,
      })),
    );
    expect(reply?.startTimeUnixNano).toBe(String(first.startNs));
    expect(reply?.durationNs).toBe(slowTraces(own, { fromMs: 0, toMs: 4e12 }, {}, 'time')[0]?.durationNs);
  });

  test('that is not there', async () => {
    expect(await store.questions.trace('f'.repeat(32))).toBeUndefined();
  });
});

describe('latency', () => {
  const cases = [...filterCases, ['of a name of any kind', { name: 'work' }] as const];
  test.each(cases)('histogram: %s', async (_, filters) => {
    const reply = await store.questions.latencyHistogram(range, filters);
    expectToFit(getLatencyHistogram.reply, reply);
    expect(reply).toEqual(slowHistogram(slowLatencySpans(spans, range, filters), range));
  });

  test.each(cases)('heatmap: %s', async (_, filters) => {
    const reply = await store.questions.latencyHeatmap(range, filters);
    expectToFit(getLatencyHeatmap.reply, reply);
    const asked = slowLatencySpans(spans, range, filters);
    const indexes = asked.map((span) => bucketIndex(Number(span.durationNs), 2));
    const first = Math.min(...indexes);
    const count = asked.length === 0 ? 0 : Math.max(...indexes) - first + 1;
    expect(reply.timesMs.length).toBe(120);
    expect(reply.bucketsNs).toEqual(
      count === 0 ? [] : Array.from({ length: count + 1 }, (_unused, i) => (first + i === 0 ? 0 : bucketLowerNs(first + i, 2))),
    );
    expect(reply.counts).toEqual(
      byStep(asked, range, 120, (own) =>
        Array.from(
          { length: count },
          (_unused, i) => own.filter((span) => bucketIndex(Number(span.durationNs), 2) === first + i).length,
        ),
      ),
    );
    expect(reply.errors).toEqual(byStep(asked, range, 120, (own) => own.filter((span) => span.failed).length));
  });
});
