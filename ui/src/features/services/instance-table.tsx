import { Link } from '@tanstack/react-router';
import type { ServiceDetail, ServiceInstance } from '@sonde/api';
import { useMemo, useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import { errorShare, perSecond } from '../../base/rates.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { LastSeen } from '../../widgets/last-seen.tsx';
import { NameLink } from '../../widgets/name-link.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import type { Sort } from '../../widgets/sort-rows.ts';
import { EmptyState } from '../../widgets/states.tsx';
import { errorTone } from './service-rows.ts';

/** The instances and the machines they run on: one that is apart from its peers stands out. */
export function InstanceTable({ detail }: { readonly detail: ServiceDetail }) {
  const { service: text } = useMessages();
  const [sort, setSort] = useState<Sort>();
  const columns = useInstanceColumns(detail.range);
  return (
    <Card title={text.instances}>
      {detail.instances.length === 0 ? (
        <EmptyState quiet reason={text.noInstances} />
      ) : (
        <DataTable
          label={text.instances}
          columns={columns}
          rows={detail.instances}
          rowKey={({ instance, host }) => JSON.stringify([instance, host])}
          sort={sort}
          onSort={setSort}
        />
      )}
    </Card>
  );
}

function useInstanceColumns(range: ServiceDetail['range']): Column<ServiceInstance>[] {
  const { common, service: text } = useMessages();
  return useMemo((): Column<ServiceInstance>[] => {
    const percentile = (id: 'p50' | 'p95' | 'p99', drop: number): Column<ServiceInstance> => ({
      id,
      header: id,
      align: 'right',
      width: 88,
      ...(drop > 0 && { drop }),
      sortKey: (row) => row[`${id}Ns`],
      cell: (row) => <QuantityText of={formatMilliseconds(row[`${id}Ns`])} />,
    });
    return [
      {
        id: 'instance',
        header: common.instance,
        sortKey: (row) => row.instance,
        cell: ({ instance }) => <Ellipsis mono text={instance || '–'} />,
      },
      {
        id: 'host',
        header: common.host,
        minWidth: 120,
        drop: 7,
        sortKey: (row) => row.host,
        cell: ({ host }) =>
          host === '' ? (
            '–'
          ) : (
            <NameLink name={host}>
              <Link to="/hosts/$host" params={{ host }}>
                {host}
              </Link>
            </NameLink>
          ),
      },
      { id: 'version', header: common.version, width: 90, drop: 3, cell: ({ version }) => <Ellipsis text={version || '–'} /> },
      {
        id: 'requests',
        header: common.requestsPerSecond,
        align: 'right',
        width: 100,
        drop: 6,
        sortKey: (row) => row.requests,
        cell: ({ requests }) => <QuantityText of={formatNumber(perSecond(requests, range))} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 80,
        drop: 9,
        sortKey: errorShare,
        cell: (row) => <QuantityText of={formatRatio(errorShare(row))} tone={errorTone(errorShare(row))} />,
      },
      percentile('p50', 2),
      percentile('p95', 8),
      percentile('p99', 4),
      {
        id: 'hostCpu',
        header: text.cpuOfHost,
        width: 150,
        drop: 5,
        sortKey: (row) => row.hostCpu,
        cell: ({ hostCpu }) => <ShareBar share={hostCpu} tone={hostCpu !== null && hostCpu > 0.85 ? 'bad' : undefined} />,
      },
      {
        id: 'lastSeen',
        header: common.lastSeen,
        align: 'right',
        width: 96,
        drop: 1,
        sortKey: (row) => row.lastSeenMs,
        cell: ({ lastSeenMs }) => <LastSeen ms={lastSeenMs} />,
      },
    ];
  }, [common, text, range]);
}
