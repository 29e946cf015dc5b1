import type { DependencyEdge, DependencyNode, TopItem } from '@sonde/api';

interface Around {
  readonly nodes: readonly DependencyNode[];
  readonly edges: readonly DependencyEdge[];
}

function nodeLabel({ kind, service, name, system, address, database, destination }: DependencyNode): string {
  if (kind === 'database') return [system, database || address].filter(Boolean).join(' ');
  if (kind === 'queue') return [system, destination].filter(Boolean).join(' ');
  return (kind === 'remote' ? address : (name ?? service)) ?? '';
}

export interface NeighbourRow {
  readonly node: DependencyNode;
  readonly label: string;
  readonly calls: number;
  readonly p95Ns: number | null;
}

/** Who calls a node, or whom it calls; the busiest first. */
export function neighbours({ nodes, edges }: Around, id: string, which: 'callers' | 'callees'): NeighbourRow[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const [near, far] = which === 'callers' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  return edges
    .filter((edge) => edge[near] === id && edge[far] !== id)
    .flatMap((edge) => {
      const node = byId.get(edge[far]);
      const side = edge.client ?? edge.server;
      return node ? [{ node, label: nodeLabel(node), calls: side?.requests ?? 0, p95Ns: side?.p95Ns ?? null }] : [];
    })
    .toSorted((a, b) => b.calls - a.calls || (a.label < b.label ? -1 : 1));
}

/** The id of the node of the map that an item of the ranking is; a statement, an API or a host is none. */
export function nodeIdOf({ kind, service = '', name = '', system = '', address = '', destination = '' }: TopItem['key']) {
  const id = (what: string, ...parts: readonly string[]) =>
    `${what}:${parts.map((part) => encodeURIComponent(part)).join('/')}`;
  if (kind === 'endpoint' || kind === 'api') return { level: 'endpoint' as const, id: id('endpoint', service, name) };
  if (kind === 'service') return { level: 'service' as const, id: id('service', service) };
  if (kind === 'queue') return { level: 'endpoint' as const, id: id('queue', system, destination) };
  return kind === 'remote' ? { level: 'endpoint' as const, id: id('remote', address) } : undefined;
}
