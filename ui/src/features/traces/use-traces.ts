import type { Query } from '../../base/api-client.ts';
import { useApi, useTracePages } from '../../base/use-api.ts';
import { type Box, boxOf, type TracesUrl } from './url.ts';

type Filters = Query<'getLatencyHeatmap'>;

function filtersOf({ q, service, name, host, statement, status, minMs, maxMs, attribute }: TracesUrl): Filters {
  return {
    ...(q !== undefined && { q }),
    ...(service !== undefined && { service }),
    ...(name !== undefined && { name }),
    ...(host !== undefined && { host }),
    ...(statement !== undefined && { statementHash: statement }),
    ...(status !== undefined && { status }),
    ...(minMs !== undefined && { minDurationMs: minMs }),
    ...(maxMs !== undefined && { maxDurationMs: maxMs }),
    ...(attribute !== undefined && { attribute }),
  };
}

/** The spans that the heatmap shows: where nothing describes them more closely, requests. So a box holds what was seen in it. */
export function shownSpans(url: TracesUrl): Filters {
  const { q, name, statement, attribute } = url;
  const described = [q, name, statement, attribute].some((filter) => filter !== undefined);
  return { ...filtersOf(url), ...(!described && { q: 'kind in (server, consumer)' }) };
}

function selectionOf({ fromMs, toMs, minMs, maxMs }: Box) {
  return {
    selectionFrom: String(fromMs),
    selectionTo: String(toMs),
    selectionMinDurationMs: minMs,
    selectionMaxDurationMs: maxMs,
  };
}

export function useTraces(url: TracesUrl) {
  const box = boxOf(url);
  const sort: 'time' | 'duration' = url.sort ?? 'time';
  const own = { ...(box ? shownSpans(url) : filtersOf(url)), sort };
  const minDurationMs = Math.max(box?.minMs ?? 0, url.minMs ?? 0);
  const maxDurationMs = Math.min(box?.maxMs ?? Infinity, url.maxMs ?? Infinity);
  // A box beside the durations that are asked for holds nothing; the API would call that a mistake.
  const within = box && { ...own, minDurationMs, maxDurationMs: Math.max(minDurationMs, maxDurationMs) };
  return useTracePages(within ?? own, box);
}

export function useTraceHeatmap(url: TracesUrl) {
  return useApi('getLatencyHeatmap', { query: filtersOf(url) }, { keepRows: true });
}

export function useFacets(url: TracesUrl) {
  return useApi('listTraceFacets', { query: { ...filtersOf(url), limit: 8 } }, { keepRows: true });
}

export function useErrorOrigins(url: TracesUrl, box: Box | undefined) {
  const query = box ? { ...shownSpans(url), ...selectionOf(box) } : filtersOf(url);
  return useApi('getErrorOrigins', { query }, { keepRows: true });
}

export function useDifferences(url: TracesUrl, box: Box) {
  return useApi('compareTraces', { query: { ...shownSpans(url), ...selectionOf(box), values: 6 } });
}

export function useFlames(url: TracesUrl, box: Box) {
  return useApi('compareTraceFlames', { query: { ...shownSpans(url), ...selectionOf(box) } });
}
