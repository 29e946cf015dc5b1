import type { DependencyEdge, DependencyNode, getDependencies, SideFigures } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { dependencyCycles } from './dependency-cycles.ts';
import {
  dependencyNeedsQuery,
  nodeNeedsQuery,
  nodeRequestsQuery,
  serviceInstancesQuery,
  wholeQuery,
} from './dependency-figures.ts';
import { near } from './dependency-focus.ts';
import { dependencyNode, endpointNode, type Level, type NodeNames, queueKind } from './dependency-node.ts';
import { usualPercentilesNs } from './histograms.ts';
import type { TimeRange } from './range.ts';
import { fromRollup, rollupRange, rollupTypes } from './rollup-range.ts';

const edgesMax = 20_000;
/** Fewer failures say nothing about who fails with whom. */
const failuresMin = 5;

export interface DependencyOptions {
  readonly level: Level;
  /** Id of a node. */
  readonly focus?: string | undefined;
  readonly depth: number;
  readonly environment?: string | undefined;
  readonly namespace?: string | undefined;
}

const keys =
  'caller_service, caller_name, callee_service, callee_name, dependency_kind, dependency_system, dependency_address, dependency_name, side';
const isIn = (['environment', 'namespace'] as const)
  .map(
    (column) => `({${column}:String} = '' OR caller_${column} = {${column}:String} OR callee_${column} = {${column}:String})`,
  )
  .join(' AND ');

/** One row for each side of each edge. Names of endpoints are empty at the level of services. */
export function dependenciesQuery(level: Level) {
  const own =
    level === 'endpoint' ? keys : keys.replace('caller_name', `'' AS caller_name`).replace('callee_name', `'' AS callee_name`);
  const text = (column: string, name: string) => `CAST(${column}, 'String') AS ${name}`;
  return defineQuery({
    name: `dependencies of ${level}s`,
    isQuick: true,
    params: { ...rollupTypes, environment: 'String', namespace: 'String' },
    row: {
      callerService: 'String',
      callerName: 'String',
      calleeService: 'String',
      calleeName: 'String',
      dependencyKind: 'UInt8',
      system: 'String',
      address: 'String',
      dependencyName: 'String',
      side: 'UInt8',
      requests: 'Float64',
      failures: 'Float64',
      callerFailures: 'Float64',
      totalNs: 'Float64',
      criticalNs: 'Float64',
      waitNs: 'Float64',
      maxNs: 'Float64',
      percentilesNs: 'Array(Float64)',
    },
    sql: `
SELECT ${text('caller_service', 'callerService')}, ${text('caller_name', 'callerName')},
  ${text('callee_service', 'calleeService')}, ${text('callee_name', 'calleeName')},
  dependency_kind AS dependencyKind, ${text('dependency_system', 'system')}, ${text('dependency_address', 'address')},
  ${text('dependency_name', 'dependencyName')}, side,
  toFloat64(sum(calls)) AS requests, toFloat64(sum(errors)) AS failures, toFloat64(sum(caller_errors)) AS callerFailures,
  toFloat64(sum(total_ns)) AS totalNs, toFloat64(sum(critical_ns)) AS criticalNs, toFloat64(sum(wait_ns)) AS waitNs,
  toFloat64(max(max_ns)) AS maxNs, ${usualPercentilesNs('requests')} AS percentilesNs
FROM (
    ${fromRollup('edge', `${own}, calls, errors, caller_errors, total_ns, critical_ns, wait_ns, max_ns, hist`, isIn)}
)
GROUP BY ${keys}
ORDER BY requests DESC, ${keys}
LIMIT ${edgesMax + 1}`,
  });
}

const serverSide = 1;

const queries = {
  service: { edges: dependenciesQuery('service'), requests: nodeRequestsQuery('service'), needs: nodeNeedsQuery('service') },
  endpoint: {
    edges: dependenciesQuery('endpoint'),
    requests: nodeRequestsQuery('endpoint'),
    needs: nodeNeedsQuery('endpoint'),
  },
} as const;

export const allDependencyQueries = [
  ...Object.values(queries).flatMap(({ edges, needs, requests }) => [edges, needs, requests]),
  serviceInstancesQuery,
  dependencyNeedsQuery,
  wholeQuery,
];

