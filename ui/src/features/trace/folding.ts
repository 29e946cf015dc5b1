import { ancestors, type SpanNode, type TraceView } from './trace-view.ts';

/** Which subtrees are folded, as the URL says it. */
export interface Folding {
  /** Levels that are shown: spans of that level are folded, 1 being the roots. */
  readonly levels?: number | undefined;
  /** Ids (`SpanNode.id`) of spans for which the opposite holds, the latest last. */
  readonly folded?: string | undefined;
}

/** A URL has to fit into a chat message: of more, the oldest go. */
const idsMax = 50;
const separator = '-';

export const foldedPattern = /^[0-9a-f]{16}(\.\d{1,6})?(-[0-9a-f]{16}(\.\d{1,6})?){0,49}$/;

/** Indices into `nodes`. */
export function foldedNodes({ nodes, byId }: TraceView, { levels, folded }: Folding): ReadonlySet<number> {
  const found = new Set<number>();
  if (levels !== undefined) {
    for (const { index, depth, childCount } of nodes) if (depth + 1 >= levels && childCount > 0) found.add(index);
  }
  for (const id of idsOf(folded)) {
    const node = byId.get(id);
    if (node && node.childCount > 0 && !found.delete(node.index)) found.add(node.index);
  }
  return found;
}

/** Folds what is open, opens what is folded. */
export function turned({ levels, folded }: Folding, nodes: readonly SpanNode[]): Folding {
  const ids = new Set(idsOf(folded));
  for (const { id } of nodes) if (!ids.delete(id)) ids.add(id);
  return { levels, folded: [...ids].slice(-idsMax).join(separator) || undefined };
}

/** So that this span is in sight. */
export function revealing(view: TraceView, folding: Folding, node: SpanNode): Folding {
  const hidden = foldedNodes(view, folding);
  const above = ancestors(view.nodes, node).filter(({ index }) => hidden.has(index));
  return above.length === 0 ? folding : turned(folding, above);
}

/** One level more, or one fewer; undefined where there is none. */
export function byOneLevel({ depth }: TraceView, { levels, folded }: Folding, by: 1 | -1): Folding | undefined {
  const shown = Math.min(levels ?? depth, depth) + by;
  if (shown < 1 || (shown > depth && folded === undefined)) return undefined;
  return { levels: shown >= depth ? undefined : shown, folded: undefined };
}

function idsOf(folded: string | undefined): string[] {
  return folded === undefined ? [] : folded.split(separator);
}
