import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../base/messages/use-messages.tsx';
import { formatCount, formatMilliseconds } from '../base/quantity.ts';
import { formatFullMoment, formatMoment } from '../base/time.ts';
import { useServiceColors } from '../base/use-service-colors.ts';
import { type Column, DataTable, type DataTableProps } from './data-table.tsx';
import { QuantityText } from './quantity-text.tsx';
import { Swatch } from './tag.tsx';
import type { TraceRow } from './trace-rows.ts';
import styles from './trace-table.module.css';

/** Traces, one a row; each leads to its waterfall. */
export function TraceTable({
  rows,
  stale = false,
  keys = false,
  virtual,
}: {
  readonly rows: readonly TraceRow[];
  readonly stale?: boolean;
  readonly keys?: boolean;
  readonly virtual?: DataTableProps<TraceRow>['virtual'];
}) {
  const { nav } = useMessages();
  const navigate = useNavigate();
  const columns = useTraceColumns();
  return (
    <DataTable
      label={nav.traces}
      columns={columns}
      rows={rows}
      rowKey={({ traceId }) => traceId}
      onOpen={({ traceId }) => void navigate({ to: '/traces/$traceId', params: { traceId } })}
      stale={stale}
      keys={keys}
      virtual={virtual}
    />
  );
}

function useTraceColumns(): Column<TraceRow>[] {
  const { common, traces: text } = useMessages();
  const colorOf = useServiceColors();
  return useMemo(
    () => [
      {
        id: 'started',
        header: text.started,
        width: 158,
        drop: 5,
        cell: ({ startMs }) => <span title={formatFullMoment(startMs)}>{formatMoment(startMs, true)}</span>,
      },
      {
        id: 'root',
        header: text.root,
        minWidth: 200,
        cell: ({ traceId, rootService, rootName }) => (
          <Link to="/traces/$traceId" params={{ traceId }} className={styles['root']} title={`${rootService} ${rootName}`}>
            <Swatch color={colorOf(rootService)} />
            {rootService} <small>{rootName}</small>
          </Link>
        ),
      },
      {
        id: 'duration',
        header: common.duration,
        align: 'right',
        width: 200,
        drop: 6,
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
      {
        id: 'spans',
        header: common.spans,
        align: 'right',
        width: 72,
        drop: 3,
        cell: ({ spanCount }) => <QuantityText of={formatCount(spanCount)} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 72,
        drop: 4,
        cell: ({ errorCount }) => <QuantityText of={formatCount(errorCount)} tone={errorCount > 0 ? 'bad' : 'quiet'} />,
      },
      {
        id: 'services',
        header: common.services,
        minWidth: 180,
        drop: 1,
        cell: ({ services }) => (
          <span className={styles['services']} title={services.map(({ name, spans }) => `${name} ${spans}`).join('\n')}>
            <i className={styles['shares']} aria-hidden>
              {services.map(({ name, spans }) => (
                <u key={name} style={{ flexGrow: spans, background: `var(--c${colorOf(name)})` }} />
              ))}
            </i>
            {services.map(({ name }) => (
              <span key={name}>
                <Swatch color={colorOf(name)} />
                {name}
              </span>
            ))}
          </span>
        ),
      },
    ],
    [common, text, colorOf],
  );
}
