import type { TimeRange } from './range.ts';
import { isInPlace, isInService } from './ranked.ts';
import { fromRollup, fromServices, fromSpanMinutes } from './rollup-range.ts';

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

/** Rows of what services were asked, where no more than the service is told apart: `services` has the fewest. */
export const serviceSources = ['minutes', 'services', 'paths'] as const;
export type ServiceSource = (typeof serviceSources)[number];

export function serviceSource(
  range: TimeRange,
  { host, service }: { readonly host?: string | undefined; readonly service?: string | undefined },
) {
  const source = requestSource(range, service);
  return source === 'paths' && !host ? 'services' : source;
}

export function serviceRows(source: ServiceSource): string {
  const isRequest = 'kind IN (2, 5)';
  if (source === 'services')
    return fromServices('time, service, calls, errors, max_ns, hist', `${isRequest} AND ${isInService}`);
  return requestRows(source, `${isRequest} AND ${isInPlace}`);
}
