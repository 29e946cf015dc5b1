import { useApi, useTracePages } from '../../base/use-api.ts';
import type { LatencyUrl } from './url.ts';

const tracesShown = 20;

export function useLatency(url: LatencyUrl) {
  const filters = {
    ...(url.service !== undefined && { service: url.service }),
    ...(url.name !== undefined && { name: url.name }),
    ...(url.host !== undefined && { host: url.host }),
    ...(url.statement !== undefined && { statementHash: url.statement }),
  };
  return {
    histogram: useApi('getLatencyHistogram', { query: filters }),
    heatmap: useApi('getLatencyHeatmap', { query: filters }),
    traces: useTracePages({
      ...filters,
      ...(url.minMs !== undefined && { minDurationMs: url.minMs }),
      ...(url.maxMs !== undefined && { maxDurationMs: url.maxMs }),
      sort: 'duration',
      limit: tracesShown,
    }),
  };
}
