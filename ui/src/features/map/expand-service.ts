import { type Answer, byId, graphOf, type MapGraph, renameEnds } from './map-graph.ts';

/** The map of services with one of them as its endpoints; the rest of the endpoints' callers and callees stay services. */
export function expandService(services: MapGraph, service: string, endpoints: Answer): MapGraph {
  const own = new Set(
    endpoints.nodes.flatMap((node) => (node.kind === 'endpoint' && node.service === service ? [node.id] : [])),
  );
  const shown = services.nodes.find((node) => node.kind === 'service' && node.service === service);
  if (own.size === 0 || shown === undefined) return services;
  const serviceOf = new Map(
    endpoints.nodes.flatMap((node) => (node.kind === 'endpoint' && !own.has(node.id) ? [[node.id, node.service]] : [])),
  );
  const idOfService = new Map(services.nodes.flatMap((node) => (node.kind === 'service' ? [[node.service, node.id]] : [])));
  const nameOf = (id: string) => idOfService.get(serviceOf.get(id)) ?? id;
  const known = new Set([...services.nodes.map(({ id }) => id), ...own]);
  known.delete(shown.id);
  const detail = graphOf(endpoints);
  const edges = renameEnds(
    detail.edges.filter(({ from, to }) => own.has(from) || own.has(to)),
    nameOf,
  ).filter(({ from, to }) => known.has(from) && known.has(to));
  return {
    nodes: [...services.nodes.filter(({ id }) => id !== shown.id), ...detail.nodes.filter(({ id }) => own.has(id))].toSorted(
      byId,
    ),
    edges: [...services.edges.filter(({ from, to }) => from !== shown.id && to !== shown.id), ...edges].toSorted(byId),
  };
}
