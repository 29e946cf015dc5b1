import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ApiError } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import type { useTracePages } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { Chip } from '../../widgets/chip.tsx';
import layout from '../../widgets/layout.module.css';
import { Bones } from '../../widgets/loaded.tsx';
import { EmptyState, ErrorState } from '../../widgets/states.tsx';
import { traceRows } from '../../widgets/trace-rows.ts';
import { TraceTable } from '../../widgets/trace-table.tsx';
import widgets from '../../widgets/widgets.module.css';
import type { LatencyUrl } from './url.ts';

const route = getRouteApi('/latency');

export interface LatencyTracesProps {
  readonly url: LatencyUrl;
  readonly pages: ReturnType<typeof useTracePages>;
}

/** The traces behind the distribution, or behind the part of it that was brushed; the longest first. */
export function LatencyTraces({ url: { minMs, maxMs }, pages }: LatencyTracesProps) {
  const { common, latency: text, traces } = useMessages();
  const navigate = route.useNavigate();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = pages;
  const rows = useMemo(() => data && traceRows(data.pages.flatMap(({ items }) => items)), [data]);
  const brushed = minMs !== undefined || maxMs !== undefined;
  const clear = () =>
    void navigate({ replace: true, search: (previous) => ({ ...previous, minMs: undefined, maxMs: undefined }) });
  return (
    <Card
      title={text.traces}
      note={traces.sortDuration}
      aside={brushed && <Chip name={common.duration} value={`${bound(minMs)} – ${bound(maxMs)}`} onRemove={clear} />}
    >
      {!rows && error && <ErrorState error={error as ApiError} onRetry={() => void refetch()} />}
      {!rows && !error && <Bones heightPx={320} />}
      {rows?.length === 0 && <EmptyState quiet reason={traces.none} />}
      {rows && rows.length > 0 && <TraceTable rows={rows} stale={isPlaceholderData} keys />}
      {hasNextPage && (
        <div className={layout['more']}>
          <button type="button" className={widgets['pill']} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? common.loading : common.loadMore}
          </button>
        </div>
      )}
    </Card>
  );
}

function bound(ms: number | undefined): string {
  return ms === undefined ? '…' : quantityText(formatDuration(ms * 1e6));
}
