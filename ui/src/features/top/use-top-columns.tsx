import { useMemo } from 'react';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import {
  formatChange,
  formatCount,
  formatDuration,
  formatMilliseconds,
  formatNumber,
  formatRatio,
} from '../../base/quantity.ts';
import { useServiceColors } from '../../base/use-service-colors.ts';
import type { Column } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import type { TopItem } from '@sonde/api';
import { NameLink } from '../../widgets/name-link.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import { Tag } from '../../widgets/tag.tsx';
import widgets from '../../widgets/widgets.module.css';
import { changeTone, countedNs, type TopQuestion, type TopRow } from './top-rows.ts';

export function useTopColumns({ by, of, time, percentile }: TopQuestion): Column<TopRow>[] {
  const { common, top: text } = useMessages();
  const colorOf = useServiceColors();
  return useMemo(() => {
    const percentileColumn = (id: string, nsOf: (item: TopItem) => number | null, drop?: number): Column<TopRow> => ({
      id,
      header: id,
      align: 'right',
      width: 84,
      ...(drop !== undefined && { drop }),
      cell: ({ item }) => <QuantityText of={formatMilliseconds(nsOf(item))} />,
    });
    const usual = [
      percentileColumn('p50', ({ p50Ns }) => p50Ns, 2),
      percentileColumn('p95', ({ p95Ns }) => p95Ns, 7),
      percentileColumn('p99', ({ p99Ns }) => p99Ns, 1),
    ];
    const ranked = percentileColumn(`p${percentile}`, ({ percentileNs }) => percentileNs);
    const columns: Column<TopRow>[] = [
      {
        id: 'rank',
        header: '#',
        align: 'right',
        width: 40,
        cell: (_, index) => <QuantityText of={formatCount(index + 1)} tone="dim" />,
      },
      {
        id: 'name',
        header: common.name,
        minWidth: 180,
        cell: ({ label, isStatement }) =>
          isStatement ? (
            <Ellipsis mono text={label} />
          ) : (
            <NameLink {...(of === 'service' && { color: colorOf(label) })} name={label}>
              <span className={widgets['ellipsis']}>{label}</span>
            </NameLink>
          ),
      },
    ];
    if (of !== 'service' && of !== 'host' && of !== 'remote') {
      columns.push({
        id: 'where',
        header: text.where,
        width: of === 'statement' ? 148 : 124,
        drop: 8,
        cell: ({ where, address, service }) => (
          <NameLink {...(service !== undefined && { color: colorOf(service) })} name={address}>
            <span className={widgets['ellipsis']}>{where || '–'}</span>
          </NameLink>
        ),
      });
    }
    return [
      ...columns,
      {
        id: 'share',
        header: text.share,
        hint: { volume: text.volumeHint, latency: text.inclusiveHint, hotspot: text.hotspotHint }[by],
        width: 128,
        drop: 9,
        cell: ({ item: { share } }) => <ShareBar share={share} />,
      },
      {
        id: 'total',
        header: { inclusive: text.total, self: text.selfTotal, critical: text.criticalTotal }[time],
        hint: { inclusive: text.inclusiveHint, self: text.selfHint, critical: text.criticalHint }[time],
        align: 'right',
        width: 92,
        ...(by === 'hotspot' ? {} : { drop: 4 }),
        cell: ({ item }) => <QuantityText of={formatDuration(countedNs(item, time))} />,
      },
      {
        id: 'requests',
        header: common.requestsPerSecond,
        align: 'right',
        width: 92,
        ...(by === 'volume' ? {} : { drop: 6 }),
        cell: ({ requestsPerSecond }) => <QuantityText of={formatNumber(requestsPerSecond)} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 72,
        drop: 3,
        cell: ({ errorShare }) => (
          <QuantityText of={formatRatio(errorShare)} tone={errorShare !== null && errorShare >= 0.01 ? 'bad' : 'quiet'} />
        ),
      },
      ...(by === 'latency' ? [ranked, ...usual.filter(({ id }) => id !== ranked.id)] : usual),
      {
        id: 'trend',
        header: common.trend,
        width: 92,
        drop: 5,
        cell: (row) => <Sparkline values={row.item.trend} widthPx={68} tone={changeTone(row, by)} />,
      },
      {
        id: 'change',
        header: text.change,
        hint: text.changeHint,
        align: 'right',
        width: 88,
        drop: 7,
        cell: (row) =>
          row.isNew ? (
            <Tag>{text.fresh}</Tag>
          ) : (
            <QuantityText of={formatChange(row.now, row.before)} tone={changeTone(row, by)} />
          ),
      },
    ];
  }, [common, text, by, of, time, percentile, colorOf]);
}
