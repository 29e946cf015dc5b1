import type { DependencyEdge, DependencyNode, SideFigures } from '@sonde/api';
import type { TimeRange } from '@sonde/store';
import type { SampleSpan } from './sample-spans.ts';
import { distinct, durations, groups, inRange, isRequest, percentile, red, sum } from './slow-answers.ts';
import type { Call, Dependency, Judged, Settled } from './slow-settled.ts';

export interface MapAsked {
  readonly level: 'service' | 'endpoint';
  readonly environment?: string;
  readonly namespace?: string;
  readonly edgePercentiles?: boolean;
}

export interface SlowMap {
  readonly nodes: readonly DependencyNode[];
  readonly edges: readonly DependencyEdge[];
}

const encoded = (...parts: readonly string[]) => parts.map((part) => encodeURIComponent(part)).join('/');

export function endpointId(level: MapAsked['level'], { name, service }: SampleSpan): string {
  return level === 'service' ? `service:${encoded(service)}` : `endpoint:${encoded(service, name)}`;
}

function dependencyId({ address, kind, name, system }: Dependency): string {
  if (kind === 'database') return `database:${encoded(system, address, name)}`;
  return kind === 'queue' ? `queue:${encoded(system, name)}` : `remote:${encoded(address)}`;
}

/** The whole map, in no order. */
export function slowMap(settled: Settled, { edgePercentiles = false, level, ...place }: MapAsked, range: TimeRange): SlowMap {
  const isHere = (span: SampleSpan) => inRange([span], range).length > 0;
  const isIn = (span: SampleSpan | undefined, column: 'environment' | 'namespace') =>
    place[column] === undefined || span?.[column] === place[column];
  const columns = ['environment', 'namespace'] as const;
  const spans = settled.spans.filter(({ span }) => isHere(span) && columns.every((column) => isIn(span, column)));
  const calls = settled.calls.filter(
    ({ callee, caller, measured }) =>
      isHere(measured.span) && columns.every((column) => isIn(caller, column) || isIn(callee, column)),
  );

  const measured = calls.flatMap((call) => {
    const caller = call.caller && endpointId(level, call.caller);
    const callee = call.callee && endpointId(level, call.callee);
    const dependency = call.dependency && dependencyId(call.dependency);
    const [from, to] = !dependency ? [caller, callee] : callee ? [dependency, callee] : [caller, dependency];
    return from && to ? [{ from, to, call }] : [];
  });
  // A queue is published into by whom its messages are from, whatever their spans say.
  const published = calls.flatMap(({ callee, caller, dependency }) =>
    caller && callee && dependency?.kind === 'queue'
      ? [{ from: endpointId(level, caller), to: dependencyId(dependency), call: undefined }]
      : [],
  );
  const edges = groups([...measured, ...published], ({ from, to }) => `${from} ${to}`).map((own): DependencyEdge => {
    const [{ from, to }] = own as [(typeof own)[0]];
    const found = own.flatMap(({ call }) => (call ? [call] : []));
    const client = found.filter(({ side }) => side === 'client');
    const server = found.filter(({ side }) => side === 'server');
    const told = client.length > 0 ? client : server;
    const failed = told.filter((call) => call.measured.span.failed);
    const withCaller = failed.filter(({ caller }) => caller?.failed);
    const totalNs = sum(durations(told.map((call) => call.measured.span)));
    const share = failed.length === 0 ? null : withCaller.length / failed.length;
    return {
      from,
      to,
      client: sideFigures(client, edgePercentiles),
      server: sideFigures(server, edgePercentiles),
      criticalShare: totalNs === 0 ? 0 : Math.min(1, sum(told.map((call) => call.measured.waitedNs)) / totalNs),
      callerFailureShare: share,
      strength: share === null || failed.length < 5 ? null : share >= 0.5 ? 'strong' : 'weak',
      waitNs: sum(server.map(({ waitNs }) => waitNs)),
    };
  });

  const entered = spans.filter(({ isEntry }) => isEntry).length;
  const criticalNs = (some: readonly Judged[]) => sum(some.filter((one) => !one.asynchronous).map((one) => one.criticalNs));
  const allNs = criticalNs(spans);
  const counted = level === 'endpoint' ? spans.filter(({ span }) => isRequest(span)) : spans;
  const reporting = groups(counted, ({ span }) => endpointId(level, span));
  const ids = distinct([
    ...edges.flatMap(({ from, to }) => [from, to]),
    ...reporting
      .filter((own) => own.some(({ span }) => isRequest(span)))
      .map(([one]) => endpointId(level, (one as Judged).span)),
  ]);
  const nodes = ids.map((id) => {
    const reports = /^(service|endpoint):/.test(id);
    const own = reports
      ? counted.filter(({ span }) => endpointId(level, span) === id)
      : spans.filter(({ dependency }) => dependency && dependencyId(dependency) === id);
    const asked = own.map(({ span }) => span).filter((span) => (reports ? isRequest(span) : span.kind !== 5));
    const needed = own.filter(
      (one) => !one.asynchronous && (!reports ? one.firstOfDependency : level === 'endpoint' || one.firstInService),
    );
    const fanIn = edges.filter(({ to }) => to === id).length;
    const instances = reports ? distinct(own.map(({ span }) => span.instance)).filter(Boolean).length : null;
    const requestShare = entered === 0 ? 0 : Math.min(1, needed.length / entered);
    const criticalShare = allNs === 0 ? 0 : Math.min(1, criticalNs(own) / allNs);
    return {
      id,
      ...red(asked),
      instances,
      hosts: reports ? distinct(own.map(({ span }) => span.host)).filter(Boolean).length : null,
      requestShare,
      criticalShare,
      fanIn,
      criticality: criticalShare === 0 ? 0 : (requestShare * Math.max(1, fanIn)) / Math.max(1, instances ?? 1),
    } as DependencyNode;
  });
  return { nodes, edges };
}

