import { Link } from '@tanstack/react-router';
import type { ServiceError } from '@sonde/api';
import { useMemo, useState } from 'react';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatChange, formatCount, quantityText } from '../../base/quantity.ts';
import { formatFullMoment, formatMoment } from '../../base/time.ts';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { LastSeen } from '../../widgets/last-seen.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import type { Sort } from '../../widgets/sort-rows.ts';
import { EmptyState } from '../../widgets/states.tsx';
import { Tag } from '../../widgets/tag.tsx';
import widgets from '../../widgets/widgets.module.css';
import styles from './services.module.css';

/** What went wrong, one row for each fault. */
export function ErrorTable({ service, limit = 50 }: { readonly service: string; readonly limit?: number }) {
  const { serviceParts: text } = useMessages();
  const query = useApi('listServiceErrors', { params: { service }, query: { limit } });
  const [sort, setSort] = useState<Sort>();
  const columns = useErrorColumns();
  const total = query.data?.total;
  return (
    <Card
      title={text.errors}
      note={total && total.groups > 0 && text.errorsNote(quantityText(formatCount(total.count)), total.groups)}
    >
      <Loaded query={query} heightPx={260}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState quiet reason={text.noErrors} />
          ) : (
            <DataTable
              label={text.errors}
              columns={columns}
              rows={items}
              rowKey={({ type, message }) => JSON.stringify([type, message])}
              sort={sort}
              onSort={setSort}
              stale={query.isPlaceholderData}
              keys
            />
          )
        }
      </Loaded>
    </Card>
  );
}

function useErrorColumns(): Column<ServiceError>[] {
  const { common, serviceParts: text } = useMessages();
  return useMemo(
    (): Column<ServiceError>[] => [
      {
        id: 'error',
        header: text.errorType,
        minWidth: 220,
        cell: ({ type, message, isNew, example }) => (
          <span className={styles['error']} title={example.message || message}>
            <b>{type || text.untyped}</b>
            {isNew === true && (
              <Tag tone="bad" title={text.freshHint}>
                {text.fresh}
              </Tag>
            )}
            <span>{message}</span>
          </span>
        ),
      },
      { id: 'where', header: text.where, width: 170, drop: 1, cell: ({ names }) => <Ellipsis text={names.join(', ')} /> },
      {
        id: 'count',
        header: text.count,
        align: 'right',
        width: 76,
        sortKey: ({ count }) => count,
        cell: ({ count }) => <QuantityText of={formatCount(count)} />,
      },
      {
        id: 'change',
        header: text.change,
        align: 'right',
        width: 84,
        drop: 4,
        cell: ({ count, previousCount }) => (
          <QuantityText of={formatChange(count, previousCount)} tone={count > previousCount * 1.5 ? 'bad' : 'quiet'} />
        ),
      },
      {
        id: 'trend',
        header: common.trend,
        width: 108,
        drop: 5,
        cell: ({ trend, isNew }) => <Sparkline values={trend} tone={isNew === true ? 'bad' : 'quiet'} />,
      },
      {
        id: 'first',
        header: text.firstSeen,
        align: 'right',
        width: 104,
        drop: 2,
        sortKey: ({ firstSeenMs }) => firstSeenMs,
        cell: ({ firstSeenMs }) => <span title={formatFullMoment(firstSeenMs)}>{formatMoment(firstSeenMs)}</span>,
      },
      {
        id: 'last',
        header: common.lastSeen,
        align: 'right',
        width: 96,
        drop: 3,
        sortKey: ({ lastSeenMs }) => lastSeenMs,
        cell: ({ lastSeenMs }) => <LastSeen ms={lastSeenMs} />,
      },
      {
        id: 'example',
        header: text.example,
        width: 84,
        cell: ({ example: { traceId } }) => (
          <Link to="/traces/$traceId" params={{ traceId }} className={widgets['link']}>
            {text.openTrace}
          </Link>
        ),
      },
    ],
    [common, text],
  );
}
