import { Link } from '@tanstack/react-router';
import type { HostSummary } from '@sonde/api';
import { useMemo } from 'react';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatBytesPerSecond, formatRatio, type Quantity } from '../../base/quantity.ts';
import type { Column } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { LastSeen } from '../../widgets/last-seen.tsx';
import { NameLink } from '../../widgets/name-link.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import { sendsMetrics, utilizationTone } from './host-rows.ts';

export function useHostColumns(): Column<HostSummary>[] {
  const { common, hosts: text } = useMessages();
  return useMemo(() => {
    const share = (id: string, header: string, value: (host: HostSummary) => number | null): Column<HostSummary> => ({
      id,
      header,
      width: 132,
      sortKey: value,
      cell: (host) => <ShareBar share={value(host)} tone={utilizationTone(value(host))} />,
    });
    const figure = (
      id: string,
      header: string,
      widthPx: number,
      drop: number,
      value: (host: HostSummary) => number | null,
      format: (value: number | null) => Quantity,
      badFrom = Number.POSITIVE_INFINITY,
    ): Column<HostSummary> => ({
      id,
      header,
      align: 'right',
      width: widthPx,
      drop,
      sortKey: value,
      cell: (host) => <QuantityText of={format(value(host))} tone={(value(host) ?? 0) >= badFrom ? 'warn' : undefined} />,
    });
    return [
      {
        id: 'host',
        header: common.host,
        sortKey: ({ host }) => host,
        cell: (host) => (
          <NameLink name={sendsMetrics(host) ? host.host : `${host.host}: ${text.noMetrics}`}>
            <Link to="/hosts/$host" params={{ host: host.host }}>
              {host.host}
            </Link>
          </NameLink>
        ),
      },
      share('cpu', text.cpu, ({ cpu }) => cpu.utilization),
      figure('iowait', text.iowait, 76, 8, ({ cpu }) => cpu.iowait, formatRatio, 0.1),
      figure('steal', text.steal, 66, 4, ({ cpu }) => cpu.steal, formatRatio, 0.1),
      { ...share('memory', text.memory, ({ memory }) => memory.utilization), drop: 20 },
      figure('receive', `${text.network} ↓`, 98, 10, ({ network }) => network.receiveBytesPerSecond, formatBytesPerSecond),
      figure('transmit', `${text.network} ↑`, 98, 9, ({ network }) => network.transmitBytesPerSecond, formatBytesPerSecond),
      figure('read', `${text.disk} ${text.read}`, 98, 1, ({ disk }) => disk.readBytesPerSecond, formatBytesPerSecond),
      figure('write', `${text.disk} ${text.write}`, 98, 3, ({ disk }) => disk.writeBytesPerSecond, formatBytesPerSecond),
      figure('busy', `${text.disk} ${text.busy}`, 82, 6, ({ disk }) => disk.busy, formatRatio, 0.8),
      {
        ...share('filesystem', text.filesystem, ({ filesystem }) => filesystem.utilization),
        width: 136,
        drop: 21,
        cell: ({ filesystem }) => (
          <span title={filesystem.mountpoint ?? undefined}>
            <ShareBar share={filesystem.utilization} tone={utilizationTone(filesystem.utilization)} />
          </span>
        ),
      },
      {
        id: 'services',
        header: text.services,
        minWidth: 110,
        drop: 7,
        cell: ({ services }) => (services.length === 0 ? '–' : <Ellipsis text={services.join(', ')} />),
      },
      {
        id: 'trend',
        header: common.cpuTrend,
        width: 96,
        drop: 5,
        cell: ({ trend }) => <Sparkline values={trend} widthPx={72} />,
      },
      {
        id: 'lastSeen',
        header: common.lastSeen,
        align: 'right',
        width: 84,
        drop: 2,
        sortKey: (host) => host.lastSeenMs,
        cell: ({ lastSeenMs }) => <LastSeen ms={lastSeenMs} />,
      },
    ];
  }, [common, text]);
}