function sideFigures(calls: readonly Call[], withPercentiles: boolean): SideFigures | null {
  if (calls.length === 0) return null;
  const spans = calls.map((call) => call.measured.span);
  const level = (p: number) => (withPercentiles ? percentile(durations(spans), p) : null);
  return {
    requests: spans.length,
    errors: spans.filter(({ failed }) => failed).length,
    totalNs: sum(durations(spans)),
    p50Ns: level(50),
    p95Ns: level(95),
    p99Ns: level(99),
    maxNs: Math.max(...durations(spans)),
  };
}

/** What is at most so many calls down or up from a node, and the edges between. */
export function slowFocus({ edges, nodes }: SlowMap, focus: string, depth: number): SlowMap {
  const reach = (start: 'from' | 'to', end: 'from' | 'to') => {
    let seen = new Set([focus]);
    for (let step = 0; step < depth; step++) {
      seen = new Set([...seen, ...edges.filter((edge) => seen.has(edge[start])).map((edge) => edge[end])]);
    }
    return seen;
  };
  const shown = new Set([...reach('from', 'to'), ...reach('to', 'from')]);
  return {
    nodes: nodes.filter(({ id }) => shown.has(id)),
    edges: edges.filter(({ from, to }) => shown.has(from) && shown.has(to)),
  };
}

/** Ids from which a way leads back. */
export function slowCyclic(edges: readonly { readonly from: string; readonly to: string }[]): Set<string> {
  const ids = distinct(edges.flatMap(({ from, to }) => [from, to]));
  return new Set(
    ids.filter((id) => {
      let seen = new Set(edges.filter(({ from }) => from === id).map(({ to }) => to));
      for (let size = -1; size !== seen.size;) {
        size = seen.size;
        seen = new Set([...seen, ...edges.filter(({ from }) => seen.has(from)).map(({ to }) => to)]);
      }
      return seen.has(id);
    }),
  );
}

/** Whether a request came back in one trace to where it had been, by way of another node of the cycle. */
export function slowLoop(trace: readonly SampleSpan[], level: MapAsked['level'], cycle: readonly string[]): boolean {
  const idOf = (span: SampleSpan) => (isRequest(span) ? endpointId(level, span) : '');
  const asked = cycle.filter((id) => /^(service|endpoint):/.test(id));
  return trace.some((span) => {
    const above: string[] = [];
    for (let at = parentOf(trace, span); at && above.length < 100; at = parentOf(trace, at)) above.push(idOf(at));
    const back = above.lastIndexOf(idOf(span));
    if (!asked.includes(idOf(span)) || back === -1) return false;
    return asked.length === 1 || above.slice(0, back).some((id) => id !== idOf(span) && asked.includes(id));
  });
}

function parentOf(trace: readonly SampleSpan[], { parentSpanId }: SampleSpan): SampleSpan | undefined {
  return trace.find(({ spanId }) => spanId === parentSpanId);
}
