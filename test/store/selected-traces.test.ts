/** What the traces of a selection are asked for as wholes: where their errors began, and where their time went. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { baseNs, type SampleSpan, sampleSpans } from './sample-spans.ts';

const baseMs = Number(baseNs / 1_000_000n);
const range = { fromMs: baseMs - 3_600_000, toMs: baseMs + 7_200_000 };
const spans: readonly SampleSpan[] = sampleSpans(11, 200, 3600);

let store: Store;

beforeAll(async () => {
  store = await openStore();
  const request = traceRequest(spans);
  const exceptionOf = new Map(spans.filter(({ failed }) => failed).map((span) => [span.spanId, exception(span)]));
  for (const { scopeSpans } of request.resourceSpans) {
    for (const { spans: own } of scopeSpans) {
      for (const span of own) {
        const said = exceptionOf.get(span.spanId);
        if (said) Object.assign(span, { events: [said.event], status: { code: 2, message: said.status } });
      }
    }
  }
  await store.load('traces', request);
});
afterAll(() => store.close());

/** By turns: an exception, an exception without a message, and no exception. */
function exception(span: SampleSpan) {
  const number = Number.parseInt(span.spanId.slice(0, 4), 16);
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const message = `order ${number}.5 of ${span.traceId} in ${span.traceId.slice(0, 8)}-0000-4000-8000-${span.traceId.slice(0, 12)} is late`;
  const attributes = [
    attribute('exception.type', 'LateError'),
    ...(number % 3 === 0 ? [attribute('exception.message', message)] : []),
  ];
  return {
    status: number % 3 === 2 ? '' : `status ${number}`,
    event: { name: number % 3 === 2 ? 'retry' : 'exception', timeUnixNano: String(span.startNs), attributes },
  };
}

function saidOf(span: SampleSpan) {
  const number = Number.parseInt(span.spanId.slice(0, 4), 16);
  if (number % 3 === 0) return { type: 'LateError', message: 'order ? of ? in ? is late' };
  return number % 3 === 1 ? { type: 'LateError', message: 'status ?' } : { type: '', message: '' };
}

function tracesOf(isSelected: (span: SampleSpan) => boolean): Set<string> {
  return new Set(spans.filter(isSelected).map(({ traceId }) => traceId));
}

const slow = (span: SampleSpan) => span.durationNs >= 20_000_000n;
const box = { minDurationMs: 20 };

describe('errors originate', () => {
  test.each([
    ['in all traces', {}, {}, () => true],
    ['in those of a box', {}, box, slow],
    [
      'in those of filters and a box',
      { service: 'orders' },
      box,
      (span: SampleSpan) => slow(span) && span.service === 'orders',
    ],
  ] as const)('%s, in failed spans without a failed child', async (_, filters, selected, isSelected) => {
    const traces = tracesOf(isSelected);
    const failed = spans.filter((span) => span.failed && traces.has(span.traceId));
    const origins = failed.filter(
      (span) => !failed.some((other) => other.traceId === span.traceId && other.parentSpanId === span.spanId),
    );
    const expected = new Map<string, { spans: number; traces: Set<string> }>();
    for (const span of origins) {
      const key = JSON.stringify([span.service, span.name, saidOf(span).type, saidOf(span).message]);
      const group = expected.get(key) ?? { spans: 0, traces: new Set() };
      group.spans++;
      group.traces.add(span.traceId);
      expected.set(key, group);
    }
    expect(origins.length).toBeGreaterThan(5);
    expect(origins.length).toBeLessThan(failed.length);

    const reply = await store.questions.errorOrigins(range, filters, selected, 200);
    expect(reply).toMatchObject({
      examined: new Set(failed.map(({ traceId }) => traceId)).size,
      complete: true,
      spans: origins.length,
    });
    const found = reply.items.map(({ service, name, type, message, spans: count, traces: traceCount, exampleTraceId }) => {
      const key = JSON.stringify([service, name, type, message]);
      expect(expected.get(key)?.traces.has(exampleTraceId), key).toBe(true);
      return [key, count, traceCount];
    });
    const ordered = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted();
    expect(ordered(found)).toEqual(ordered([...expected].map(([key, group]) => [key, group.spans, group.traces.size])));
    const inOrder = reply.items.map((item) => item.traces);
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => b - a));
  });

  test('nowhere, where nothing is selected, and no more are told than are asked for', async () => {
    const none = await store.questions.errorOrigins(range, { service: 'nobody' }, {}, 10);
    expect(none).toMatchObject({ examined: 0, complete: true, spans: 0, items: [] });
    const all = await store.questions.errorOrigins(range, {}, {}, 200);
    const few = await store.questions.errorOrigins(range, {}, {}, 2);
    expect(few).toEqual({ ...all, items: all.items.slice(0, 2) });
  });
});

