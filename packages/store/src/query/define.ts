import { acrossServers, type Servers } from './across-servers.ts';
import type { Budget, Engine, SubqueryScope } from '../engine/types.ts';
import { hasBounds, withoutEmptyParts } from './rollup-parts.ts';

/** ClickHouse types by name. Nothing wider than 32 bits leaves the engine as a number: ids and times go as String, counts as Float64. */
export type Types = Readonly<Record<string, string>>;

/** What a ClickHouse type is in JavaScript. */
export type ValueOf<T extends string> = T extends `Nullable(${infer Inner})`
  ? ValueOf<Inner> | null
  : T extends `Array(${infer Inner})`
    ? readonly ValueOf<Inner>[]
    : T extends 'String' | 'LowCardinality(String)'
      ? string
      : T extends 'UInt8' | 'UInt16' | 'UInt32' | 'Int32' | 'Float64'
        ? number
        : T extends 'Int64' | 'UInt64'
          ? bigint
          : never;

export type RowOf<R extends Types> = { readonly [K in keyof R]: ValueOf<R[K]> };

/** A question to the engine as a value. Values reach the SQL only as `{name:Type}`. */
export interface Query<P extends Types = Types, R extends Types = Types> {
  readonly name: string;
  readonly params: P;
  readonly row: R;
  readonly sql: string;
  /** Default `all`, which is always right. */
  readonly subqueries?: SubqueryScope;
  /** Whether it finds what it needs by an index, whatever the range: then it does not wait behind those that read a range. */
  readonly isQuick?: boolean;
  /** Whose tables of the system it reads on a cluster. One machine has its own. */
  readonly servers?: Servers;
}

export function defineQuery<const P extends Types, const R extends Types>(query: Query<P, R>): Query<P, R> {
  return query;
}

/** What one question of the API may cost. A page asks several at a time, on a machine that also takes data in. */
export const questionBudget: Budget = { timeMs: 15_000, memoryBytes: 1_500_000_000, rowsMax: 2_000_000_000 };

/** `more`: the parameters of a condition that was written for this question. */
export function ask<P extends Types, R extends Types>(
  engine: Engine,
  query: Query<P, R>,
  params: RowOf<P>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<RowOf<R>[]> {
  const { sql, budget } = placed(engine, query, params);
  return engine.query(sql, { ...more, ...params }, budget, query.subqueries);
}

/** The same, answered as columns in FORMAT Native (native/read.ts). */
export function askNative<P extends Types, R extends Types>(
  engine: Engine,
  query: Query<P, R>,
  params: RowOf<P>,
): Promise<Uint8Array> {
  const { sql, budget } = placed(engine, query, params);
  return engine.queryNative(sql, params, budget, query.subqueries);
}

function placed<P extends Types, R extends Types>(engine: Engine, query: Query<P, R>, params: RowOf<P>) {
  const budget = query.isQuick === true ? { ...questionBudget, lane: 'quick' as const } : questionBudget;
  const { servers } = query;
  const sql =
    engine.cluster === undefined || servers === undefined ? query.sql : acrossServers(query.sql, servers, engine.cluster);
  return { sql: hasBounds(params) ? withoutEmptyParts(sql, params) : sql, budget };
}
