import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  createEdgeRollup,
  createPathRollup,
  dependencyKindNumber,
  edgeSideNumber,
  type SpanBatch,
  settleSpans,
  spanKinds,
} from '../index.ts';
import { batchOf, type BatchSpan, type NamedBatch } from '../testing/batch-from-text.ts';
import { slowSettle } from '../testing/slow-settle.ts';

const ms = fc.nat(24).map((n) => n * 1e6);

/** Any few small traces: ids twice, parents anywhere (none, unknown, itself, a later one), links anywhere, clocks wrong. */
const anySpan = fc.record({
  id: fc.option(fc.integer({ min: 1, max: 8 }), { freq: 6 }),
  parentSpanId: fc.integer({ min: 0, max: 9 }),
  kind: fc.constantFrom(...spanKinds.slice(1), 'consumer' as const, 'client' as const),
  service: fc.constantFrom('a', 'b', 'c'),
  name: fc.constantFrom('x', 'y'),
  host: fc.constantFrom('', 'h', 'i'),
  startNs: ms,
  durationNs: ms,
  error: fc.boolean(),
  called: fc.constantFrom(undefined, ['database', 'd'] as const, ['remote', 'r'] as const, ['queue', 'q'] as const),
  links: fc.array(fc.record({ trace: fc.nat(3), spanId: fc.integer({ min: 1, max: 8 }) }), { maxLength: 2 }),
  window: fc.nat(2),
});
type AnySpan = typeof anySpan extends fc.Arbitrary<infer Span> ? Span : never;

const anyTraces = fc.array(fc.array(anySpan, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 });

const spanOf = (any: AnySpan, place: number): BatchSpan => ({
  spanId: any.id ?? place + 1,
  parentSpanId: any.parentSpanId,
  kind: any.kind,
  service: any.service,
  name: any.name,
  host: any.host,
  startNs: any.startNs,
  durationNs: any.durationNs,
  error: any.error,
  inWindow: true,
  ...(any.called && { dependencyKind: any.called[0], dependency: any.called[1] }),
  links: any.links,
});
const tracesOf = (any: readonly (readonly AnySpan[])[]) => any.map((trace) => trace.map(spanOf));

/** Rows of a rollup by the text of their key, as the slow model writes them. */
function paths(named: readonly NamedBatch[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { batch, textOf } of named) {
    const rollup = createPathRollup();
    rollup.add(batch, settleSpans(batch));
    const rows = rollup.rows();
    for (let i = 0; i < rollup.size; i++) {
      const text = (key: 'api' | 'name' | 'host') => textOf(rows[key][i] as number);
      const kinds = [rows.apiKind[i], rows.kind[i]].map((kind) => spanKinds[kind as number]);
      const dependency = dependencyText(rows.dependencyKind[i] as number, textOf(rows.dependency[i] as number));
      const key = [
        text('api'),
        kinds[0],
        rows.asynchronous[i],
        rows.isEntry[i],
        text('name'),
        kinds[1],
        text('host'),
        dependency,
        rows.bucket[i],
      ];
      const sums = [rows.calls, rows.errors, rows.inclusiveNs, rows.selfNs, rows.criticalNs, rows.messages, rows.waitNs];
      const requests = [rows.requestsByService, rows.requestsByHost, rows.requestsByDependency, rows.maxNs];
      merge(
        found,
        key.join('|'),
        [...sums, ...requests].map((sum) => sum[i] as number),
      );
    }
  }
  return found;
}

function edges(named: readonly NamedBatch[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { batch, textOf } of named) {
    const rollup = createEdgeRollup();
    rollup.add(batch, settleSpans(batch));
    const rows = rollup.rows();
    for (let i = 0; i < rollup.size; i++) {
      const side = rows.side[i] === edgeSideNumber.client ? 'client' : 'server';
      const dependency = dependencyText(rows.dependencyKind[i] as number, textOf(rows.dependency[i] as number));
      const key = [textOf(rows.caller[i] as number), textOf(rows.callee[i] as number), dependency, side, rows.bucket[i]];
      const sums = [rows.calls, rows.errors, rows.callerErrors, rows.totalNs, rows.criticalNs, rows.waitNs, rows.maxNs];
      merge(
        found,
        key.join('|'),
        sums.map((sum) => sum[i] as number),
      );
    }
  }
  return found;
}

