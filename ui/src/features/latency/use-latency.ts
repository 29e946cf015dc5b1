import { useApi, useTracePages } from '../../base/use-api.ts';
import { comparedPeriod } from './periods.ts';
import type { LatencyUrl } from './url.ts';

const tracesShown = 20;

export function useLatency(url: LatencyUrl) {
  const filters = {
    ...(url.service !== undefined && { service: url.service }),
    ...(url.name !== undefined && { name: url.name }),
    ...(url.host !== undefined && { host: url.host }),
    ...(url.statement !== undefined && { statementHash: url.statement }),
  };
  const histogram = useApi('getLatencyHistogram', { query: filters });
  const other = histogram.data && url.compare && comparedPeriod(histogram.data.range, url.compare);
  const compared = useApi(
    'getLatencyHistogram',
    { query: { ...filters, ...(other && { from: String(other.fromMs), to: String(other.toMs) }) } },
    { timed: false, enabled: other !== undefined, keepRows: true },
  );
  return {
    histogram,
    /** The same of the period that it is compared with. */
    compared: url.compare === undefined ? undefined : compared.data,
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
