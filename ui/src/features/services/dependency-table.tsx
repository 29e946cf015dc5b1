import type { ServiceDetail } from '@sonde/api';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import { perSecond } from '../../base/rates.ts';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { DependencyName } from './dependency-name.tsx';
import { type DependencyRow, dependencyRows } from './dependency-rows.ts';
import { errorTone } from './service-rows.ts';

/** What a service waits for, and how much of its time. */
export function DependencyTable({ detail: { summary, range } }: { readonly detail: ServiceDetail }) {
  const { serviceParts: text } = useMessages();
  const { service } = summary;
  const focus = `service:${encodeURIComponent(service)}`;
  const around = useApi('getDependencies', { query: { focus, depth: 1, edgePercentiles: true } });
  const top = useApi('getTop', { query: { by: 'hotspot', of: 'service', service, limit: 1 } });
  const rows = useMemo(
    () => around.data && dependencyRows(around.data, service, top.data?.items[0]),
    [around.data, service, top.data],
  );
  const columns = useDependencyColumns(range, service);
  return (
    <Card title={text.dependencies} note={text.shareHint}>
      <Loaded query={top} heightPx={260}>
        {() => (
          <Loaded query={around} heightPx={260}>
            {() =>
              rows === undefined || rows.every(({ kind }) => kind === 'own') ? (
                <EmptyState quiet reason={text.noDependencies} />
              ) : (
                <DataTable label={text.dependencies} columns={columns} rows={rows} rowKey={({ key }) => key} keys />
              )
            }
          </Loaded>
        )}
      </Loaded>
    </Card>
  );
}

function useDependencyColumns(range: ServiceDetail['range'], service: string): Column<DependencyRow>[] {
  const { common, service: words, serviceParts: text } = useMessages();
  return useMemo(
    (): Column<DependencyRow>[] => [
      {
        id: 'name',
        header: common.name,
        minWidth: 170,
        cell: (row) => <DependencyName row={row} service={service} />,
      },
      { id: 'kind', header: text.kind, width: 92, drop: 2, cell: ({ kind }) => <Ellipsis text={text.kinds[kind]} /> },
      {
        id: 'calls',
        header: text.calls,
        align: 'right',
        width: 92,
        drop: 5,
        cell: ({ calls }) => <QuantityText of={formatNumber(calls === null ? null : perSecond(calls, range))} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 80,
        drop: 6,
        cell: ({ errorShare }) => <QuantityText of={formatRatio(errorShare)} tone={errorTone(errorShare)} />,
      },
      {
        id: 'p95',
        header: 'p95',
        align: 'right',
        width: 88,
        drop: 7,
        cell: ({ p95Ns }) => <QuantityText of={formatMilliseconds(p95Ns)} />,
      },
      {
        id: 'total',
        header: words.total,
        align: 'right',
        width: 100,
        drop: 3,
        cell: ({ totalNs }) => <QuantityText of={formatDuration(totalNs)} />,
      },
      {
        id: 'strength',
        header: text.strengthName,
        hint: text.strengthHint,
        width: 92,
        drop: 1,
        cell: ({ strength }) => (strength === null ? '–' : text.strength[strength]),
      },
      {
        id: 'share',
        header: words.share,
        hint: text.shareHint,
        width: 150,
        cell: ({ share }) => <ShareBar share={share} />,
      },
    ],
    [common, words, text, range, service],
  );
}
