import type { DependencyEdge, DependencyNode, getDependencies, SideFigures } from '@sonde/api';
import { bucketIndex, groupBy, rollupBucketsPerOctave } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { dependencyCycles } from './dependency-cycles.ts';
import {
  dependencyRequestsQuery,
  needOf,
  needsQuery,
  noBucket,
  nodePlacesQuery,
  nodeRequestsQuery,
} from './dependency-figures.ts';
import { everything, near, type Shown, shownParams } from './dependency-focus.ts';
import { dependencyNode, endpointNode, type Level, type NodeNames, queueKind } from './dependency-node.ts';
import { usualPercentilesNs } from './histograms.ts';
import type { TimeRange } from './range.ts';
import { isBetweenPassed, isEdgeShown, type Scope, scopeTypes, shownTypes } from './dependency-scope.ts';
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
  /** Only what the requests of this API caused. */
  readonly apiService?: string | undefined;
  readonly apiName?: string | undefined;
  /** Also the percentiles of each edge: the histograms of both sides of all calls, half of a map's work. */
  readonly edgePercentiles?: boolean | undefined;
  /** What takes as long is counted as slow. */
  readonly slowMs?: number | undefined;
}

const keys =
  'from_service, from_name, to_service, to_name, dependency_kind, dependency_system, dependency_address, dependency_name, side';
const isIn = (['environment', 'namespace'] as const)
  .map(
    (column) => `({${column}:String} = '' OR caller_${column} = {${column}:String} OR callee_${column} = {${column}:String})`,
  )
  .join(' AND ');
const types = { ...rollupTypes, ...scopeTypes, environment: 'String', namespace: 'String' } as const;
const isCallerKnown = `(caller_service != '' OR caller_name != '')`;
const isCalleeKnown = `(callee_service != '' OR callee_name != '')`;
const text = (column: string, name: string) => `CAST(${column}, 'String') AS ${name}`;

/**
 * One row for each side of each edge. Names of endpoints are empty at the level of services. What comes out of a queue has one edge,
 * whoever put it in. An `outline` has no percentiles: it reads no histogram.
 */
