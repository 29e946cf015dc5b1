import type { TimeRange } from './range.ts';
import { fromRollup, fromSpanMinutes } from './rollup-range.ts';

/**
 * Rows of what services were asked, from one of two rollups with the same columns: `minutes` (`span_minutes`: every span a second after
 * it was loaded, a row for each minute) for the recent and the narrow, `paths` for what is long.
 */
export const requestSources = ['minutes', 'paths'] as const;
export type RequestSource = (typeof requestSources)[number];

const hourMs = 3_600_000;

/** Minutes of one service are few rows a day, those of all services are few an hour. */
export function requestSource({ fromMs, toMs }: TimeRange, service: string | undefined): RequestSource {
  return toMs - fromMs <= (service ? 24 : 3) * hourMs ? 'minutes' : 'paths';
}

const common = 'time, service, name, kind, environment, namespace, version, instance, host, calls, total_ns, max_ns, hist';

export function requestRows(source: RequestSource, condition: string): string {
  if (source === 'paths') return fromRollup('path', `${common}, errors`, condition);
  return fromSpanMinutes(`${common}, if(status_code = 2, calls, 0) AS errors`, condition);
}
