import type { MiddlewareSummary } from '@sonde/api';
import type { MapNode } from './map-graph.ts';

type Called = Pick<MapNode, 'kind' | 'system' | 'address' | 'database' | 'destination'>;

/** Servers of which callers see this node. A queue has no address on the map: whichever brokers hold it. */
export function middlewareOf(
  { address = '', database = '', destination = '', kind, system = '' }: Called,
  items: readonly MiddlewareSummary[],
): MiddlewareSummary[] {
  return items.filter(({ clients }) =>
    clients.some((client) => {
      if (client.kind !== kind) return false;
      if (kind === 'remote') return client.address === address;
      if (client.system !== system) return false;
      return kind === 'queue' ? client.name === destination : client.address === address && client.name === database;
    }),
  );
}