function dependencyText(kind: number, text: string): string {
  const name = Object.entries(dependencyKindNumber).find(([, number]) => number === kind)?.[0];
  return name === 'none' ? '' : `${name} ${text}`;
}

function merge(into: Map<string, number[]>, key: string, values: readonly number[]): void {
  into.set(
    key,
    values.map((value, i) => {
      const before = into.get(key)?.[i] ?? 0;
      // The last figure is a maximum.
      return i === values.length - 1 ? Math.max(value, before) : value + before;
    }),
  );
}

const runs = { numRuns: 300 };
vi.setConfig({ testTimeout: 60_000 });

test('settling is what the slow reading of the definitions gives', () => {
  fc.assert(
    fc.property(anyTraces, (any) => {
      const named = batchOf(tracesOf(any));
      const slow = slowSettle(tracesOf(any));
      const { parent, entry, asynchronous, selfNs, criticalNs } = settleSpans(named.batch);
      const fast = named.spans.map((_, row) => ({
        entry: entry[row],
        asynchronous: asynchronous[row] === 1,
        selfNs: selfNs[row],
        criticalNs: criticalNs[row],
        parent: parent[row],
      }));
      expect(fast).toEqual(slow.spans);
      expect(paths([named])).toEqual(slow.paths);
      expect(edges([named])).toEqual(slow.edges);
    }),
    runs,
  );
});

/** Those traces that hold a span of the window, with the traces that their messages came from, and so on: what a settler is to read. */
function windowOf(any: readonly (readonly AnySpan[])[], window: number): NamedBatch {
  const wanted = new Set(any.flatMap((trace, at) => (trace.some((span) => span.window === window) ? at : [])));
  // A set that grows while it is walked is walked to its new end.
  for (const at of wanted) {
    for (const { trace } of any[at]?.flatMap(({ links }) => links) ?? []) if (trace < any.length) wanted.add(trace);
  }
  const kept = [...wanted].toSorted((a, b) => a - b);
  const elsewhere = any.length;
  return batchOf(
    kept.map((at) =>
      (any[at] as readonly AnySpan[]).map((span, place) => ({
        ...spanOf(span, place),
        inWindow: span.window === window,
        links: span.links.map(({ trace, spanId }) => ({
          spanId,
          trace: kept.includes(trace) ? kept.indexOf(trace) : elsewhere,
        })),
      })),
    ),
  );
}

test('however the spans of traces are spread over windows, the windows add up to the whole', () => {
  fc.assert(
    fc.property(anyTraces, (any) => {
      const windows = [0, 1, 2].map((window) => windowOf(any, window));
      expect(paths(windows)).toEqual(paths([batchOf(tracesOf(any))]));
      expect(edges(windows)).toEqual(edges([batchOf(tracesOf(any))]));
    }),
    runs,
  );
});

const total = (values: Float64Array | readonly number[]) => (values as number[]).reduce((a, b) => a + b, 0);

test('each span of the window is counted once, its time as it was, and no figure is below 0 or above the duration', () => {
  fc.assert(
    fc.property(anyTraces, (any) => {
      const { batch, spans } = windowOf(any, 0);
      const settled = settleSpans(batch);
      const rollup = createPathRollup();
      rollup.add(batch, settled);
      const rows = rollup.rows();
      const own = spans.filter(({ inWindow }) => inWindow);
      expect(total(rows.calls)).toBe(own.length);
      expect(total(rows.errors)).toBe(own.filter(({ error }) => error).length);
      expect(total(rows.inclusiveNs)).toBe(total(own.map(({ durationNs }) => durationNs)));
      for (const [row, { durationNs }] of spans.entries()) {
        for (const ns of [settled.selfNs[row], settled.criticalNs[row], settled.criticalInclusiveNs[row]] as number[]) {
          expect(ns).toBeGreaterThanOrEqual(0);
          expect(ns).toBeLessThanOrEqual(durationNs);
        }
        expect(settled.criticalNs[row]).toBeLessThanOrEqual(settled.criticalInclusiveNs[row] as number);
      }
    }),
    runs,
  );
});

