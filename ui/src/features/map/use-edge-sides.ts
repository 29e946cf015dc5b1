import { useApi } from '../../base/use-api.ts';
import type { MapEdge } from './map-graph.ts';
import { apiOf, type MapUrl } from './url.ts';

/**
 * Both sides of an edge with their percentiles, which the map is drawn without; those of the map until they are there. Between an endpoint
 * and a service, where one service is drawn as its endpoints, there is no such edge to ask for.
 */
export function useEdgeSides(edge: MapEdge, url: MapUrl): Pick<MapEdge, 'client' | 'server'> {
  const isEndpoint = (id: string) => id.startsWith('endpoint:');
  const level = isEndpoint(edge.from) || isEndpoint(edge.to) ? 'endpoint' : 'service';
  const isMixed = level === 'endpoint' && [edge.from, edge.to].some((id) => id.startsWith('service:'));
  const { data } = useApi(
    'getDependencies',
    { query: { ...apiOf(url), level, focus: edge.to, depth: 1, edgePercentiles: true } },
    { enabled: !isMixed },
  );
  return data?.edges.find(({ from, to }) => from === edge.from && to === edge.to) ?? edge;
}
