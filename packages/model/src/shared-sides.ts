import { kindNumber, type SpanColumns } from './span-columns.ts';
import type { SpanIdIndex } from './span-id-index.ts';

/** What spans with one id are to each other. */
export interface SharedSides {
  /** The CLIENT side of each SERVER side that shares its id. */
  readonly callerOf: ReadonlyMap<number, number>;
  /** Spans that repeat an id and are no side of a call. */
  readonly duplicates: readonly number[];
  /** Which side is the parent of a span of `service` that names the id whose first row is `first`; undefined where no sides share it. */
  parentFor(first: number, service: number): number | undefined;
}

/**
 * Zipkin's tracers let a call's CLIENT and SERVER span share an id (B3 propagation). They are parent and child then, and what names
 * that id as its parent belongs to the side of its own service, else to the server:
 *
 *     web  CLIENT a       |=======|         web   CLIENT a
 *     cart SERVER a        |=====|     ->     cart  SERVER a
 *     cart CLIENT b < a      |==|               cart  CLIENT b
 */
export function sharedSides({ kind, service }: SpanColumns, { repeated, nextSame }: SpanIdIndex): SharedSides {
  const callerOf = new Map<number, number>();
  /** By first row of the id: its side in each service, the first server where several are. */
  const sides = new Map<number, { readonly anyServer: number; readonly byService: ReadonlyMap<number, number> }>();
  const duplicates: number[] = [];
  for (const first of repeated) {
    let client = -1;
    let anyServer = -1;
    const byService = new Map<number, number>();
    for (let row = first; row !== -1; row = nextSame[row] as number) {
      if (client === -1 && kind[row] === kindNumber.client) client = row;
      if (kind[row] !== kindNumber.server) continue;
      if (anyServer === -1) anyServer = row;
      if (!byService.has(service[row] as number)) byService.set(service[row] as number, row);
    }
    const isCall = client !== -1 && anyServer !== -1;
    for (let row = first; row !== -1; row = nextSame[row] as number) {
      if (isCall && kind[row] === kindNumber.server) callerOf.set(row, client);
      else if (row !== (isCall ? client : first)) duplicates.push(row);
    }
    if (!isCall) continue;
    if (!byService.has(service[client] as number)) byService.set(service[client] as number, client);
    sides.set(first, { anyServer, byService });
  }
  return {
    callerOf,
    duplicates,
    parentFor(first, ofService) {
      const found = sides.get(first);
      return found && (found.byService.get(ofService) ?? found.anyServer);
    },
  };
}