/** A synchronous trace: every child within its parent, siblings one after another or at once; one machine's clock, or each its own. */
const synchronous = fc.record({
  places: fc.array(fc.tuple(fc.nat(), fc.nat(100), fc.nat(100)), { maxLength: 30 }),
  clocksNs: fc.array(fc.integer({ min: -1e15, max: 1e15 }), { minLength: 4, maxLength: 4 }),
});

function synchronousTrace(places: readonly (readonly [number, number, number])[]): BatchSpan[] {
  const spans: BatchSpan[] = [];
  const base = { name: 'x', error: false, inWindow: true, links: [] };
  const server = (spanId: number, parentSpanId: number, startNs: number, durationNs: number): BatchSpan => {
    const service = `s${spanId % 4}`;
    return { ...base, spanId, parentSpanId, kind: 'server', service, host: service, startNs, durationNs };
  };
  spans.push(server(1, 0, 0, 4e12));
  for (const [pick, a, b] of places) {
    const parent = spans.filter(({ kind }) => kind === 'server')[
      pick % spans.filter(({ kind }) => kind === 'server').length
    ] as BatchSpan;
    const [from, to] = [Math.min(a, b), Math.max(a, b)].map(
      (share) => parent.startNs + Math.floor((parent.durationNs * share) / 100),
    );
    const call = { ...parent, kind: 'client' as const, spanId: spans.length + 1, parentSpanId: parent.spanId };
    spans.push({ ...call, startNs: from as number, durationNs: (to as number) - (from as number) });
    // In the very middle of its call, so that a wrong clock can be set right to the ns.
    const quarter = Math.floor(((to as number) - (from as number)) / 4);
    spans.push(
      server(spans.length + 1, call.spanId, (from as number) + quarter, (to as number) - (from as number) - 2 * quarter),
    );
  }
  return spans;
}

test('the critical path of a synchronous trace adds up to the duration of its root, whatever its clocks say', () => {
  fc.assert(
    fc.property(synchronous, ({ places, clocksNs }) => {
      const spans = synchronousTrace(places);
      const skewed = spans.map((span) => ({
        ...span,
        startNs: span.startNs + (clocksNs[Number(span.service.slice(1))] as number),
      }));
      for (const trace of [spans, skewed]) {
        const settled = settleSpans(batchOf([trace]).batch);
        expect(total(settled.criticalNs)).toBe(4e12);
        expect(total(settled.selfNs)).toBeGreaterThanOrEqual(4e12);
      }
    }),
  );
});

test('the paths of any traces add up to the durations of their heads, less what nested entries tell themselves', () => {
  fc.assert(
    fc.property(anyTraces, (any) => {
      const { batch, spans } = batchOf(tracesOf(any));
      const { criticalNs, entry, publisher, parent } = settleSpans(batch);
      const heads = spans.flatMap((_, row) => (entry[row] === row || publisher[row] !== -1 ? row : []));
      const durations = total(heads.map((row) => batch.durationNs[row] as number));
      const isNested = heads.some((row) => parent[row] !== -1 && publisher[row] !== parent[row]);
      if (isNested) expect(total(criticalNs)).toBeLessThanOrEqual(durations);
      else expect(total(criticalNs)).toBe(durations);
    }),
    runs,
  );
});

/** The same batch, seen once more. */
function frozen(batch: SpanBatch): string {
  return JSON.stringify(
    Object.values(batch).map((column) => (typeof column === 'number' ? column : Array.from(column as Uint32Array))),
  );
}

test('a batch is only read, and gives the same when settled again', () => {
  fc.assert(
    fc.property(anyTraces, (any) => {
      const named = batchOf(tracesOf(any));
      const before = frozen(named.batch);
      const first = paths([named]);
      expect(frozen(named.batch)).toBe(before);
      expect(paths([named])).toEqual(first);
    }),
  );
});
