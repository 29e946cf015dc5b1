import { useEffect, useMemo, useState } from 'react';
import type { MapLayout, Topology } from './geometry.ts';
import type { LayoutReply } from './layout-worker.ts';
import { type MapGraph, topologyKey } from './map-graph.ts';

/** Layouts seen before come back at once and unchanged: going to a panel and back moves nothing. */
const seen = new Map<string, MapLayout>();
const seenMax = 20;

/**
 * Where everything stands, computed beside the page. A new one comes only when nodes or edges came or went; until it is there, `layout` is
 * that of `graph` before, and `key` says for which topology it is.
 */
export function useLayout(graph: MapGraph | undefined): {
  readonly layout: MapLayout | undefined;
  readonly isCurrent: boolean;
} {
  const key = useMemo(() => (graph === undefined ? undefined : topologyKey(graph)), [graph]);
  const [last, setLast] = useState<LayoutReply>();
  useEffect(() => {
    if (key === undefined || seen.has(key)) return undefined;
    const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<LayoutReply>) => {
      const oldest = seen.size >= seenMax ? seen.keys().next().value : undefined;
      if (oldest !== undefined) seen.delete(oldest);
      seen.set(data.key, data.layout);
      setLast(data);
    });
    worker.postMessage({ key, topology: topologyOf(key) }, []);
    return () => worker.terminate();
  }, [key]);
  const known = key === undefined ? undefined : seen.get(key);
  return known ? { layout: known, isCurrent: true } : { layout: last?.layout, isCurrent: false };
}

/** The key is the topology, written down. */
function topologyOf(key: string): Topology {
  const [nodes = '', edges = ''] = key.split('\n\n');
  const lines = (text: string) => text.split('\n').filter(Boolean);
  return {
    nodes: lines(nodes),
    edges: lines(edges).map((id) => {
      const [from = '', to = ''] = id.split(' ');
      return { id, from, to };
    }),
  };
}
