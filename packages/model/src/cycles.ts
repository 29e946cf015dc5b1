/**
 * Cycles of a directed graph, one for each part of it in which everything leads to everything (strongly connected component; Tarjan
 * 1972): the shortest cycle through the part's first node, as a list of nodes each of which leads to the next, and the last to the first.
 * `next[n]`: the nodes that node n leads to. Nothing recurses; a node that leads to itself is a cycle of one.
 */
export function findCycles(next: readonly (readonly number[])[]): number[][] {
  return components(next).flatMap((component) => {
    const inside = new Set(component);
    const first = Math.min(...component);
    const cycle = shortestCycle(next, inside, first);
    return cycle ? [cycle] : [];
  });
}

function components(next: readonly (readonly number[])[]): number[][] {
  const order = new Int32Array(next.length).fill(-1);
  const low = new Int32Array(next.length);
  const onStack = new Uint8Array(next.length);
  const stack: number[] = [];
  const found: number[][] = [];
  let count = 0;
  const enter = (node: number): { node: number; edge: number } => {
    order[node] = low[node] = count++;
    stack.push(node);
    onStack[node] = 1;
    return { node, edge: 0 };
  };
  for (let start = 0; start < next.length; start++) {
    if (order[start] !== -1) continue;
    const walk = [enter(start)];
    while (walk.length > 0) {
      const at = walk.at(-1) as { node: number; edge: number };
      const to = next[at.node]?.[at.edge++];
      if (to !== undefined) {
        if (order[to] === -1) walk.push(enter(to));
        else if (onStack[to] === 1) low[at.node] = Math.min(low[at.node] as number, order[to] as number);
        continue;
      }
      walk.pop();
      const above = walk.at(-1);
      if (above) low[above.node] = Math.min(low[above.node] as number, low[at.node] as number);
      if (low[at.node] !== order[at.node]) continue;
      const component = stack.splice(stack.lastIndexOf(at.node));
      for (const node of component) onStack[node] = 0;
      found.push(component);
    }
  }
  return found;
}

/** Breadth first from `start` back to it, within `inside`. */
function shortestCycle(next: readonly (readonly number[])[], inside: ReadonlySet<number>, start: number): number[] | undefined {
  const cameFrom = new Map<number, number>();
  const queue = [start];
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at] as number;
    for (const to of next[node] ?? []) {
      if (to === start) {
        const cycle = [node];
        while (cycle[0] !== start) cycle.unshift(cameFrom.get(cycle[0] as number) as number);
        return cycle;
      }
      if (!inside.has(to) || cameFrom.has(to)) continue;
      cameFrom.set(to, node);
      queue.push(to);
    }
  }
  return undefined;
}
