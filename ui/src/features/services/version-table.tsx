import type { Reply } from '../../base/api-client.ts';
import { useMemo } from 'react';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatChange, formatCount, formatMilliseconds, formatRatio, type Quantity } from '../../base/quantity.ts';
import { formatFullMoment, formatMoment } from '../../base/time.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import styles from './services.module.css';
import { changeTone, type VersionRow, versionRows } from './version-rows.ts';

/** Before and after: each version's figures, and how they changed against the version before it. */
export function VersionTable({ versions: { items } }: { readonly versions: Reply<'listServiceVersions'> }) {
  const { serviceParts: text } = useMessages();
  const rows = useMemo(() => versionRows(items), [items]);
  const columns = useVersionColumns();
  return (
    <Card title={text.versions} note={text.versionsNote}>
      {items.every(({ version }) => version === '') ? (
        <EmptyState quiet reason={text.noVersions} />
      ) : (
        <DataTable label={text.versions} columns={columns} rows={rows} rowKey={({ version }) => version} keys />
      )}
    </Card>
  );
}

function Changed({
  of,
  now,
  before,
}: {
  readonly of: Quantity;
  readonly now: number | null;
  readonly before: number | null | undefined;
}) {
  const tone = changeTone(now, before);
  return (
    <span className={styles['change']}>
      <small>
        <QuantityText
          of={before === undefined || before === null ? { value: '', unit: '' } : formatChange(now, before)}
          tone={tone}
        />
      </small>
      <QuantityText of={of} tone={tone === 'bad' ? 'bad' : undefined} />
    </span>
  );
}

function useVersionColumns(): Column<VersionRow>[] {
  const { common, services, serviceParts: text } = useMessages();
  return useMemo(() => {
    const percentile = (id: 'p50' | 'p95' | 'p99', drop?: number): Column<VersionRow> => ({
      id,
      header: id,
      align: 'right',
      width: 130,
      ...(drop !== undefined && { drop }),
      cell: (row) => <Changed of={formatMilliseconds(row[`${id}Ns`])} now={row[`${id}Ns`]} before={row.before?.[`${id}Ns`]} />,
    });
    return [
      {
        id: 'version',
        header: common.version,
        minWidth: 90,
        cell: ({ version }) => <Ellipsis text={version || text.noVersion} />,
      },
      {
        id: 'first',
        header: text.firstSeen,
        align: 'right',
        width: 104,
        drop: 4,
        cell: ({ firstSeenMs }) =>
          firstSeenMs === null ? '–' : <span title={formatFullMoment(firstSeenMs)}>{formatMoment(firstSeenMs)}</span>,
      },
      {
        id: 'instances',
        header: services.instances,
        align: 'right',
        width: 90,
        drop: 1,
        cell: ({ instances }) => <QuantityText of={formatCount(instances)} />,
      },
      { id: 'trend', header: text.traffic, width: 108, drop: 5, cell: ({ trend }) => <Sparkline values={trend} /> },
      {
        id: 'requests',
        header: common.requests,
        align: 'right',
        width: 92,
        drop: 6,
        cell: ({ requests }) => <QuantityText of={formatCount(requests)} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 120,
        cell: ({ errorShare, before }) => <Changed of={formatRatio(errorShare)} now={errorShare} before={before?.errorShare} />,
      },
      percentile('p50', 2),
      percentile('p95'),
      percentile('p99', 3),
    ];
  }, [common, services, text]);
}
