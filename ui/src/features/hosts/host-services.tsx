import { Link } from '@tanstack/react-router';
import type { HostDetail } from '@sonde/api';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatChange, formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import { useServiceColors } from '../../base/use-service-colors.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { NameLink } from '../../widgets/name-link.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { factorTone } from '../../base/factor-tone.ts';
import { type HostServiceRow, hostServiceRows } from './host-rows.ts';

/** Who suffers when this machine does: its services, and whether they are slower here than elsewhere. */
export function HostServices({ detail }: { readonly detail: HostDetail }) {
  const { host: text } = useMessages();
  const rows = useMemo(() => hostServiceRows(detail), [detail]);
  const columns = useHostServiceColumns();
  return (
    <Card title={text.services} note={text.servicesNote}>
      {rows.length === 0 ? (
        <EmptyState quiet reason={text.noServices} />
      ) : (
        <DataTable
          label={text.services}
          columns={columns}
          rows={rows}
          rowKey={({ service, instance }) => JSON.stringify([service, instance])}
        />
      )}
    </Card>
  );
}

function useHostServiceColumns(): Column<HostServiceRow>[] {
  const { common, host: text } = useMessages();
  const colorOf = useServiceColors();
  return useMemo(
    (): Column<HostServiceRow>[] => [
      {
        id: 'service',
        header: common.service,
        cell: ({ service }) => (
          <NameLink color={colorOf(service)} name={service}>
            <Link to="/services/$service" params={{ service }}>
              {service}
            </Link>
          </NameLink>
        ),
      },
      {
        id: 'instance',
        header: common.instance,
        minWidth: 160,
        drop: 2,
        cell: ({ instance }) => <Ellipsis mono text={instance || '–'} />,
      },
      { id: 'version', header: common.version, width: 100, drop: 1, cell: ({ version }) => <Ellipsis text={version || '–'} /> },
      {
        id: 'requests',
        header: common.requestsPerSecond,
        align: 'right',
        width: 104,
        drop: 5,
        cell: ({ requestsPerSecond }) => <QuantityText of={formatNumber(requestsPerSecond)} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 84,
        drop: 6,
        cell: ({ errorShare }) => (
          <QuantityText of={formatRatio(errorShare)} tone={errorShare !== null && errorShare >= 0.01 ? 'bad' : 'quiet'} />
        ),
      },
      {
        id: 'here',
        header: text.here,
        align: 'right',
        width: 104,
        drop: 4,
        cell: ({ p95Ns }) => <QuantityText of={formatMilliseconds(p95Ns)} />,
      },
      {
        id: 'elsewhere',
        header: text.elsewhere,
        align: 'right',
        width: 118,
        drop: 3,
        cell: ({ elsewhereP95Ns }) => <QuantityText of={formatMilliseconds(elsewhereP95Ns)} tone="quiet" />,
      },
      {
        id: 'difference',
        header: text.difference,
        align: 'right',
        width: 136,
        cell: ({ factor }) => <QuantityText of={formatChange(factor, 1)} tone={factorTone(factor)} />,
      },
    ],
    [common, text, colorOf],
  );
}
