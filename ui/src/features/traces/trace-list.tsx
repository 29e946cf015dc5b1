import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ApiError } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Card } from '../../widgets/card.tsx';
import layout from '../../widgets/layout.module.css';
import { Bones } from '../../widgets/loaded.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { EmptyState, ErrorState, SendSomething } from '../../widgets/states.tsx';
import { traceRows } from '../../widgets/trace-rows.ts';
import { TraceTable } from '../../widgets/trace-table.tsx';
import widgets from '../../widgets/widgets.module.css';
import type { TracesUrl } from './url.ts';
import { useTraces } from './use-traces.ts';

const route = getRouteApi('/traces');

export function TraceList({ url }: { readonly url: TracesUrl }) {
  const { nav, traces: text, common } = useMessages();
  const navigate = route.useNavigate();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useTraces(url);
  const rows = useMemo(() => data && traceRows(data.pages.flatMap(({ items }) => items)), [data]);
  const { sort = 'time', q, service, name, host, statement, status, minMs, maxMs, attribute } = url;
  const filtered = [q, service, name, host, statement, status, minMs, maxMs, attribute].some((filter) => filter !== undefined);
  const order = (
    <PillChoice
      label={text.order}
      value={sort}
      options={[
        { value: 'time', text: text.sortTime },
        { value: 'duration', text: text.sortDuration },
      ]}
      onChange={(next) =>
        void navigate({ search: (previous) => ({ ...previous, sort: next === 'duration' ? next : undefined }) })
      }
    />
  );
  return (
    <Card title={nav.traces} note={rows && text.shown(rows.length, hasNextPage)} aside={order}>
      {!rows && error && <ErrorState error={error as ApiError} onRetry={() => void refetch()} />}
      {!rows && !error && <Bones heightPx={420} />}
      {rows?.length === 0 &&
        (filtered ? <EmptyState reason={text.none} /> : <SendSomething reason={text.noneAtAll} what="service" />)}
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
