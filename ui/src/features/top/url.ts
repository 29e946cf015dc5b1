import { amount, compact, oneOf, type RawSearch, text } from '../../base/search-params.ts';

export const rankings = ['volume', 'latency', 'hotspot'] as const;
export type Ranking = (typeof rankings)[number];
export const rankedKinds = ['api', 'endpoint', 'service', 'statement', 'queue', 'remote', 'host'] as const;
export type RankedKind = (typeof rankedKinds)[number];
export const countedTimes = ['inclusive', 'self', 'critical'] as const;
export type CountedTime = (typeof countedTimes)[number];
export const percentiles = [50, 75, 90, 95, 99] as const;

/** Defaults, left out of the URL: hotspots of endpoints by inclusive time; p95. */
export interface TopUrl {
  readonly by?: Ranking | undefined;
  readonly of?: RankedKind | undefined;
  readonly time?: 'self' | 'critical' | undefined;
  readonly percentile?: number | undefined;
  readonly service?: string | undefined;
  readonly host?: string | undefined;
  /** The row in the panel; see `keyText`. */
  readonly key?: string | undefined;
}

export function parseTopUrl(raw: RawSearch): TopUrl {
  const by = oneOf(rankings, raw['by']);
  const of = oneOf(rankedKinds, raw['of']);
  const percentile = percentiles.find((one) => one === amount(raw['percentile']));
  return compact({
    by: by === 'hotspot' ? undefined : by,
    of: of === 'endpoint' ? undefined : of,
    time: oneOf(['self', 'critical'], raw['time']),
    percentile: percentile === 95 ? undefined : percentile,
    service: text(raw['service']),
    host: text(raw['host']),
    key: text(raw['key']),
  });
}
