import type { MapGraph } from './map-graph.ts';
import { nodeLabel } from './node-names.ts';

/** Ids of the nodes in whose names all the words occur; nothing where nothing is looked for. */
export function findNodes({ nodes }: MapGraph, find: string | undefined): ReadonlySet<string> | undefined {
  const words = (find ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  return new Set(
    nodes.flatMap((node) => {
      const name = `${node.kind} ${nodeLabel(node)} ${(node.members ?? []).join(' ')}`.toLowerCase();
      return words.every((word) => name.includes(word)) ? [node.id] : [];
    }),
  );
}
