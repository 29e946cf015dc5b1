import { useMemo } from 'react';
import { useApi } from '../../base/use-api.ts';
import { useServiceColors } from '../../base/use-service-colors.ts';
import { traceView } from './trace-view.ts';

export function useTrace(traceId: string) {
  const query = useApi('getTrace', { params: { traceId } }, { timed: false });
  const colorOf = useServiceColors();
  const view = useMemo(() => query.data && traceView(query.data, colorOf), [query.data, colorOf]);
  return { query, view };
}

const aroundMs = 5 * 60_000;

/** A host in the minutes around a moment. */
export function useHostAround(host: string, ms: number) {
  return useApi(
    'getHost',
    { params: { host }, query: { from: String(Math.floor(ms - aroundMs)), to: String(Math.ceil(ms + aroundMs)) } },
    { timed: false, enabled: host !== '' },
  );
}