type EdgeRow = Awaited<ReturnType<typeof ask<typeof queries.service.edges.params, typeof queries.service.edges.row>>>[number];

export async function dependencies(
  engine: Engine,
  range: TimeRange,
  options: DependencyOptions,
): Promise<Static<typeof getDependencies.reply>> {
  const { depth, environment = '', focus, level, namespace = '' } = options;
  const asked = rollupRange(range);
  const params = { ...asked.params, environment, namespace };
  const [rows, requests, needs, instances, ofDependencies, [whole]] = await Promise.all([
    ask(engine, queries[level].edges, params),
    ask(engine, queries[level].requests, params),
    ask(engine, queries[level].needs, params),
    ask(engine, serviceInstancesQuery, params),
    ask(engine, dependencyNeedsQuery, params),
    ask(engine, wholeQuery, params),
  ]);
  const all = new Map<string, Edge>();
  for (const row of rows.slice(0, edgesMax)) for (const part of partsOf(level, row)) addTo(all, part);

  const shown =
    focus === undefined
      ? undefined
      : near(
          [...all.values()].map(({ from, to }) => ({ from: from.id, to: to.id })),
          focus,
          depth,
        );
  const edges = [...all.values()].filter(({ from, to }) => !shown || (shown.has(from.id) && shown.has(to.id)));
  const nodes = new Map(edges.flatMap(({ from, to }) => [from, to]).map((node) => [node.id, node]));
  // Who calls nobody and is called by nobody from inside is on the map all the same.
  for (const row of requests) {
    const node = endpointNode(level, row.service, row.nodeName);
    if (row.requests > 0 && (!shown || shown.has(node.id))) nodes.set(node.id, node);
  }
  const idOf = (row: { readonly service: string; readonly nodeName: string }) =>
    endpointNode(level, row.service, row.nodeName).id;
  const known: Known = {
    requests: new Map(requests.map((row) => [idOf(row), row])),
    needs: new Map<string, { readonly apiRequests: number; readonly criticalNs: number }>([
      ...needs.map((row) => [idOf(row), row] as const),
      ...ofDependencies.map((row) => [dependencyNode(row).id, row] as const),
    ]),
    instances: new Map(instances.map((row) => [row.service, row])),
  };
  const total = { apiRequests: whole?.apiRequests ?? 0, criticalNs: whole?.criticalNs ?? 0 };
  return {
    range: asked.range,
    nodes: [...nodes.values()]
      .map((node) => nodeOf(node, known, edges, total))
      .toSorted((a, b) => b.criticality - a.criticality || b.requests - a.requests || (a.id < b.id ? -1 : 1)),
    edges: edges.map(edgeOf).toSorted((a, b) => busyness(b) - busyness(a)),
    cycles: await dependencyCycles(
      engine,
      asked.range,
      nodes,
      edges.map(({ from, to }) => ({ from: from.id, to: to.id })),
    ),
    isTruncated: rows.length > edgesMax,
  };
}

const busyness = ({ client, server }: DependencyEdge) => Math.max(client?.requests ?? 0, server?.requests ?? 0);

interface Edge {
  readonly from: NodeNames;
  readonly to: NodeNames;
  client: EdgeRow | undefined;
  server: EdgeRow | undefined;
}

/** What a row says: a call has one edge, a message one into its queue and one out of it. */
function partsOf(level: Level, row: EdgeRow): Edge[] {
  const caller =
    row.callerService === '' && row.callerName === '' ? undefined : endpointNode(level, row.callerService, row.callerName);
  const callee =
    row.calleeService === '' && row.calleeName === '' ? undefined : endpointNode(level, row.calleeService, row.calleeName);
  const side = row.side === serverSide ? { client: undefined, server: row } : { client: row, server: undefined };
  if (row.dependencyKind === 0) return caller && callee ? [{ from: caller, to: callee, ...side }] : [];
  const dependency = dependencyNode(row);
  if (!callee) return caller ? [{ from: caller, to: dependency, ...side }] : [];
  const out = { from: dependency, to: callee, ...side };
  // Who publishes may not have named the queue in a span of its own.
  return caller && row.dependencyKind === queueKind
    ? [{ from: caller, to: dependency, client: undefined, server: undefined }, out]
    : [out];
}

