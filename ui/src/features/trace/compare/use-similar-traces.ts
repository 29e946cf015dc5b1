import type { TraceSummary } from '@sonde/api';
import { useMemo } from 'react';
import { useApi } from '../../../base/use-api.ts';
import { type SimilarTrace, similarTraces } from './similar-traces.ts';

/** Other traces that began as this one did, in the time range of the page. */
export function useSimilarTraces(
  of: { readonly traceId: string; readonly service: string; readonly name: string } | undefined,
) {
  const query = { service: of?.service ?? '', name: of?.name ?? '' };
  const enabled = of !== undefined;
  const slowest = useApi('listTraces', { query: { ...query, sort: 'duration', limit: 3 } }, { enabled });
  const recent = useApi('listTraces', { query: { ...query, limit: 100 } }, { enabled });
  const items = useMemo((): readonly SimilarTrace[] | undefined => {
    if (!of || !slowest.data || !recent.data) return undefined;
    const ofRoot = ({ root, traceId }: TraceSummary) =>
      root.service === of.service && root.name === of.name && traceId !== of.traceId;
    return similarTraces(slowest.data.items.filter(ofRoot), recent.data.items.filter(ofRoot));
  }, [of, slowest.data, recent.data]);
  return { items, error: slowest.error ?? recent.error };
}
