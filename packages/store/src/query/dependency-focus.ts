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
