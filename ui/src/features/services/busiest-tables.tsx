import { Link } from '@tanstack/react-router';
import type { TopItem } from '@sonde/api';
import { type ReactNode, useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import type { Interval } from '../../base/time-range.ts';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { NameLink } from '../../widgets/name-link.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { errorTone, perSecond } from './service-rows.ts';

const shown = 10;

/** What it serves, the most time first. */
export function EndpointTable({ service }: { readonly service: string }) {
  const { service: text } = useMessages();
  return (
    <BusiestTable service={service} of="endpoint" title={text.endpoints} empty={text.noEndpoints}>
      {({ key: { name = '' } }) => (
        <Link to="/latency" search={{ service, name }}>
          {name}
        </Link>
      )}
    </BusiestTable>
  );
}

/** What it asks its databases, the most time first. */
export function StatementTable({ service }: { readonly service: string }) {
  const { service: text } = useMessages();
  return (
    <BusiestTable service={service} of="statement" title={text.statements} empty={text.noStatements}>
      {({ key: { statement = '', statementHash = '' } }) => (
        <Link to="/top" search={{ of: 'statement', service, key: statementHash }} className={widgets['mono']}>
          {statement}
        </Link>
      )}
    </BusiestTable>
  );
}

/** What it sends to queues and reads from them, the most time first. */
export function QueueTable({ service }: { readonly service: string }) {
  const { serviceParts: text } = useMessages();
  return (
    <BusiestTable service={service} of="queue" title={text.queues} empty={text.noQueues}>
      {({ key: { destination = '' } }) => (
        <Link to="/top" search={{ of: 'queue', service }} className={widgets['mono']}>
          {destination}
        </Link>
      )}
    </BusiestTable>
  );
}

interface BusiestTableProps {
  readonly service: string;
  readonly of: 'endpoint' | 'statement' | 'queue';
  readonly title: string;
  readonly empty: string;
  readonly children: (item: TopItem) => ReactNode;
}

function BusiestTable({ service, of, title, empty, children }: BusiestTableProps) {
  const { common, nav } = useMessages();
  const query = useApi('getTop', { query: { by: 'hotspot', of, service, limit: shown } });
  const all = (
    <Link to="/top" search={{ of, service }} className={widgets['link']}>
      {nav.top}
    </Link>
  );
  return (
    <Card title={title} aside={all}>
      <Loaded query={query} heightPx={200}>
        {({ items, range }) =>
          items.length === 0 ? (
            <EmptyState quiet reason={empty} />
          ) : (
            <Rows label={title || common.name} items={items} range={range} name={children} stale={query.isPlaceholderData} />
          )
        }
      </Loaded>
    </Card>
  );
}

interface RowsProps {
  readonly label: string;
  readonly items: readonly TopItem[];
  readonly range: Interval;
  readonly name: (item: TopItem) => ReactNode;
  readonly stale: boolean;
}

function Rows({ label, items, range, name, stale }: RowsProps) {
  const columns = useBusiestColumns(range, name);
  return <DataTable label={label} columns={columns} rows={items} rowKey={({ key }) => JSON.stringify(key)} stale={stale} />;
}

function useBusiestColumns(range: Interval, name: (item: TopItem) => ReactNode): Column<TopItem>[] {
  const { common, service: text } = useMessages();
  return useMemo(
    (): Column<TopItem>[] => [
      {
        id: 'name',
        header: common.name,
        minWidth: 180,
        cell: (item) => (
          <NameLink name={item.key.statement ?? item.key.name ?? item.key.destination ?? ''}>{name(item)}</NameLink>
        ),
      },
      {
        id: 'requests',
        header: common.requestsPerSecond,
        align: 'right',
        width: 92,
        cell: ({ requests }) => <QuantityText of={formatNumber(perSecond(requests, range))} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 76,
        drop: 2,
        cell: ({ requests, errors }) => (
          <QuantityText of={formatRatio(errors / Math.max(1, requests))} tone={errorTone(errors / Math.max(1, requests))} />
        ),
      },
      {
        id: 'p95',
        header: 'p95',
        align: 'right',
        width: 82,
        cell: ({ p95Ns }) => <QuantityText of={formatMilliseconds(p95Ns)} />,
      },
      {
        id: 'total',
        header: text.total,
        align: 'right',
        width: 92,
        drop: 3,
        cell: ({ totalNs }) => <QuantityText of={formatDuration(totalNs)} />,
      },
      { id: 'share', header: text.share, width: 124, drop: 1, cell: ({ share }) => <ShareBar share={share} /> },
    ],
    [common, text, name, range],
  );
}
