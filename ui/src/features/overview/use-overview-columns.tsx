import { IconStethoscope } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Overview } from '@sonde/api';
import { type ReactNode, useMemo } from 'react';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, formatMilliseconds, formatNumber, formatRatio, quantityText } from '../../base/quantity.ts';
import type { Column } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import type { ApiRow, HostRow } from './overview-rows.ts';
import widgets from '../../widgets/widgets.module.css';
import styles from './overview.module.css';
import { TimeSplit } from './time-split.tsx';

type Row = ApiRow | HostRow;

/** Of an API; a host beneath it has only a name. */
const ofApi = (cell: (row: ApiRow) => ReactNode) => (row: Row) => (row.kind === 'api' ? cell(row) : null);

export function useOverviewColumns(objective: Overview['objective'] | undefined): Column<Row>[] {
  const { common, diagnose, overview: text, services } = useMessages();
  const okShare = quantityText(formatRatio(objective?.okShare));
  const p99Max = quantityText(formatDuration(objective?.p99Ns));
  return useMemo(() => {
    const percentile = (id: 'p50' | 'p95' | 'p99', drop: number): Column<Row> => ({
      id,
      header: id,
      hint: services.percentileHint(Number(id.slice(1))),
      align: 'right',
      width: 96,
      drop,
      cell: ofApi(({ api: { service, name, ...api }, isSlow }) => (
        <Link className={styles['figure']} to="/latency" search={{ service, name }}>
          <QuantityText of={formatMilliseconds(api[`${id}Ns`])} tone={id === 'p99' && isSlow ? 'warn' : undefined} />
        </Link>
      )),
    });
    return [
      {
        id: 'api',
        header: text.api,
        minWidth: 190,
        cell: (row) => (row.kind === 'api' ? <ApiName row={row} /> : <HostName row={row} />),
      },
      {
        id: 'service',
        header: common.service,
        width: 120,
        drop: 4,
        cell: ofApi(({ api: { service } }) => (
          <Link className={styles['figure']} to="/services/$service" params={{ service }}>
            <Ellipsis text={service} />
          </Link>
        )),
      },
      {
        id: 'budget',
        header: text.budget,
        hint: `${text.objectiveHint(okShare, p99Max)} ${text.budgetHint}`,
        align: 'right',
        width: 96,
        drop: 6,
        cell: ofApi(({ budgetLeft }) => (
          <QuantityText of={signedRatio(budgetLeft)} tone={budgetLeft !== null && budgetLeft < 0 ? 'bad' : undefined} />
        )),
      },
      {
        id: 'requests',
        header: common.requestsPerSecond,
        align: 'right',
        width: 96,
        drop: 8,
        cell: ofApi(({ api: { service, name }, requestsPerSecond }) => (
          <Link className={styles['figure']} to="/traces" search={{ service, name }}>
            <QuantityText of={formatNumber(requestsPerSecond)} />
          </Link>
        )),
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 80,
        cell: ofApi(({ api: { service, name, reason }, errorShare }) => (
          <Link className={styles['figure']} to="/traces" search={{ service, name, status: 'error' }}>
            <QuantityText of={formatRatio(errorShare)} tone={reason === 'errors' ? 'bad' : 'quiet'} />
          </Link>
        )),
      },
      percentile('p50', 3),
      percentile('p95', 10),
      percentile('p99', 5),
      {
        id: 'trend',
        header: text.p95Trend,
        width: 112,
        drop: 2,
        cell: ofApi(({ api: { trend }, tone }) => <Sparkline values={trend} tone={tone === 'bad' ? 'bad' : 'quiet'} />),
      },
      {
        id: 'time',
        header: text.goes,
        hint: text.goesHint,
        width: 170,
        drop: 7,
        cell: ofApi(({ time }) => (time.length === 0 ? '–' : <TimeSplit time={time} />)),
      },
      {
        id: 'diagnose',
        header: '',
        width: 48,
        drop: 9,
        cell: ofApi(({ api: { name, service } }) => (
          <Link
            className={widgets['iconButton']}
            to="/diagnose"
            search={{ service, name }}
            title={diagnose.open(`${service} ${name}`)}
          >
            <IconStethoscope size={16} stroke={1.6} aria-label={diagnose.open(`${service} ${name}`)} />
          </Link>
        )),
      },
    ];
  }, [common, diagnose, text, services, okShare, p99Max]);
}

function signedRatio(ratio: number | null) {
  if (ratio === null || ratio >= 0) return formatRatio(ratio);
  // How far below no longer matters, and four digits would be read as much as three.
  if (ratio < -9.995) return { value: '<−999', unit: '%' };
  const { value, unit } = formatRatio(-ratio);
  return { value: `−${value}`, unit };
}

function ApiName({ row: { api, tone, method, path } }: { readonly row: ApiRow }) {
  const { overview: text } = useMessages();
  const { service, name, reason } = api;
  const said = reason === null ? text.isHealthy : text.reasons[reason];
  return (
    <span className={styles['api']} title={`${service} ${name}\n${said}`}>
      <i className={styles['dot']} data-tone={tone} role="img" aria-label={said} />
      <Link to="/latency" search={{ service, name }}>
        {method !== '' && <small>{method}</small>}
        {path}
      </Link>
    </span>
  );
}

function HostName({ row: { host, more } }: { readonly row: HostRow }) {
  const { overview: text } = useMessages();
  return (
    <Link className={styles['host']} title={`${text.onHost} ${host.host}`} to="/hosts/$host" params={{ host: host.host }}>
      <span aria-hidden>└</span>
      {host.host}
      <b data-tone={host.reason === 'silent' ? 'bad' : 'warn'}>
        {host.reason === 'silent' ? text.silentHost : `${text.cpu} ${quantityText(formatRatio(host.cpu))}`}
      </b>
      {more > 0 && text.moreHosts(more)}
    </Link>
  );
}
