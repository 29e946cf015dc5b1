import { callApi } from '../../base/api-client.ts';

/** The question of the trace page: asked as soon as its address is known, while the page itself is still being loaded. */
export const traceQuery = (traceId: string) => ({
  queryKey: ['getTraceColumns', traceId],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => callApi('getTraceColumns', { params: { traceId } }, signal),
  // To find out what of a hundred thousand spans is as before costs more than to show them anew.
  structuralSharing: false,
});
