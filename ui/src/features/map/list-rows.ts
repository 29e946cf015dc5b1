import type { DependencyCycle } from '@sonde/api';
import { isSinglePoint, toldFigures } from './figures.ts';
import type { MapEdge, MapGraph, MapNode } from './map-graph.ts';
import { nodeTitle, titleOfId } from './node-names.ts';

export interface CycleRow {
  readonly key: string;
  /** `A → B → A`. */
  readonly label: string;
  readonly kind: DependencyCycle['kind'];
  readonly exampleTraceId: string | null;
  /** The node to show. */
  readonly first: string;
}

/** What really went round first. */
export function cycleRows(cycles: readonly DependencyCycle[]): CycleRow[] {
  return cycles
    .filter(({ nodes }) => nodes.length > 0)
    .map(({ exampleTraceId, kind, nodes }) => {
      const first = nodes[0] as string;
      return { key: nodes.join(' '), label: [...nodes, first].map(titleOfId).join(' → '), kind, exampleTraceId, first };
    })
    .toSorted((a, b) => Number(b.kind === 'loop') - Number(a.kind === 'loop') || a.label.localeCompare(b.label));
}

export interface CriticalRow {
  readonly node: MapNode;
  readonly isSinglePoint: boolean;
  /** 0..1: of the most critical. */
  readonly share: number;
}

/** What is on no critical path is not in it. Single points of failure first, then by criticality. */
export function criticalRows({ nodes }: MapGraph): CriticalRow[] {
  const most = Math.max(0, ...nodes.map(({ criticality }) => criticality));
  return nodes
    .filter(({ criticality }) => criticality > 0)
    .map((node) => ({ node, isSinglePoint: isSinglePoint(node), share: node.criticality / most }))
    .toSorted(
      (a, b) =>
        Number(b.isSinglePoint) - Number(a.isSinglePoint) ||
        b.node.criticality - a.node.criticality ||
        nodeTitle(a.node).localeCompare(nodeTitle(b.node)),
    );
}

/** Calls of which enough failed to tell: what takes its caller down first, then what fails most. */
export function strengthRows({ edges }: MapGraph): MapEdge[] {
  return edges
    .filter(({ strength }) => strength !== null)
    .toSorted(
      (a, b) =>
        (b.callerFailureShare ?? 0) - (a.callerFailureShare ?? 0) ||
        (toldFigures(b)?.errors ?? 0) - (toldFigures(a)?.errors ?? 0) ||
        (a.id < b.id ? -1 : 1),
    );
}

/** Most requests first. */
export function callersOf({ edges }: MapGraph, id: string): MapEdge[] {
  return edges.filter(({ to }) => to === id).toSorted(byRequests);
}

export function calleesOf({ edges }: MapGraph, id: string): MapEdge[] {
  return edges.filter(({ from }) => from === id).toSorted(byRequests);
}

function byRequests(a: MapEdge, b: MapEdge): number {
  return (toldFigures(b)?.requests ?? 0) - (toldFigures(a)?.requests ?? 0);
}
