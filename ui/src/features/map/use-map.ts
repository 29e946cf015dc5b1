import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useApi } from '../../base/use-api.ts';
import { expandService } from './expand-service.ts';
import { groupNodes } from './group-nodes.ts';
import { graphOf } from './map-graph.ts';
import { apiOf, defaultHops, defaultSlowMs, edgeEnds, type MapUrl } from './url.ts';

const route = getRouteApi('/map');

/** What the URL asks for: the answer, and the graph that is drawn of it. */
export function useMap() {
  const url = route.useSearch();
  const { expand, focus, hops = defaultHops, level = 'service', slow = defaultSlowMs, view } = url;
  const scope = { slowMs: slow, ...apiOf(url) };
  const query = useApi(
    'getDependencies',
    {
      query: {
        ...scope,
        level,
        ...(focus !== undefined && { focus, depth: hops }),
        // Of edges only the table shows any, and the panel of one, which asks for its own.
        ...(view === 'table' && { edgePercentiles: true }),
      },
    },
    { keepRows: true },
  );
  const detail = useApi(
    'getDependencies',
    { query: { ...scope, level: 'endpoint', edgePercentiles: true } },
    { enabled: expand !== undefined && level === 'service' },
  );
  const whole = useMemo(() => {
    const services = query.data && graphOf(query.data);
    if (services === undefined || expand === undefined || detail.data === undefined) return services;
    return expandService(services, expand, detail.data);
  }, [query.data, detail.data, expand]);
  const kept = [focus, ...(edgeEnds(url.selected ?? '') ?? [url.selected])].filter((id) => id !== undefined).join(' ');
  const grouped = useMemo(
    () => whole && (url.ungrouped ? { graph: whole } : groupNodes(whole, new Set(kept.split(' ')))),
    [whole, url.ungrouped, kept],
  );
  return { url, query, graph: grouped?.graph, nodesBefore: grouped?.nodesBefore };
}

/** Lays a change over the URL. What is only looked at leaves no entry in the history. */
export function useSetMap() {
  const navigate = route.useNavigate();
  return (change: { [K in keyof MapUrl]?: MapUrl[K] | undefined }, replace = false) =>
    void navigate({ replace, search: (previous) => ({ ...previous, ...change }) });
}
