import type { Trace, TraceColumns } from '@sonde/api';
import { useQuery } from '@tanstack/react-query';
import type { ApiError } from '../../base/api-client.ts';
import { storedTrace } from './stored-span.ts';
import { traceQuery } from './trace-query.ts';

/** A trace by its id, whose spans are read from columns as they are looked at; undefined asks for none. */
export function useStoredTrace(traceId: string | undefined) {
  return useQuery<TraceColumns, ApiError, Trace>({
    ...traceQuery(traceId ?? ''),
    select: storedTrace,
    enabled: traceId !== undefined,
  });
}
