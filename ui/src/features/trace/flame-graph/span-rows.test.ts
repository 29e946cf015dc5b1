import { expect, test } from 'vitest';
import { drawnTrace } from '../testing/drawn-trace.ts';
import { traceView } from '../trace-view.ts';
import { spanRows, type SpanTimes } from './span-rows.ts';

function timesOf(text: string): SpanTimes & { readonly names: readonly string[] } {
  const { nodes } = traceView(drawnTrace(text));
  return {
    names: nodes.map(({ span }) => span.name),
    parent: Int32Array.from(nodes, ({ parent }) => parent),
    startNs: Float64Array.from(nodes, ({ startNs }) => startNs),
    durationNs: Float64Array.from(nodes, ({ durationNs }) => durationNs),
  };
}

function rowsByName(text: string): Record<string, number> {
  const times = timesOf(text);
  const rows = spanRows(times);
  return Object.fromEntries(times.names.map((name, at) => [name, rows[at] ?? -1]));
}

test('spans one after the other share a row, those at the same time do not', () => {
  expect(
    rowsByName(`
      a  root    |====================|
        a  one    |====|
          a  in1   |==|
        a  two          |===========|
          a  in2         |====|
          a  in3           |=====|
          a  in4                |==|
    `),
  ).toEqual({ root: 0, one: 1, in1: 2, two: 1, in2: 2, in3: 3, in4: 2 });
});

test('a block goes below the whole block that still runs', () => {
  expect(
    rowsByName(`
      a  root    |==================|
        a  slow   |===============|
          a  deep           |====|
        a  next      |====|
          a  under    |==|
    `),
  ).toEqual({ root: 0, slow: 1, deep: 2, next: 3, under: 4 });
});

test('roots that overlap stand below one another, and a child that outlasts its parent keeps its room', () => {
  expect(
    rowsByName(`
      a  root     |====|
        a  late      |==========|
      b  other         |===|
    `),
  ).toEqual({ root: 0, late: 1, other: 2 });
});

test('whatever the trace: no two spans of a row overlap, and each stands below its parent', () => {
  // A seeded generator (Park and Miller), so that a failure can be repeated.
  let seed = 20_261_121;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 40; round++) {
    const count = 1 + random(60);
    const parent = Int32Array.from({ length: count }, (_, at) => (at === 0 ? -1 : random(8) === 0 ? -1 : random(at)));
    const startNs = Float64Array.from({ length: count }, () => random(1000));
    const durationNs = Float64Array.from({ length: count }, () => random(300));
    const rows = spanRows({ parent, startNs, durationNs });
    for (let a = 0; a < count; a++) {
      if ((parent[a] as number) >= 0) expect(rows[a]).toBeGreaterThan(rows[parent[a] as number] as number);
      for (let b = 0; b < a; b++) {
        if (rows[a] !== rows[b]) continue;
        const from = Math.max(startNs[a] as number, startNs[b] as number);
        const to = Math.min(
          (startNs[a] as number) + (durationNs[a] as number),
          (startNs[b] as number) + (durationNs[b] as number),
        );
        expect(to).toBeLessThanOrEqual(from);
      }
    }
  }
});

test('a hundred thousand spans at the same time are laid out one below the other', () => {
  const count = 100_000;
  const rows = spanRows({
    parent: new Int32Array(count).fill(0).fill(-1, 0, 1),
    startNs: Float64Array.from({ length: count }, (_, at) => at),
    durationNs: new Float64Array(count).fill(1e9),
  });
  expect(rows[count - 1]).toBe(count - 1);
});
