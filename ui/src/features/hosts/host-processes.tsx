import { Link } from '@tanstack/react-router';
import type { HostContainer, HostProcess } from '@sonde/api';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatBytes, formatBytesPerSecond, formatRatio } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { useServiceColors } from '../../base/use-service-colors.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { NameLink } from '../../widgets/name-link.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { containerText, diskBytesPerSecond, limitShare } from './process-rows.ts';

const shownMax = 30;

/** What runs on the machine: which process a service instance is, and in which container. */
export function HostProcesses({ host }: { readonly host: string }) {
  const { host: text } = useMessages();
  const query = useApi('listHostProcesses', { params: { host }, query: { limit: shownMax } });
  const [processColumns, containerColumns] = [useProcessColumns(), useContainerColumns()];
  return (
    <Loaded query={query} heightPx={240}>
      {({ containers, processes }) => (
        <>
          <Card title={text.processes} note={text.processesNote}>
            {processes.length === 0 ? (
              <EmptyState quiet reason={text.noProcesses} />
            ) : (
              <DataTable
                label={text.processes}
                columns={processColumns}
                rows={processes}
                rowKey={({ containerId, pid }) => `${pid} ${containerId}`}
              />
            )}
          </Card>
          {containers.length > 0 && (
            <Card title={text.containers}>
              <DataTable
                label={text.containers}
                columns={containerColumns}
                rows={containers}
                rowKey={({ containerId }) => containerId}
              />
            </Card>
          )}
        </>
      )}
    </Loaded>
  );
}

function useProcessColumns(): Column<HostProcess>[] {
  const { common, host: text } = useMessages();
  const colorOf = useServiceColors();
  return useMemo(
    (): Column<HostProcess>[] => [
      {
        id: 'process',
        header: text.process,
        minWidth: 180,
        cell: ({ command, name }) => <Ellipsis mono text={name || '–'} title={command || name} />,
      },
      { id: 'pid', header: text.pid, align: 'right', width: 84, drop: 1, cell: ({ pid }) => pid },
      {
        id: 'service',
        header: common.service,
        minWidth: 120,
        cell: ({ instance, service }) =>
          service === '' ? (
            '–'
          ) : (
            <NameLink color={colorOf(service)} name={`${service} ${instance}`}>
              <Link to="/services/$service" params={{ service }}>
                {service}
              </Link>
            </NameLink>
          ),
      },
      {
        id: 'container',
        header: text.container,
        width: 124,
        drop: 3,
        cell: ({ containerId }) => <Ellipsis mono text={containerText(containerId)} title={containerId} />,
      },
      {
        id: 'cpu',
        header: text.cpuUsed,
        hint: text.cpuHint,
        align: 'right',
        width: 84,
        cell: ({ cpu }) => <QuantityText of={formatRatio(cpu)} />,
      },
      {
        id: 'memory',
        header: text.memoryUsed,
        align: 'right',
        width: 104,
        cell: ({ memoryBytes }) => <QuantityText of={formatBytes(memoryBytes)} />,
      },
      {
        id: 'disk',
        header: text.diskUsed,
        align: 'right',
        width: 112,
        drop: 2,
        cell: (process) => <QuantityText of={formatBytesPerSecond(diskBytesPerSecond(process))} tone="quiet" />,
      },
    ],
    [common, text, colorOf],
  );
}

function useContainerColumns(): Column<HostContainer>[] {
  const { host: text } = useMessages();
  return useMemo(
    (): Column<HostContainer>[] => [
      {
        id: 'container',
        header: text.container,
        minWidth: 140,
        cell: ({ containerId, runtime }) => (
          <Ellipsis mono text={containerText(containerId)} title={`${runtime} ${containerId}`} />
        ),
      },
      { id: 'processes', header: text.processes, align: 'right', width: 96, drop: 1, cell: ({ processes }) => processes },
      {
        id: 'cpu',
        header: text.cpuUsed,
        hint: text.cpuHint,
        align: 'right',
        width: 84,
        cell: ({ cpu }) => <QuantityText of={formatRatio(cpu)} />,
      },
      {
        id: 'cpuOfLimit',
        header: text.ofLimit,
        align: 'right',
        width: 104,
        drop: 2,
        cell: ({ cpu, cpuLimit }) => <QuantityText of={formatRatio(limitShare(cpu, cpuLimit))} tone="quiet" />,
      },
      {
        id: 'throttled',
        header: text.throttled,
        hint: text.throttledHint,
        align: 'right',
        width: 104,
        cell: ({ throttled }) => (
          <QuantityText of={formatRatio(throttled)} tone={throttled !== null && throttled >= 0.05 ? 'bad' : 'quiet'} />
        ),
      },
      {
        id: 'memory',
        header: text.memoryUsed,
        align: 'right',
        width: 104,
        cell: ({ memoryBytes }) => <QuantityText of={formatBytes(memoryBytes)} />,
      },
      {
        id: 'memoryOfLimit',
        header: text.ofLimit,
        align: 'right',
        width: 104,
        drop: 3,
        cell: ({ memoryBytes, memoryLimitBytes }) => (
          <QuantityText of={formatRatio(limitShare(memoryBytes, memoryLimitBytes))} tone="quiet" />
        ),
      },
    ],
    [text],
  );
}
