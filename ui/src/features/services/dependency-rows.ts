import type { DependencyEdge, DependencyNode, TopItem } from '@sonde/api';
import { errorShare } from '../../base/rates.ts';

export interface DependencyRow {
  readonly key: string;
  /** own: what the service does itself. */
  readonly kind: DependencyNode['kind'] | 'own';
  readonly label: string;
  readonly calls: number | null;
  readonly errorShare: number | null;
  readonly p95Ns: number | null;
  readonly totalNs: number;
  /** Of its own time and the time of its calls together. */
  readonly share: number;
  readonly strength: DependencyEdge['strength'];
}

export function nodeLabel({ kind, service, name, system, address, database, destination }: DependencyNode): string {
  if (kind === 'database') return [system, database || address].filter(Boolean).join(' ');
  if (kind === 'queue') return [system, destination].filter(Boolean).join(' ');
  return (kind === 'remote' ? address : (name ?? service)) ?? '';
}

interface Around {
  readonly nodes: readonly DependencyNode[];
  readonly edges: readonly DependencyEdge[];
}

/** What a service waits for, the most time first; its own code among them. `figures`: of the service, where anything is known of it. */
export function dependencyRows({ nodes, edges }: Around, service: string, figures: TopItem | undefined): DependencyRow[] {
  const own = nodes.find((node) => node.kind === 'service' && node.service === service);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const called = edges.flatMap((edge) => {
    const node = byId.get(edge.to);
    const side = edge.client ?? edge.server;
    if (edge.from !== own?.id || !node || !side) return [];
    const { requests, p95Ns, totalNs } = side;
    const { id: key, kind } = node;
    return [
      {
        key,
        kind,
        label: nodeLabel(node),
        calls: requests,
        errorShare: errorShare(side),
        p95Ns,
        totalNs,
        strength: edge.strength,
      },
    ];
  });
  const self = figures && {
    key: 'own',
    kind: 'own' as const,
    label: '',
    calls: null,
    errorShare: null,
    p95Ns: null,
    strength: null,
    totalNs: figures.selfNs,
  };
  const rows = self ? [self, ...called] : called;
  const wholeNs = rows.reduce((sum, { totalNs }) => sum + totalNs, 0);
  return rows
    .map((row) => ({ ...row, share: wholeNs === 0 ? 0 : row.totalNs / wholeNs }))
    .toSorted((a, b) => b.totalNs - a.totalNs || (a.key < b.key ? -1 : 1));
}
