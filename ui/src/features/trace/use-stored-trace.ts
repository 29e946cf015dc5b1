import type { Trace } from '@sonde/api';
import { useQuery } from '@tanstack/react-query';
import { type ApiError, callApi } from '../../base/api-client.ts';
import { storedTrace } from './stored-span.ts';

/** A trace by its id, whose spans are read from columns as they are looked at; undefined asks for none. */
export function useStoredTrace(traceId: string | undefined) {
  return useQuery<Trace, ApiError>({
    queryKey: ['getTraceColumns', traceId ?? null],
    queryFn: async ({ signal }) =>
      storedTrace(await callApi('getTraceColumns', { params: { traceId: traceId ?? '' } }, signal)),
    enabled: traceId !== undefined,
    // To find out what of a hundred thousand spans is as before costs more than to show them anew.
    structuralSharing: false,
  });
}
