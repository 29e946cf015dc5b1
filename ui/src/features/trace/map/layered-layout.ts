/** Where the nodes of a small directed graph stand, left to right. */
export interface LayeredLayout {
  readonly nodes: ReadonlyMap<string, { readonly layer: number; readonly place: number }>;
  /** For each edge, in the order given: the places it passes in the layers from its start to its end. */
  readonly routes: readonly (readonly { readonly layer: number; readonly place: number }[])[];
  readonly layers: number;
  /** Places of the fullest layer. */
  readonly places: number;
}

interface Link {
  readonly from: string;
  readonly to: string;
}

const sweeps = 6;

/**
 * Layers by the longest path (an edge that closes a cycle does not count), order within a layer by the mean place of the neighbours
 * (barycenter; Sugiyama, Tagawa and Toda 1981), swept forth and back. An edge over several layers holds a place in each that it passes,
 * so that it goes around what stands there.
 */
export function layeredLayout(keys: readonly string[], edges: readonly Link[]): LayeredLayout {
  const layerOf = longestPaths(keys, edges);
  const layers: string[][] = [];
  const put = (key: string, layer: number) => (layers[layer] ??= []).push(key);
  for (const key of keys) put(key, layerOf.get(key) ?? 0);
  const chains = edges.map(({ from, to }, index) => {
    const first = layerOf.get(from) ?? 0;
    const last = layerOf.get(to) ?? 0;
    const passed: string[] = [from];
    const step = first <= last ? 1 : -1;
    const between = Math.max(0, Math.abs(last - first) - 1);
    for (let passing = 1; passing <= between; passing++) {
      const layer = first + passing * step;
      // A space comes first in no node's key, so this is nobody's.
      const key = ` ${index} ${layer}`;
      layerOf.set(key, layer);
      put(key, layer);
      passed.push(key);
    }
    return [...passed, to];
  });
  const near = neighboursOf(chains);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const order = sweep % 2 === 0 ? layers.keys() : Array.from(layers.keys()).toReversed();
    const place = new Map(layers.flatMap((layer) => layer.map((key, at) => [key, at - (layer.length - 1) / 2] as const)));
    for (const at of order) {
      const layer = layers[at] ?? [];
      const weight = new Map(
        layer.map((key) => {
          const beside = (near.get(key) ?? []).filter((one) => (layerOf.get(one) ?? 0) < at === (sweep % 2 === 0));
          const sum = beside.reduce((total, one) => total + (place.get(one) ?? 0), 0);
          return [key, beside.length > 0 ? sum / beside.length : (place.get(key) ?? 0)] as const;
        }),
      );
      layer.sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
      layer.forEach((key, index) => place.set(key, index - (layer.length - 1) / 2));
    }
  }
  const placeOf = new Map(
    layers.flatMap((layer, at) =>
      layer.map((key, index) => [key, { layer: at, place: index - (layer.length - 1) / 2 }] as const),
    ),
  );
  const at = (key: string) => placeOf.get(key) ?? { layer: 0, place: 0 };
  return {
    nodes: new Map(keys.map((key) => [key, at(key)])),
    routes: chains.map((chain) => chain.map(at)),
    layers: layers.length,
    places: Math.max(0, ...layers.map((layer) => layer.length)),
  };
}

function longestPaths(keys: readonly string[], edges: readonly Link[]): Map<string, number> {
  const targets = new Map(keys.map((key) => [key, [] as string[]]));
  for (const { from, to } of edges) if (from !== to) targets.get(from)?.push(to);
  // Depth first: an edge to a node that is being visited closes a cycle.
  const state = new Map<string, 'open' | 'done'>();
  const finished: string[] = [];
  const visit = (key: string): void => {
    state.set(key, 'open');
    const onward = (targets.get(key) ?? []).filter((to) => state.get(to) !== 'open');
    targets.set(key, onward);
    for (const to of onward) if (!state.has(to)) visit(to);
    // One that was opened and closed further down is onward still.
    state.set(key, 'done');
    finished.push(key);
  };
  for (const key of keys) if (!state.has(key)) visit(key);
  const layer = new Map(keys.map((key) => [key, 0]));
  for (const key of finished.toReversed()) {
    for (const to of targets.get(key) ?? []) layer.set(to, Math.max(layer.get(to) ?? 0, (layer.get(key) ?? 0) + 1));
  }
  return layer;
}

function neighboursOf(chains: readonly (readonly string[])[]): Map<string, string[]> {
  const near = new Map<string, string[]>();
  const add = (key: string, other: string) => near.set(key, [...(near.get(key) ?? []), other]);
  for (const chain of chains) {
    chain.forEach((key, at) => {
      const next = chain[at + 1];
      if (next === undefined) return;
      add(key, next);
      add(next, key);
    });
  }
  return near;
}
