import type { DependencyEdge } from '@sonde/api';
import { edgeKey } from '../url.ts';
import type { MapEdge, MapGraph, MapNode } from '../map-graph.ts';
import { numbersFrom } from '../layout.ts';

type Side = NonNullable<DependencyEdge['client']>;

export function side(figures: Partial<Side> = {}): Side {
  return { requests: 1, errors: 0, totalNs: 0, p50Ns: null, p95Ns: null, p99Ns: null, maxNs: 0, ...figures };
}

/** Named by its id: `service:web`, `endpoint:web/get`, `queue:kafka/orders`. */
export function node(id: string, figures: Partial<MapNode> = {}): MapNode {
  const [kind = '', names = ''] = id.split(':');
  const [first = '', second = ''] = names.split('/');
  const named = {
    service: { service: first },
    endpoint: { service: first, name: second },
    database: { system: first, address: second, database: '' },
    queue: { system: first, destination: second },
    remote: { address: first },
  }[kind];
  return {
    id,
    kind: kind as 'service',
    ...named,
    requests: 1,
    errors: 0,
    p50Ns: null,
    p95Ns: null,
    p99Ns: null,
    instances: kind === 'service' ? 1 : null,
    hosts: null,
    requestShare: 0,
    criticalShare: 0,
    fanIn: 0,
    criticality: 0,
    ...figures,
  };
}

export function edge(from: string, to: string, figures: Partial<MapEdge> = {}): MapEdge {
  return {
    id: edgeKey(from, to),
    from,
    to,
    client: null,
    server: null,
    criticalShare: 0,
    callerFailureShare: null,
    strength: null,
    waitNs: 0,
    ...figures,
  };
}

/** `a>b` of services, one edge each. */
export function drawnMap(...edges: readonly string[]): MapGraph {
  const ends = edges.map(
    (text) => text.split('>').map((name) => (name.includes(':') ? name : `service:${name}`)) as [string, string],
  );
  return {
    nodes: [...new Set(ends.flat())].toSorted().map((id) => node(id)),
    edges: ends.map(([from, to]) => edge(from, to, { client: side() })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Services of a few domains in layers, each called by one or two of the layers before; what does not report last; few calls back. */
export function largeMap(count: number, seed: number): MapGraph {
  const random = numbersFrom(seed);
  const layers = Math.max(4, Math.round(Math.log2(count)));
  const services = Math.round(count * 0.65);
  const all = Array.from({ length: count }, (_, index) => ({
    id: index < services ? `service:s${index}` : `database:redis/h${index}`,
    layer: index < services ? Math.min(layers - 2, Math.floor((index / services) * (layers - 1))) : layers - 1,
    domain: Math.floor(random() * Math.max(2, count / 12)),
  }));
  const edges = new Set<string>();
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  for (const { id, layer, domain } of all) {
    if (layer === 0) continue;
    const before = all.slice(0, services).filter((other) => other.layer < layer && other.layer >= layer - 2);
    const near = before.filter((other) => other.domain === domain || random() < 0.08);
    const callers = 1 + Math.floor(random() * 2);
    for (let i = 0; i < callers; i += 1) edges.add(`${pick(near.length > 0 ? near : before).id}>${id}`);
  }
  return drawnMap(...edges);
}
