import type { Query } from '../../base/api-client.ts';
import { useApi, useTracePages } from '../../base/use-api.ts';
import type { TracesUrl } from './url.ts';

function filtersOf({
  q,
  service,
  name,
  host,
  statement,
  status,
  minMs,
  maxMs,
  attribute,
}: TracesUrl): Query<'getLatencyHeatmap'> {
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

export function useTraces(url: TracesUrl) {
  return useTracePages({ ...filtersOf(url), sort: url.sort ?? 'time' });
}

export function useTraceHeatmap(url: TracesUrl) {
  return useApi('getLatencyHeatmap', { query: filtersOf(url) }, { keepRows: true });
}