describe('the time of selected traces', () => {
  test('is that of every path of theirs, beside the other traces', async () => {
    const reply = await store.questions.traceFlames(range, {}, box, 1000);
    const own = tracesOf(slow);
    const all = tracesOf(() => true);
    expect(reply.selection).toEqual({ examined: own.size, complete: true });
    expect(reply.rest).toEqual({ examined: all.size - own.size, complete: true });

    const expected = new Map<string, { spans: number; totalNs: number }>();
    const byId = new Map(spans.map((span) => [`${span.traceId}${span.spanId}`, span]));
    for (const span of spans) {
      const path: string[] = [];
      for (let one: SampleSpan | undefined = span; one; one = byId.get(`${one.traceId}${one.parentSpanId}`)) {
        path.unshift(`${one.service} ${one.name}`);
      }
      const key = `${own.has(span.traceId) ? 'selection' : 'rest'} ${path.join(' > ')}`;
      const sum = expected.get(key) ?? { spans: 0, totalNs: 0 };
      expected.set(key, { spans: sum.spans + 1, totalNs: sum.totalNs + Number(span.durationNs) });
    }
    const pathOf = (index: number | null): string[] => {
      const frame = index === null ? undefined : reply.frames[index];
      return frame ? [...pathOf(frame.parent), `${frame.service} ${frame.name}`] : [];
    };
    const found = reply.frames.flatMap((frame, index) =>
      (['selection', 'rest'] as const).flatMap((side) =>
        frame[side].spans === 0 ? [] : [[`${side} ${pathOf(index).join(' > ')}`, frame[side]] as const],
      ),
    );
    expect(reply.leftOut).toBe(0);
    expect(found.map(([key]) => key).toSorted()).toEqual([...expected.keys()].toSorted());
    for (const [key, { spans: count, totalNs, selfNs }] of found) {
      expect(count, key).toBe(expected.get(key)?.spans);
      expect(totalNs, key).toBeCloseTo(expected.get(key)?.totalNs ?? 0, 0);
      expect(selfNs, key).toBeLessThanOrEqual(totalNs);
    }
  });

  test('of one trace is what its page says', async () => {
    const { traceId } = spans.find((span) => span.parentSpanId === '' && slow(span)) as SampleSpan;
    const reply = await store.questions.traceFlames(
      range,
      { search: { kind: 'compare', field: { scope: 'intrinsic', key: 'trace.id' }, operator: '=', value: traceId } },
      {},
      1000,
    );
    const trace = await store.questions.trace(traceId);
    const selfNs = (side: { readonly selfNs: number }[]) => side.reduce((sum, one) => sum + one.selfNs, 0);
    const ofFrames = selfNs(reply.frames.map((frame) => frame.selection));
    expect(Math.abs(ofFrames - selfNs(trace?.spans ?? []))).toBeLessThan(1000);
  });

  test('of few frames is that of the largest, and says how many it leaves out', async () => {
    const whole = await store.questions.traceFlames(range, {}, box, 1000);
    const few = await store.questions.traceFlames(range, {}, box, 5);
    expect(few.frames).toHaveLength(5);
    expect(few.leftOut).toBe(whole.frames.length - 5);
    few.frames.forEach(({ parent }, index) => expect(parent ?? -1).toBeLessThan(index));
  });
});
