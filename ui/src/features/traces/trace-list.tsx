import { useCallback, useMemo } from 'react';
import type { ApiError } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import layout from '../../widgets/layout.module.css';
import { Bones } from '../../widgets/loaded.tsx';
import { ErrorState } from '../../widgets/states.tsx';
import { traceRows } from '../../widgets/trace-rows.ts';
import { TraceTable } from '../../widgets/trace-table.tsx';
import widgets from '../../widgets/widgets.module.css';
import { NoTraces } from './no-traces.tsx';
import type { TracesUrl } from './url.ts';
import type { useTraces } from './use-traces.ts';

export function TraceList({ url, pages }: { readonly url: TracesUrl; readonly pages: ReturnType<typeof useTraces> }) {
  const { traces: text, common } = useMessages();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData } =
    pages;
  const rows = useMemo(() => data && traceRows(data.pages.flatMap(({ items }) => items)), [data]);
  // A page that failed is asked for again by the button, not for ever.
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && !isPlaceholderData) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData, fetchNextPage]);
  if (!rows) {
    return error ? <ErrorState error={error as ApiError} onRetry={() => void refetch()} /> : <Bones heightPx={420} />;
  }
  if (rows.length === 0) return <NoTraces url={url} />;
  return (
    <>
      <TraceTable rows={rows} stale={isPlaceholderData} keys virtual={{ isWhole: !hasNextPage, onEnd }} />
      <div className={layout['more']}>
        {hasNextPage ? (
          <button type="button" className={widgets['pill']} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? common.loading : common.loadMore}
          </button>
        ) : (
          <small>{text.shown(rows.length, false)}</small>
        )}
      </div>
    </>
  );
}