/** Several rows are one edge where messages of several publishers come out of one queue. */
function addTo(edges: Map<string, Edge>, part: Edge): void {
  const id = `${part.from.id} ${part.to.id}`;
  const known = edges.get(id);
  if (known === undefined) {
    edges.set(id, { ...part });
    return;
  }
  known.client = merged(known.client, part.client);
  known.server = merged(known.server, part.server);
}

/** Percentiles of two rows cannot be merged: those of the busier are shown. */
function merged(one: EdgeRow | undefined, other: EdgeRow | undefined): EdgeRow | undefined {
  if (!one || !other) return one ?? other;
  const { percentilesNs } = one.requests >= other.requests ? one : other;
  const sums = (['requests', 'failures', 'callerFailures', 'totalNs', 'criticalNs', 'waitNs'] as const).map(
    (name) => [name, one[name] + other[name]] as const,
  );
  return { ...one, ...Object.fromEntries(sums), maxNs: Math.max(one.maxNs, other.maxNs), percentilesNs };
}

function sideFigures(row: EdgeRow | undefined): SideFigures | null {
  if (!row) return null;
  const [p50Ns = null, p95Ns = null, p99Ns = null] = row.percentilesNs;
  return { requests: row.requests, errors: row.failures, totalNs: row.totalNs, p50Ns, p95Ns, p99Ns, maxNs: row.maxNs };
}

function edgeOf({ client, from, server, to }: Edge): DependencyEdge {
  // The caller knows best whether it failed with the call; a message's publisher did not wait.
  const told = client ?? server;
  const failures = told?.failures ?? 0;
  const callerFailureShare = told && failures > 0 ? told.callerFailures / failures : null;
  return {
    from: from.id,
    to: to.id,
    client: sideFigures(client),
    server: sideFigures(server),
    criticalShare: told && told.totalNs > 0 ? Math.min(1, told.criticalNs / told.totalNs) : 0,
    callerFailureShare,
    strength: callerFailureShare === null || failures < failuresMin ? null : callerFailureShare >= 0.5 ? 'strong' : 'weak',
    waitNs: server?.waitNs ?? 0,
  };
}

interface Known {
  readonly requests: ReadonlyMap<
    string,
    { readonly requests: number; readonly failures: number; readonly percentilesNs: readonly number[] }
  >;
  readonly needs: ReadonlyMap<string, { readonly apiRequests: number; readonly criticalNs: number }>;
  /** By service. */
  readonly instances: ReadonlyMap<string, { readonly instances: number; readonly hosts: number }>;
}

function nodeOf(
  node: NodeNames,
  known: Known,
  edges: readonly Edge[],
  total: { readonly apiRequests: number; readonly criticalNs: number },
): DependencyNode {
  const incoming = edges.filter(({ to }) => to.id === node.id);
  const reports = node.service !== undefined;
  const asCallersSaw = incoming.reduce<EdgeRow | undefined>(
    (sum, { client, server }) => merged(sum, client ?? server),
    undefined,
  );
  const figures = reports ? known.requests.get(node.id) : asCallersSaw;
  const need = known.needs.get(node.id);
  const running = known.instances.get(node.service ?? '');
  const [p50Ns = null, p95Ns = null, p99Ns = null] = figures?.percentilesNs ?? [];
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : Math.min(1, part / whole));
  const requestShare = ratio(need?.apiRequests ?? 0, total.apiRequests);
  const criticalShare = ratio(need?.criticalNs ?? 0, total.criticalNs);
  const fanIn = new Set(incoming.map(({ from }) => from.id)).size;
  const instances = reports ? (running?.instances ?? 0) : null;
  return {
    ...node,
    requests: figures?.requests ?? 0,
    errors: figures?.failures ?? 0,
    p50Ns,
    p95Ns,
    p99Ns,
    instances,
    hosts: reports ? (running?.hosts ?? 0) : null,
    requestShare,
    criticalShare,
    fanIn,
    // What nobody inside calls is called from outside.
    criticality: criticalShare === 0 ? 0 : (requestShare * Math.max(1, fanIn)) / Math.max(1, instances ?? 1),
  };
}
