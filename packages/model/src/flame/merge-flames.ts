import { selfTimes } from '../self-time.ts';
import type { TraceSpan } from '../trace.ts';
import { buildTraceTree } from '../trace-tree.ts';

/**
 * Many traces as one tree: spans whose ancestors have the same services and names, and that have the same themselves, are one frame. Two
 * samples of traces are merged into the same tree, so that they can be compared frame by frame.
 */
export interface FlameSpan extends TraceSpan {
  readonly service: string;
  readonly name: string;
}

export interface FlameFigures {
  /** Traces that have the frame. */
  readonly traces: number;
  readonly spans: number;
  /** Sums over all traces of the side. */
  readonly totalNs: number;
  readonly selfNs: number;
}

export interface FlameFrame {
  readonly service: string;
  readonly name: string;
  /** Index into the list; null: none. Parents come before their children. */
  readonly parent: number | null;
  readonly selection: FlameFigures;
  readonly rest: FlameFigures;
}

export type FlameSide = 'selection' | 'rest';

interface Figures {
  traces: number;
  spans: number;
  totalNs: number;
  selfNs: number;
  lastTrace: number;
}

interface Node {
  readonly service: string;
  readonly name: string;
  readonly children: Map<string, Node>;
  readonly selection: Figures;
  readonly rest: Figures;
}

/** Paths are cut here: what recurs for ever has no shape. */
const depthMax = 64;

export class FlameMerge {
  readonly #top = newNode('', '');
  readonly #traces: Record<FlameSide, number> = { selection: 0, rest: 0 };

  get traces(): Readonly<Record<FlameSide, number>> {
    return this.#traces;
  }

  add(side: FlameSide, spans: readonly FlameSpan[]): void {
    const trace = ++this.#traces[side];
    const tree = buildTraceTree(spans);
    const selfNs = selfTimes(tree);
    const open = tree.roots.map((index) => ({ index, above: this.#top, depth: 1 }));
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const span = spans[one.index] as FlameSpan;
      const node = childOf(one.above, span);
      const figures = node[side];
      if (figures.lastTrace !== trace) figures.traces++;
      figures.lastTrace = trace;
      figures.spans++;
      figures.totalNs += span.durationNs;
      figures.selfNs += selfNs[one.index] as number;
      if (one.depth === depthMax) continue;
      for (const index of tree.children[one.index] ?? []) open.push({ index, above: node, depth: one.depth + 1 });
    }
  }

  /** The frames with the most time per trace on either side, `limit` at most, each below its parent, the longest of a parent first. */
  frames(limit: number): { readonly frames: FlameFrame[]; readonly leftOut: number } {
    const wanted = new Set<Node>();
    let waiting = [...this.#top.children.values()];
    let leftOut = 0;
    while (waiting.length > 0 && wanted.size < limit) {
      // A child is never looked at before its parent is in.
      waiting.sort((a, b) => this.#weight(a) - this.#weight(b));
      const node = waiting.pop() as Node;
      wanted.add(node);
      waiting = waiting.concat(...node.children.values());
    }
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      leftOut++;
      waiting.push(...node.children.values());
    }
    const frames: FlameFrame[] = [];
    const write = (nodes: Iterable<Node>, parent: number | null) => {
      const shown = [...nodes].filter((node) => wanted.has(node)).toSorted((a, b) => this.#weight(b) - this.#weight(a));
      for (const node of shown) {
        const { service, name, selection, rest } = node;
        const index = frames.push({ service, name, parent, selection: plain(selection), rest: plain(rest) }) - 1;
        write(node.children.values(), index);
      }
    };
    write(this.#top.children.values(), null);
    return { frames, leftOut };
  }

  /** Time per trace, on the side that has more. */
  #weight({ selection, rest }: Node): number {
    const { selection: own, rest: others } = this.#traces;
    return Math.max(own === 0 ? 0 : selection.totalNs / own, others === 0 ? 0 : rest.totalNs / others);
  }
}

function childOf({ children }: Node, { service, name }: FlameSpan): Node {
  const key = `${service}\0${name}`;
  const known = children.get(key);
  if (known !== undefined) return known;
  const made = newNode(service, name);
  children.set(key, made);
  return made;
}

function newNode(service: string, name: string): Node {
  return { service, name, children: new Map(), selection: newFigures(), rest: newFigures() };
}

function newFigures(): Figures {
  return { traces: 0, spans: 0, totalNs: 0, selfNs: 0, lastTrace: 0 };
}

function plain({ traces, spans, totalNs, selfNs }: Figures): FlameFigures {
  return { traces, spans, totalNs, selfNs };
}
