import { Link } from '@tanstack/react-router';
import type { ImpactedApi } from '@sonde/api';
import { useMemo } from 'react';
import type { Messages } from '../base/messages/en.ts';
import { useMessages } from '../base/messages/use-messages.tsx';
import { formatChange, formatDuration, formatMilliseconds } from '../base/quantity.ts';
import { factorTone } from '../base/factor-tone.ts';
import { useServiceColors } from '../base/use-service-colors.ts';
import { Card } from './card.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { NameLink } from './name-link.tsx';
import { QuantityText } from './quantity-text.tsx';
import { ShareBar } from './share-bar.tsx';
import { EmptyState } from './states.tsx';

export interface ImpactedApisProps {
  readonly apis: readonly ImpactedApi[];
  readonly title?: string;
  /** Of a host: with what the same endpoints take on other hosts. */
  readonly compared?: boolean;
}

/** The APIs that pass through something, those that lose most time there first. */
export function ImpactedApis({ apis, compared = false, ...given }: ImpactedApisProps) {
  const { impact: text } = useMessages();
  const title = given.title ?? text.apis;
  const columns = useApiColumns(compared);
  return (
    <Card title={title} note={text.apisNote}>
      {apis.length === 0 ? (
        <EmptyState quiet reason={text.noApis} />
      ) : (
        <DataTable
          label={title}
          columns={columns}
          rows={apis}
          rowKey={({ kind, name, service }) => JSON.stringify([kind, service, name])}
        />
      )}
    </Card>
  );
}

function useApiColumns(compared: boolean): Column<ImpactedApi>[] {
  const { common, impact: text } = useMessages();
  const colorOf = useServiceColors();
  return useMemo(
    (): Column<ImpactedApi>[] => [
      {
        id: 'name',
        header: common.name,
        minWidth: 150,
        cell: ({ name, service }) => (
          <NameLink color={colorOf(service)} name={`${service} ${name}`}>
            <Link to="/latency" search={{ service, name }}>
              {name}
            </Link>
          </NameLink>
        ),
      },
      {
        id: 'affected',
        header: text.affected,
        width: 136,
        drop: 2,
        cell: ({ share }) => <ShareBar share={share} />,
      },
      {
        id: 'critical',
        header: text.criticalShare,
        hint: text.criticalShareHint,
        width: 124,
        drop: 6,
        cell: ({ criticalShare }) => <ShareBar share={criticalShare} />,
      },
      {
        id: 'criticalTime',
        header: text.criticalTime,
        align: 'right',
        width: 112,
        drop: 1,
        cell: ({ criticalNs }) => <QuantityText of={formatDuration(criticalNs)} />,
      },
      {
        id: 'p95',
        header: 'p95',
        align: 'right',
        width: 82,
        drop: 3,
        cell: ({ p95Ns }) => <QuantityText of={formatMilliseconds(p95Ns)} />,
      },
      ...(compared ? controlColumns(text) : []),
    ],
    [common, text, colorOf, compared],
  );
}

/** Against the same endpoints on other hosts, which do the same work: what differs is the host's. */
function controlColumns(text: Messages['impact']): Column<ImpactedApi>[] {
  return [
    {
      id: 'here',
      header: text.here,
      hint: text.hereHint,
      align: 'right',
      width: 96,
      drop: 5,
      cell: ({ control }) => <QuantityText of={formatMilliseconds(control?.meanNs ?? null)} />,
    },
    {
      id: 'elsewhere',
      header: text.elsewhere,
      hint: text.elsewhereHint,
      align: 'right',
      width: 112,
      drop: 4,
      cell: ({ control }) => <QuantityText of={formatMilliseconds(control?.elsewhereMeanNs ?? null)} tone="quiet" />,
    },
    {
      id: 'difference',
      header: text.difference,
      align: 'right',
      width: 128,
      cell: ({ control }) => {
        const factor = control && control.elsewhereMeanNs > 0 ? control.meanNs / control.elsewhereMeanNs : null;
        return <QuantityText of={formatChange(factor, 1)} tone={factorTone(factor)} />;
      },
    },
  ];
}
