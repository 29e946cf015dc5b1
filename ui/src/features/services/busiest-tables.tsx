import { Link } from '@tanstack/react-router';
import type { TopItem } from '@sonde/api';
import type { ReactNode } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import type { Interval } from '../../base/time-range.ts';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { useCostColumns } from '../../widgets/use-cost-columns.tsx';
import widgets from '../../widgets/widgets.module.css';
import { errorTone } from './service-rows.ts';

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

const textOf = ({ key: { destination, name, statement } }: TopItem) => statement ?? name ?? destination ?? '';

function Rows({ label, items, range, name, stale }: RowsProps) {
  const { common } = useMessages();
  const columns = useCostColumns({ range, errorTone, header: common.name, textOf, nameOf: name });
  return <DataTable label={label} columns={columns} rows={items} rowKey={({ key }) => JSON.stringify(key)} stale={stale} />;
}
