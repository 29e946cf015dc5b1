import { useMemo } from 'react';
import { useApi } from '../../base/use-api.ts';
import { traceView } from './trace-view.ts';

export function useTrace(traceId: string) {
  const query = useApi('getTrace', { params: { traceId } }, { timed: false });
  const view = useMemo(() => query.data && traceView(query.data), [query.data]);
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
