import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ApiError } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatMilliseconds } from '../../base/quantity.ts';
import { formatFullMoment, formatMoment } from '../../base/time.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import layout from '../../widgets/layout.module.css';
import { Bones } from '../../widgets/loaded.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { EmptyState, ErrorState, SendSomething } from '../../widgets/states.tsx';
import { Swatch } from '../../widgets/tag.tsx';
import widgets from '../../widgets/widgets.module.css';
import { type TraceRow, traceRows } from './trace-rows.ts';
import styles from './traces.module.css';
import type { TracesUrl } from './url.ts';
import { useTraces } from './use-traces.ts';

const route = getRouteApi('/traces');

export function TraceList({ url }: { readonly url: TracesUrl }) {
  const { nav, traces: text, common } = useMessages();
  const goTo = useNavigate();
  const navigate = route.useNavigate();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useTraces(url);
  const rows = useMemo(() => data && traceRows(data.pages.flatMap(({ items }) => items)), [data]);
  const columns = useTraceColumns();
  const { sort, ...filters } = url;
  return (
    <Card
      title={nav.traces}
      note={rows && text.shown(rows.length, hasNextPage)}
      aside={
        <PillChoice
          label={common.trend}
          value={sort ?? 'time'}
          options={[
            { value: 'time', text: text.sortTime },
            { value: 'duration', text: text.sortDuration },
          ]}
          onChange={(next) =>
            void navigate({ search: (previous) => ({ ...previous, sort: next === 'duration' ? 'duration' : undefined }) })
          }
        />
      }
    >
      {!rows && error && <ErrorState error={error as ApiError} onRetry={() => void refetch()} />}
      {!rows && !error && <Bones heightPx={420} />}
      {rows?.length === 0 &&
        (Object.keys(filters).length > 0 ? <EmptyState reason={text.none} /> : <SendSomething reason={text.noneAtAll} what="service" />)}
      {rows && rows.length > 0 && (
        <DataTable
          label={nav.traces}
          columns={columns}
          rows={rows}
          rowKey={({ traceId }) => traceId}
          onOpen={({ traceId }) => void goTo({ to: '/traces/$traceId', params: { traceId } })}
          stale={isPlaceholderData}
          keys
        />
      )}
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

function useTraceColumns(): Column<TraceRow>[] {
  const { common, traces: text } = useMessages();
  return useMemo(
    () => [
      {
        id: 'started',
        header: text.started,
        width: 158,
        cell: ({ startMs }) => <span title={formatFullMoment(startMs)}>{formatMoment(startMs, Date.now(), true)}</span>,
      },
      {
        id: 'root',
        header: text.root,
        cell: ({ traceId, rootColor, rootService, rootName }) => (
          <Link to="/traces/$traceId" params={{ traceId }} className={styles['root']} title={`${rootService} ${rootName}`}>
            <Swatch color={rootColor} />
            {rootService} <small>{rootName}</small>
          </Link>
        ),
      },
      {
        id: 'duration',
        header: common.duration,
        align: 'right',
        width: 200,
        cell: ({ durationNs, durationShare, errorCount }) => (
          <span className={styles['duration']}>
            <i data-bad={errorCount > 0 || undefined} aria-hidden>
              <u style={{ width: `${durationShare * 100}%` }} />
            </i>
            <span>
              <QuantityText of={formatMilliseconds(durationNs)} />
            </span>
          </span>
        ),
      },
      { id: 'spans', header: common.spans, align: 'right', width: 72, cell: ({ spanCount }) => <QuantityText of={formatCount(spanCount)} /> },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 72,
        cell: ({ errorCount }) => <QuantityText of={formatCount(errorCount)} tone={errorCount > 0 ? 'bad' : 'quiet'} />,
      },
      {
        id: 'services',
        header: common.services,
        width: '26%',
        cell: ({ services }) => (
          <span className={styles['services']} title={services.map(({ name, spans }) => `${name} ${spans}`).join('\n')}>
            {services.map(({ name, color }) => (
              <span key={name}>
                <Swatch color={color} />
                {name}
              </span>
            ))}
          </span>
        ),
      },
    ],
    [common, text],
  );
}
