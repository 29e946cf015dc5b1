import type { RowOf } from './define.ts';
import type { NodeNames } from './dependency-node.ts';
import type { shownTypes } from './dependency-scope.ts';

export type Shown = RowOf<typeof shownTypes>;

export const everything: Shown = { everywhere: 1, services: [], names: [], addresses: [] };

/** Names of more nodes cost more than the histograms that they spare. */
const namedMax = 2000;

/** What to ask for, to get the figures of these nodes and not many more. */
export function shownParams(nodes: readonly NodeNames[]): Shown {
  if (nodes.length > namedMax) return everything;
  const each = (part: 'service' | 'name' | 'address') => [...new Set(nodes.map((node) => node[part] ?? ''))];
  return { everywhere: 0, services: each('service'), names: each('name'), addresses: each('address') };
}

interface Ends {
  readonly from: string;
  readonly to: string;
}

/** Ids of the nodes at most `depth` calls up or down from the focus, itself included. Ways do not turn: callers' other callees are far. */
export function near(edges: readonly Ends[], focus: string, depth: number): ReadonlySet<string> {
  const down = reached(edges, focus, depth, ({ from, to }) => [from, to]);
  const up = reached(edges, focus, depth, ({ from, to }) => [to, from]);
  return new Set([...down, ...up]);
}

function reached(
  edges: readonly Ends[],
  focus: string,
  depth: number,
  direction: (edge: Ends) => readonly [string, string],
): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    const [start, end] = direction(edge);
    const ends = next.get(start);
    if (ends === undefined) next.set(start, [end]);
    else ends.push(end);
  }
  const seen = new Set([focus]);
  let ring = [focus];
  for (let step = 0; step < depth; step++) {
    ring = ring.flatMap((id) => (next.get(id) ?? []).filter((end) => !seen.has(end) && seen.add(end)));
  }
  return seen;
}
