import type { MapNode } from './map-graph.ts';

/** What APIs pass through at this node, as /impact and /diagnosis take it; undefined: what no request passes, or an endpoint. */
export function passingPart({ address, database, destination, kind, service }: MapNode) {
  if (kind === 'service' && service) return { service };
  if (kind === 'queue' && destination) return { queue: destination };
  if (kind === 'remote' && address) return { remote: address };
  if (kind === 'database' && address) return { database: database ? `${address}/${database}` : address };
  return undefined;
}
