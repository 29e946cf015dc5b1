/** The map against plain sums over what settling says of each span. */
import { getDependencies } from '@sonde/api';
import type { TimeRange } from '@sonde/store';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNear } from './near.ts';
import { baseNs, type SampleSpan, secondNs } from './sample-spans.ts';
import { groups, inRange, widened } from './slow-answers.ts';
import { type MapAsked, slowCyclic, slowFocus, slowLoop, type SlowMap, slowMap } from './slow-dependencies.ts';
import { openSystem, partOfDay, ranges, type System } from './system-store.ts';

const reply = Compile(getDependencies.reply);
const hourMs = 3_600_000;
let system: System;

const drawnNs = baseNs + 86_400n * secondNs;

/** `a>b>a`: one trace in which each calls the next. */
function traceOf(text: string, number: number): SampleSpan[] {
  const services = text.split('>');
  const traceId = `c${number}`.padEnd(32, '0');
  return services.flatMap((service, i) => {
    const own = { traceId, instance: '', host: '', version: '', failed: false, attributes: {}, durationNs: 1000n };
    const at = (id: number) => `${number}${id}`.padStart(16, '1');
    const startNs = drawnNs + BigInt(number);
    const server = {
      ...own,
      service,
      name: 'ask',
      kind: 2,
      spanId: at(2 * i),
      parentSpanId: i === 0 ? '' : at(2 * i - 1),
      startNs,
    };
    if (i === services.length - 1) return [server];
    return [server, { ...own, service, name: 'call', kind: 3, spanId: at(2 * i + 1), parentSpanId: at(2 * i), startNs }];
  });
}

const drawn = ['a>b', 'b>c', 'c>a', 'x>y>x', 'x>y', 'self>self', 'd>e>f'];

beforeAll(async () => {
  system = await openSystem(
    77,
    600,
    drawn.flatMap((text, i) => traceOf(text, i)),
  );
});
afterAll(() => system.store.close());

async function check(range: TimeRange, asked: MapAsked, near?: { readonly focus: string; readonly depth: number }) {
  const answer = await system.store.questions.dependencies(range, { depth: 2, ...asked, ...near });
  expect(reply.Errors(answer)).toEqual([]);
  expect(answer.range).toEqual(widened(range));
  expect(answer.isTruncated).toBe(false);
  const whole = slowMap(system.settled, asked, widened(range));
  const slow = near ? slowFocus(whole, near.focus, near.depth) : whole;
  // An id is made of what a node is called.
  const names = new Set(['kind', 'service', 'name', 'system', 'address', 'database', 'destination']);
  const nodes = answer.nodes.map((node) => Object.fromEntries(Object.entries(node).filter(([key]) => !names.has(key))));
  const byId = (list: readonly { readonly id?: unknown }[]) => list.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  expectNear(byId(nodes), byId([...slow.nodes]));
  const byEnds = (list: readonly SlowMap['edges'][number][]) =>
    list.toSorted((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1));
  expectNear(byEnds(answer.edges), byEnds(slow.edges));

  const criticality = answer.nodes.map((node) => node.criticality);
  expect(criticality).toEqual(criticality.toSorted((a, b) => b - a));
  const cyclic = slowCyclic(slow.edges);
  const ends = new Set(slow.edges.map(({ from, to }) => `${from} ${to}`));
  for (const { exampleTraceId, kind, nodes: cycle } of answer.cycles) {
    expect(cycle.every((id, i) => ends.has(`${id} ${cycle[(i + 1) % cycle.length]}`))).toBe(true);
    // Of the last hour of the range.
    const evidence = { fromMs: Math.max(answer.range.fromMs, answer.range.toMs - hourMs - 300_000), toMs: answer.range.toMs };
    const traces = groups(system.spans, ({ traceId }) => traceId);
    const loops = traces.filter((trace) => inRange(trace, evidence).length > 0 && slowLoop(trace, asked.level, cycle));
    if (kind === 'static') expect(exampleTraceId).toBeNull();
    else expect(loops.map(([span]) => span?.traceId)).toContain(exampleTraceId);
  }
  expect(answer.cycles.length > 0).toBe(cyclic.size > 0);
  for (const id of answer.cycles.flatMap((cycle) => cycle.nodes)) expect(cyclic).toContain(id);
  return answer;
}

describe.each(Object.entries({ ...ranges, partOfDay }))('over %s', (_, range) => {
  test.each(['service', 'endpoint'] as const)('of %ss', async (level) => {
    await check(range, { level });
    const { edges, nodes } = await check(range, { level, edgePercentiles: true });
    expect(new Set(nodes.map(({ kind }) => kind))).toEqual(new Set([level, 'database', 'queue', 'remote']));
    expect(edges.some(({ client, server }) => client && server)).toBe(true);
  });

  test('with depth from a node', async () => {
    for (const depth of [1, 2, 3]) {
      await check(range, { level: 'service' }, { focus: 'service:orders', depth });
      await check(range, { level: 'service', edgePercentiles: true }, { focus: 'service:orders', depth });
      await check(range, { level: 'endpoint', edgePercentiles: true }, { focus: 'queue:kafka/mails', depth });
    }
  });
});

test.each([{ environment: 'staging' }, { namespace: 'office' }, { environment: 'production', namespace: 'shop' }])(
  'in %o',
  async (place) => {
    await check(ranges.days, { level: 'service', ...place });
    await check(ranges.days, { level: 'endpoint', ...place });
  },
);

test('strong and weak dependencies', async () => {
  const { edges } = await check(ranges.days, { level: 'service' });
  const strengths = (pattern: RegExp) => edges.filter(({ to }) => pattern.test(to)).map(({ strength }) => strength);
  expect(strengths(/^service:orders/)).toContain('strong');
  expect(strengths(/^database:/)).toContain('weak');
});

test('a focus that is not there has nothing near it', async () => {
  const answer = await check(ranges.days, { level: 'service' }, { focus: 'service:nobody', depth: 3 });
  expect([answer.nodes, answer.edges, answer.cycles]).toEqual([[], [], []]);
});

test('a cycle is a loop where one trace goes round, static where only all together do', async () => {
  // By then the last message of the system has been read.
  const baseMs = Number(drawnNs / 1_000_000n);
  const range = { fromMs: baseMs, toMs: baseMs + 60_000 };
  const { cycles } = await system.store.questions.dependencies(range, { level: 'service', depth: 1 });
  const found = cycles.map(({ exampleTraceId, kind, nodes }) => [nodes.toSorted().join(), kind, exampleTraceId]);
  expect(found.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual([
    ['service:a,service:b,service:c', 'static', null],
    ['service:self', 'loop', 'c5'.padEnd(32, '0')],
    ['service:x,service:y', 'loop', 'c3'.padEnd(32, '0')],
  ]);
  const focused = await system.store.questions.dependencies(range, { level: 'endpoint', depth: 1, focus: 'endpoint:x/ask' });
  expect(focused.cycles).toEqual([
    {
      nodes: expect.arrayContaining(['endpoint:x/ask', 'endpoint:y/ask']),
      kind: 'loop',
      exampleTraceId: 'c3'.padEnd(32, '0'),
    },
  ]);
});
