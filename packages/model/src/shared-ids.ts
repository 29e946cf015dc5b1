import type { TraceSpan } from './trace.ts';

/** What spans with one id are to each other. */
export interface SharedIds {
  /** The CLIENT side of each SERVER side that shares its id. */
  readonly callerOf: ReadonlyMap<number, number>;
  /** Spans that repeat an id and are no side of a call. */
  readonly duplicates: readonly number[];
  /** Which side of a shared id is the parent of a span that names it; undefined where the id is not shared. */
  parentFor(span: TraceSpan): number | undefined;
}

/**
 * Zipkin's tracers let a call's CLIENT and SERVER span share an id (B3 propagation). They are parent and child then, and what names
 * that id as its parent belongs to the side of its own service, else to the server:
 *
 *     web  CLIENT a       |=======|         web   CLIENT a
 *     cart SERVER a        |=====|     ->     cart  SERVER a
 *     cart CLIENT b < a      |==|               cart  CLIENT b
 *
 * `repeated`: the ids that occur more than once, with the spans that have them.
 */
export function sharedIds(spans: readonly TraceSpan[], repeated: ReadonlyMap<string, readonly number[]>): SharedIds {
  const callerOf = new Map<number, number>();
  const sides = new Map<string, { readonly client: number; readonly servers: readonly number[] }>();
  const duplicates: number[] = [];
  for (const [spanId, indexes] of repeated) {
    const client = indexes.find((index) => spans[index]?.kind === 'client');
    const servers = indexes.filter((index) => spans[index]?.kind === 'server');
    if (client === undefined || servers.length === 0) {
      duplicates.push(...indexes.slice(1));
      continue;
    }
    sides.set(spanId, { client, servers });
    for (const server of servers) callerOf.set(server, client);
    duplicates.push(...indexes.filter((index) => index !== client && !callerOf.has(index)));
  }
  return {
    callerOf,
    duplicates,
    parentFor({ parentSpanId, service }) {
      const found = sides.get(parentSpanId);
      if (found === undefined) return undefined;
      const own = [...found.servers, found.client].find((index) => spans[index]?.service === service);
      return own ?? found.servers[0];
    },
  };
}
