import { keepPreviousData, type QueryKey, useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { type ApiError, type Arguments, callApi, type OperationId, type Query, type Reply } from './api-client.ts';
import { inEnvironment, useEnvironment } from './use-environment.ts';
import { type Interval, resolveTimeRange, type TimeRange } from './time-range.ts';
import { useTimeRange } from './use-time-range.ts';

const liveIntervalMs = 10_000;

export interface ApiOptions {
  readonly enabled?: boolean;
  /** Ask for the time range of the page (the default), or for no range other than what `query` says. */
  readonly timed?: boolean;
  /** Show the rows of the question before until those of this one are there. Off: only a change of the time range does that. A function judges the query of the question before. */
  readonly keepRows?: boolean | ((before: Readonly<Record<string, unknown>>) => boolean);
  /** Of all environments, whichever is chosen. */
  readonly everywhere?: boolean;
}

/**
 * One question to the API. "The last hour" is resolved when it is fetched, not when it is drawn: the cache knows it by that name, so what was
 * seen a moment ago is shown at once and brought up to date behind.
 */
export function useApi<K extends OperationId>(
  id: K,
  asked: Arguments<K>,
  options: ApiOptions = {},
): UseQueryResult<Reply<K>, ApiError> {
  const { enabled = true, timed = true, keepRows = false } = options;
  const { range, live } = useTimeRange();
  const { environment } = useEnvironment();
  const args = options.everywhere === true ? asked : inEnvironment(id, asked, environment);
  const question = [id, args.params ?? null, args.query ?? null];
  const result = useQuery<unknown, ApiError>({
    queryKey: [...question, timed ? range : null],
    queryFn: ({ signal }) => callApi(id, timed ? within(args, range) : args, signal),
    enabled,
    placeholderData: (previous: unknown, query?: { readonly queryKey: QueryKey }) => {
      const [, , before] = query?.queryKey ?? [];
      const keeps = typeof keepRows === 'function' ? isObject(before) && keepRows(before) : keepRows;
      return keeps || sameQuestion(query?.queryKey, question) ? previous : undefined;
    },
    refetchInterval: live && timed && range.kind === 'relative' ? liveIntervalMs : false,
  });
  // The key names the operation, so its data is that operation's reply.
  return result as UseQueryResult<Reply<K>, ApiError>;
}

/** Traces page by page: all pages belong to the range that the first was answered for. `interval`: instead of the range of the page. */
export function useTracePages(asked: Query<'listTraces'>, interval?: Interval) {
  const { range: pageRange, live } = useTimeRange();
  const { environment } = useEnvironment();
  const range: TimeRange = interval ? { kind: 'absolute', ...interval } : pageRange;
  const { query = asked } = inEnvironment('listTraces', { query: asked }, environment);
  return useInfiniteQuery({
    queryKey: ['listTraces', 'pages', query, range],
    initialPageParam: undefined as { from: string; to: string; cursor: string } | undefined,
    queryFn: ({ pageParam, signal }) =>
      callApi('listTraces', pageParam ? { query: { ...query, ...pageParam } } : within({ query }, range), signal),
    getNextPageParam: (page: Reply<'listTraces'>) =>
      page.nextCursor === undefined
        ? undefined
        : { from: String(page.range.fromMs), to: String(page.range.toMs), cursor: page.nextCursor },
    placeholderData: keepPreviousData,
    // Who has scrolled on reads: the list stays as it is, and its pages are not all asked for again.
    refetchInterval: ({ state }) =>
      live && range.kind === 'relative' && (state.data?.pages.length ?? 0) < 2 ? liveIntervalMs : false,
  });
}

function within<K extends OperationId>(args: Arguments<K>, range: TimeRange): Arguments<K> {
  const { fromMs, toMs } = resolveTimeRange(range, Date.now());
  return { ...args, query: { ...args.query, from: String(Math.floor(fromMs)), to: String(Math.ceil(toMs)) } as Query<K> };
}

function sameQuestion(key: QueryKey | undefined, question: readonly unknown[]): boolean {
  return key !== undefined && JSON.stringify(key.slice(0, question.length)) === JSON.stringify(question);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