export function dependenciesQuery(level: Level, scope: Scope = 'all', detail: 'outline' | 'figures' = 'figures') {
  const isOut = `dependency_kind != 0 AND ${isCalleeKnown}`;
  const name = (side: string) => (level === 'endpoint' ? `${side}_name` : `''`);
  const own = `if(${isOut}, '', caller_service) AS from_service, if(${isOut}, '', ${name('caller')}) AS from_name,
      callee_service AS to_service, ${name('callee')} AS to_name, dependency_kind, dependency_system, dependency_address, dependency_name, side`;
  return defineQuery({
    name: `dependencies of ${level}s, ${scope}, ${detail}`,
    isQuick: true,
    params: { ...types, ...shownTypes },
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
SELECT ${text('from_service', 'callerService')}, ${text('from_name', 'callerName')},
  ${text('to_service', 'calleeService')}, ${text('to_name', 'calleeName')},
  dependency_kind AS dependencyKind, ${text('dependency_system', 'system')}, ${text('dependency_address', 'address')},
  ${text('dependency_name', 'dependencyName')}, side,
  toFloat64(sum(calls)) AS requests, toFloat64(sum(errors)) AS failures, toFloat64(sum(caller_errors)) AS callerFailures,
  toFloat64(sum(total_ns)) AS totalNs, toFloat64(sum(critical_ns)) AS criticalNs, toFloat64(sum(wait_ns)) AS waitNs,
  toFloat64(max(max_ns)) AS maxNs, ${detail === 'outline' ? "CAST([], 'Array(Float64)')" : usualPercentilesNs('requests')} AS percentilesNs
FROM (
    ${fromRollup('edge', `${own}, calls, errors, caller_errors, total_ns, critical_ns, wait_ns, max_ns${detail === 'outline' ? '' : ', hist'}`, `${isIn} AND ${isEdgeShown(level)}${isBetweenPassed[scope]}`)}
)
GROUP BY ${keys}
ORDER BY requests DESC, ${keys}
LIMIT ${edgesMax + 1}`,
  });
}

/** Who is known to publish into a queue by what came out of it: a publisher's own span may not name the queue. */
export function publishersQuery(level: Level, scope: Scope = 'all') {
  const name = level === 'endpoint' ? 'caller_name' : `''`;
  return defineQuery({
    name: `publishers, ${level}s, ${scope}`,
    isQuick: true,
    params: types,
    row: { callerService: 'String', callerName: 'String', system: 'String', dependencyName: 'String' },
    sql: `
SELECT DISTINCT ${text('from_service', 'callerService')}, ${text('from_name', 'callerName')},
  ${text('dependency_system', 'system')}, ${text('dependency_name', 'dependencyName')}
FROM (
    ${fromRollup(
      'edge',
      `caller_service AS from_service, ${name} AS from_name, dependency_system, dependency_name`,
      `dependency_kind = ${queueKind} AND ${isCallerKnown} AND ${isCalleeKnown} AND ${isIn}${isBetweenPassed[scope]}`,
    )}
)
ORDER BY callerService, callerName, system, dependencyName
LIMIT ${edgesMax}`,
  });
}

const serverSide = 1;

function queriesOf(level: Level, scope: Scope) {
  return {
    edges: dependenciesQuery(level, scope),
    outline: dependenciesQuery(level, scope, 'outline'),
    publishers: publishersQuery(level, scope),
    requests: nodeRequestsQuery(level, scope),
    places: nodePlacesQuery(level, scope),
    needs: needsQuery(level, scope),
    dependencyRequests: dependencyRequestsQuery(scope),
  };
}

const queries = {
  all: { service: queriesOf('service', 'all'), endpoint: queriesOf('endpoint', 'all') },
  api: { service: queriesOf('service', 'api'), endpoint: queriesOf('endpoint', 'api') },
} as const;

export const allDependencyQueries = [queries.all, queries.api].flatMap(({ service, endpoint }) => {
  // That of dependencies is the same at both levels.
  const { dependencyRequests: _, ...own } = endpoint;
  return [...Object.values(service), ...Object.values(own)];
});

type EdgeRow = Awaited<
  ReturnType<typeof ask<typeof queries.all.service.edges.params, typeof queries.all.service.edges.row>>
>[number];

export async function dependencies(
  engine: Engine,
  range: TimeRange,
  options: DependencyOptions,
): Promise<Static<typeof getDependencies.reply>> {
  const { apiName = '', apiService = '', depth, edgePercentiles = false, focus, level, slowMs } = options;
  const { environment = '', namespace = '' } = options;
  const asked = rollupRange(range);
  const params = { ...asked.params, apiName, apiService, environment, namespace };
  const figureParams = {
    ...params,
    slowBucket: slowMs === undefined ? noBucket : bucketIndex(slowMs * 1e6, rollupBucketsPerOctave),
  };
  const asks = queries[apiService === '' && apiName === '' ? 'all' : 'api'][level];
  const figures = (shown: Shown) =>
    Promise.all([
      ask(engine, asks.requests, { ...figureParams, ...shown }),
      ask(engine, asks.places, { ...params, ...shown }),
      ask(engine, asks.needs, { ...params, ...shown }),
      ask(engine, asks.dependencyRequests, { ...figureParams, ...shown }),
    ]);
  // Near a node only what is shown is worth its figures, and the outline has to say first what that is.
  const [rows, publishers, figuresOfAll] = await Promise.all([
    ask(engine, edgePercentiles && focus === undefined ? asks.edges : asks.outline, { ...params, ...everything }),
    ask(engine, asks.publishers, params),
    focus === undefined ? figures(everything) : undefined,
  ]);
  const all = new Map<string, Edge>();
  const edgeBetween = (from: NodeNames, to: NodeNames): Edge => {
    const id = `${from.id} ${to.id}`;
    const edge = all.get(id) ?? { from, to, client: undefined, server: undefined };
    all.set(id, edge);
    return edge;
  };
  const addSides = (sides: readonly EdgeRow[]) => {
    for (const row of sides) {
      const [from, to] = endsOf(level, row);
      if (from && to) edgeBetween(from, to)[row.side === serverSide ? 'server' : 'client'] = row;
    }
  };
  addSides(rows.slice(0, edgesMax));
  for (const { callerName, callerService, ...queue } of publishers) {
    edgeBetween(
      endpointNode(level, callerService, callerName),
      dependencyNode({ ...queue, dependencyKind: queueKind, address: '' }),
    );
  }
  const callers = new Map([...groupBy([...all.values()], ({ to }) => to.id)].map(([id, own]) => [id, own.length]));

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
  let [requests, places, needed, dependencyRequests] = figuresOfAll ?? [[], [], [], []];
  if (shown) {
    // Of a focus without calls nothing but its id is known.
    const nearBy = nodes.has(focus ?? '') ? shownParams([...nodes.values()]) : everything;
    const [sides, known] = await Promise.all([
      edgePercentiles ? ask(engine, asks.edges, { ...params, ...nearBy }) : [],
      figures(nearBy),
    ]);
    [requests, places, needed, dependencyRequests] = known;
    addSides(sides.filter((row) => endsOf(level, row).every((node) => node && nodes.has(node.id))));
  }
  // Who calls nobody and is called by nobody from inside is on the map all the same.
  for (const row of requests) {
    const node = endpointNode(level, row.service, row.nodeName);
    if (row.requests > 0 && (!shown || shown.has(node.id))) nodes.set(node.id, node);
  }
  const [whole] = needed.filter((row) => row.of === needOf.whole);
  const nodeIdOf = (row: { readonly service: string; readonly nodeName: string }) =>
    endpointNode(level, row.service, row.nodeName).id;
  const needs = new Map<string, Need>();
  const add = (id: string, more: Partial<Need>) => needs.set(id, { ...(needs.get(id) ?? nothingNeeded), ...more });
  for (const row of needed) {
    if (row.of === needOf.node) add(nodeIdOf(row), row);
    if (row.of === needOf.dependency && row.dependencyKind !== 0) add(dependencyNode(row).id, row);
  }
  for (const row of [...requests, ...places]) add(nodeIdOf(row), row);
  for (const row of dependencyRequests) add(dependencyNode(row).id, row);
  const total = { apiRequests: whole?.apiRequests ?? 0, criticalNs: whole?.criticalNs ?? 0 };
  return {
    range: asked.range,
    nodes: [...nodes.values()]
      .map((node) => ({
        ...nodeOf(node, needs.get(node.id), callers.get(node.id) ?? 0, total),
        ...(slowMs !== undefined && { slow: needs.get(node.id)?.slow ?? 0 }),
      }))
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

/** Who calls whom, by a row; what comes out of a dependency has it as its caller. Without a caller or a callee it is no edge. */
function endsOf(level: Level, row: EdgeRow): [NodeNames | undefined, NodeNames | undefined] {
  const isKnown = (service: string, name: string) => service !== '' || name !== '';
  const caller = isKnown(row.callerService, row.callerName)
    ? endpointNode(level, row.callerService, row.callerName)
    : undefined;
  const callee = isKnown(row.calleeService, row.calleeName)
    ? endpointNode(level, row.calleeService, row.calleeName)
    : undefined;
  if (row.dependencyKind === 0) return [caller, callee];
  return callee ? [dependencyNode(row), callee] : [caller, dependencyNode(row)];
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

interface Need {
  readonly apiRequests: number;
  readonly criticalNs: number;
  readonly requests: number;
  readonly errors: number;
  readonly slow: number;
  readonly percentilesNs: readonly number[];
  /** Of what reports. */
  readonly instances?: number;
  readonly hosts?: number;
}

const nothingNeeded = { apiRequests: 0, criticalNs: 0, requests: 0, errors: 0, slow: 0, percentilesNs: [] } as const;

function nodeOf(
  node: NodeNames,
  need: Need | undefined,
  fanIn: number,
  total: { readonly apiRequests: number; readonly criticalNs: number },
): DependencyNode {
  const [p50Ns = null, p95Ns = null, p99Ns = null] = need?.percentilesNs ?? [];
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : Math.min(1, part / whole));
  const requestShare = ratio(need?.apiRequests ?? 0, total.apiRequests);
  const criticalShare = ratio(need?.criticalNs ?? 0, total.criticalNs);
  const reports = node.service !== undefined;
  const instances = reports ? (need?.instances ?? 0) : null;
  return {
    ...node,
    requests: need?.requests ?? 0,
    errors: need?.errors ?? 0,
    p50Ns,
    p95Ns,
    p99Ns,
    instances,
    hosts: reports ? (need?.hosts ?? 0) : null,
    requestShare,
    criticalShare,
    fanIn,
    // What nobody inside calls is called from outside.
    criticality: criticalShare === 0 ? 0 : (requestShare * Math.max(1, fanIn)) / Math.max(1, instances ?? 1),
  };
}
