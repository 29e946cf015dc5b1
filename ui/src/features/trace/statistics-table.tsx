import { useMemo, useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatMilliseconds } from '../../base/quantity.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import type { Sort } from '../../widgets/sort-rows.ts';
import { Swatch } from '../../widgets/tag.tsx';
import { type StatisticsRow, statisticsRows } from './statistics-rows.ts';
import styles from './trace.module.css';
import type { TraceView } from './trace-view.ts';

export function StatisticsTable({ view }: { readonly view: TraceView }) {
  const { trace: text } = useMessages();
  const [by, setBy] = useState<'service' | 'name'>('name');
  const [sort, setSort] = useState<Sort>({ column: 'self', descending: true });
  const rows = useMemo(() => statisticsRows(view.nodes, by), [view, by]);
  const columns = useStatisticsColumns(by);
  return (
    <Card
      className={styles['main']}
      title={text.statistics}
      aside={
        <PillChoice
          label={text.statistics}
          value={by}
          options={[
            { value: 'name', text: text.byName },
            { value: 'service', text: text.byService },
          ]}
          onChange={setBy}
        />
      }
    >
      <div className={styles['statistics']}>
        <DataTable
          label={text.statistics}
          columns={columns}
          rows={rows}
          rowKey={({ key }) => key}
          sort={sort}
          onSort={setSort}
          keys
        />
      </div>
    </Card>
  );
}

function useStatisticsColumns(by: 'service' | 'name'): Column<StatisticsRow>[] {
  const { common, trace: text } = useMessages();
  return useMemo(
    (): Column<StatisticsRow>[] => [
      {
        id: 'name',
        header: by === 'name' ? text.columnName : common.service,
        sortKey: ({ label, name }) => `${label} ${name}`,
        cell: ({ label, name, color }) => (
          <span className={styles['subject']} title={`${label} ${name}`}>
            <Swatch color={color} />
            {label} {name !== '' && <small>{name}</small>}
          </span>
        ),
      },
      {
        id: 'count',
        header: text.count,
        align: 'right',
        width: 90,
        sortKey: (row) => row.count,
        cell: ({ count }) => <QuantityText of={formatCount(count)} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 90,
        sortKey: (row) => row.errors,
        cell: ({ errors }) => <QuantityText of={formatCount(errors)} tone={errors > 0 ? 'bad' : 'quiet'} />,
      },
      {
        id: 'total',
        header: text.total,
        align: 'right',
        width: 110,
        sortKey: (row) => row.totalNs,
        cell: ({ totalNs }) => <QuantityText of={formatMilliseconds(totalNs)} />,
      },
      {
        id: 'self',
        header: text.selfColumn,
        hint: text.selfHint,
        align: 'right',
        width: 110,
        sortKey: (row) => row.selfNs,
        cell: ({ selfNs }) => <QuantityText of={formatMilliseconds(selfNs)} />,
      },
      {
        id: 'critical',
        header: text.criticalPath,
        hint: text.criticalHint,
        align: 'right',
        width: 110,
        drop: 1,
        sortKey: (row) => row.criticalNs,
        cell: ({ criticalNs }) => <QuantityText of={formatMilliseconds(criticalNs)} />,
      },
      {
        id: 'share',
        header: text.share,
        width: 180,
        sortKey: (row) => row.share,
        cell: ({ share }) => <ShareBar share={share} />,
      },
    ],
    [by, common, text],
  );
}
