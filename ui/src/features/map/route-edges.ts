import { nodeHeightPx, nodeWidthPx, type Point, type Topology } from './geometry.ts';

type Edge = Topology['edges'][number];
type Side = 'left' | 'right';

interface End {
  readonly edge: string;
  readonly node: string;
  readonly side: Side;
  /** Where the line goes on from here. */
  readonly towards: Point;
}

const portGapPx = 9;

/**
 * Lines leave a node at its right side and come in at the left of the next, those of calls back the other way round; side by side, in the
 * order in which they go on. Through a layer they go straight: so none runs behind a node.
 */
export function routeEdges(
  edges: readonly Edge[],
  places: Readonly<Record<string, Point>>,
  bends: ReadonlyMap<string, readonly Point[]>,
): (Edge & { readonly points: readonly Point[] })[] {
  const ends = edges.flatMap((edge) => endsOf(edge, places, bends.get(edge.id) ?? []));
  const ports = portsOf(ends, places);
  return edges.map((edge) => {
    const from = places[edge.from] as Point;
    if (edge.from === edge.to) return { ...edge, points: loopAt(from) };
    const isBack = (places[edge.to] as Point).x < from.x;
    const half = isBack ? -nodeWidthPx / 2 : nodeWidthPx / 2;
    const through = (bends.get(edge.id) ?? []).flatMap(({ x, y }) => [
      { x: x - half, y },
      { x: x + half, y },
    ]);
    return {
      ...edge,
      points: [ports.get(`${edge.id} start`) as Point, ...through, ports.get(`${edge.id} end`) as Point],
    };
  });
}

function endsOf(
  edge: Edge,
  places: Readonly<Record<string, Point>>,
  bends: readonly Point[],
): (End & { readonly port: string })[] {
  if (edge.from === edge.to) return [];
  const from = places[edge.from] as Point;
  const to = places[edge.to] as Point;
  const isBack = to.x < from.x;
  return [
    { edge: edge.id, port: `${edge.id} start`, node: edge.from, side: isBack ? 'left' : 'right', towards: bends[0] ?? to },
    { edge: edge.id, port: `${edge.id} end`, node: edge.to, side: isBack ? 'right' : 'left', towards: bends.at(-1) ?? from },
  ];
}

function portsOf(
  ends: readonly (End & { readonly port: string })[],
  places: Readonly<Record<string, Point>>,
): ReadonlyMap<string, Point> {
  const bySide = new Map<string, (End & { readonly port: string })[]>();
  for (const end of ends) {
    const key = `${end.node} ${end.side}`;
    const list = bySide.get(key);
    if (list === undefined) bySide.set(key, [end]);
    else list.push(end);
  }
  const ports = new Map<string, Point>();
  for (const list of bySide.values()) {
    const gap = Math.min(portGapPx, (nodeHeightPx - 12) / Math.max(1, list.length - 1));
    const ordered = list.toSorted((a, b) => a.towards.y - b.towards.y || (a.edge < b.edge ? -1 : 1));
    for (const [index, { node, port, side }] of ordered.entries()) {
      const { x, y } = places[node] as Point;
      ports.set(port, {
        x: side === 'right' ? x + nodeWidthPx / 2 : x - nodeWidthPx / 2,
        y: y + (index - (list.length - 1) / 2) * gap,
      });
    }
  }
  return ports;
}

/** A call to oneself, above the right corner. */
function loopAt({ x, y }: Point): Point[] {
  const right = x + nodeWidthPx / 2;
  const top = y - nodeHeightPx / 2;
  return [
    { x: right - 40, y: top },
    { x: right - 40, y: top - 12 },
    { x: right - 14, y: top - 12 },
    { x: right - 14, y: top },
  ];
}
