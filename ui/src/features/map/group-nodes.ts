import { byId, type MapEdge, type MapGraph, type MapNode, renameEnds } from './map-graph.ts';
import { nodeTitle } from './node-names.ts';

/** More than so many nodes are grouped: nobody reads them, and no layout untangles them. */
export const ungroupedMax = 300;
const groupsMax = 80;

export interface Grouped {
  readonly graph: MapGraph;
  /** How many nodes there were, where some of them are groups now. */
  readonly nodesBefore?: number;
}

/**
 * Groups by the longest beginning of the names that leaves few enough: services by `shop-orders`, then `shop`; endpoints by their service; at
 * last by kind alone. What shares its beginning with nothing stays itself, and so does what must be `kept` (the selected node, the focus).
 */
export function groupNodes(graph: MapGraph, kept: ReadonlySet<string> = new Set()): Grouped {
  if (graph.nodes.length <= ungroupedMax) return { graph };
  for (const partsCount of [3, 2, 1, 0]) {
    const grouped = groupBy(graph, kept, (node) => groupName(node, partsCount));
    if (grouped.nodes.length <= groupsMax || partsCount === 0) return { graph: grouped, nodesBefore: graph.nodes.length };
  }
  return { graph };
}

/** Of the first parts of what it is called. */
function groupName(node: MapNode, partsCount: number): string {
  const name =
    node.kind === 'endpoint'
      ? (node.service ?? '')
      : node.kind === 'service'
        ? nodeTitle(node)
        : (node.system ?? nodeTitle(node));
  return name
    .split(/[-_.:/]/)
    .slice(0, partsCount)
    .join('-');
}

function groupBy({ edges, nodes }: MapGraph, kept: ReadonlySet<string>, nameOf: (node: MapNode) => string): MapGraph {
  const members = new Map<string, MapNode[]>();
  for (const node of nodes) {
    const id = kept.has(node.id) ? node.id : groupId(node.kind, nameOf(node));
    const list = members.get(id);
    if (list === undefined) members.set(id, [node]);
    else list.push(node);
  }
  const groupOf = new Map<string, string>();
  const shown = [...members].map(([id, list]): MapNode => {
    const [first] = list as [MapNode];
    if (list.length === 1) return first;
    for (const member of list) groupOf.set(member.id, id);
    return asGroup(id, nameOf(first), list);
  });
  const merged: MapEdge[] = renameEnds(edges, (id) => groupOf.get(id) ?? id);
  return { nodes: shown.toSorted(byId), edges: merged.toSorted(byId) };
}

function groupId(kind: string, name: string): string {
  return `group:${kind}/${encodeURIComponent(name)}`;
}

function asGroup(id: string, name: string, list: readonly MapNode[]): MapNode {
  const sum = (of: (node: MapNode) => number | null | undefined) => list.reduce((total, one) => total + (of(one) ?? 0), 0);
  const most = (of: (node: MapNode) => number) => Math.max(...list.map(of));
  const kind = list[0]?.kind ?? 'service';
  return {
    id,
    kind: 'group',
    name: name === '' ? kind : `${name}*`,
    members: list.map((node) => node.id),
    requests: sum(({ requests }) => requests),
    errors: sum(({ errors }) => errors),
    slow: sum(({ slow }) => slow),
    p50Ns: null,
    p95Ns: null,
    p99Ns: null,
    instances: kind === 'service' || kind === 'endpoint' ? sum(({ instances }) => instances) : null,
    hosts: null,
    requestShare: most(({ requestShare }) => requestShare),
    criticalShare: Math.min(
      1,
      sum(({ criticalShare }) => criticalShare),
    ),
    fanIn: most(({ fanIn }) => fanIn),
    criticality: most(({ criticality }) => criticality),
  };
}
