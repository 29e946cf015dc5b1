import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatRate, formatRatio, quantityText } from '../../base/quantity.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import type { Column } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import { boundTone, type CapacityRow, daysTone, factorText, headroomTone } from './capacity-rows.ts';
import { Reasoned } from './reasoned.tsx';
import { useSubject } from './use-subject.ts';

export function useCapacityColumns(): Column<CapacityRow>[] {
  const { common, capacity: text } = useMessages();
  const { leftText } = useSubject();
  return useMemo(
    () => [
      {
        id: 'name',
        header: common.name,
        minWidth: 84,
        sortKey: ({ name }) => name,
        cell: ({ name }) => <Ellipsis text={name} />,
      },
      {
        id: 'resource',
        header: text.resource,
        minWidth: 152,
        sortKey: ({ resource }) => resource,
        cell: ({ kind, part, resource }) => (
          <Ellipsis text={`${text.resources[resource]}${part === null ? ` · ${text.kinds[kind]}` : ` ${part}`}`} />
        ),
      },
      {
        id: 'utilization',
        header: text.utilization,
        width: 120,
        sortKey: ({ utilization }) => utilization.now,
        cell: ({ bound, utilization: { now } }) => <ShareBar share={now} tone={boundTone(now, bound)} />,
      },
      {
        id: 'peak',
        header: text.peak,
        width: 120,
        drop: 5,
        sortKey: ({ utilization }) => utilization.peak,
        cell: ({ bound, utilization: { peak } }) => <ShareBar share={peak} tone={boundTone(peak, bound)} />,
      },
      {
        id: 'rate',
        header: text.rate,
        hint: text.rateHint,
        align: 'right',
        width: 88,
        drop: 4,
        sortKey: ({ rate }) => rate.now,
        cell: ({ rate }) => <QuantityText of={formatRate(rate.now)} />,
      },
      {
        id: 'headroom',
        header: text.headroom,
        hint: text.headroomHint,
        align: 'right',
        width: 118,
        drop: 6,
        sortKey: ({ headroom }) => headroom.now,
        cell: ({ bound, headroom: { now, peak }, reason }) => (
          <Reasoned reason={now === null ? reason : null}>
            {now !== null && (
              <QuantityText
                of={{ value: factorText(now), unit: text.until(quantityText(formatRatio(bound))) }}
                tone={headroomTone(now) ?? (headroomTone(peak) && 'warn')}
              />
            )}
          </Reasoned>
        ),
      },
      {
        id: 'runsOut',
        header: text.runsOut,
        hint: text.runsOutHint,
        align: 'right',
        width: 104,
        drop: 7,
        sortKey: ({ daysLeft }) => daysLeft,
        cell: ({ daysLeft, reason }) => (
          <Reasoned reason={daysLeft === null ? reason : null}>
            {daysLeft !== null && <QuantityText of={{ value: leftText(daysLeft), unit: '' }} tone={daysTone(daysLeft)} />}
          </Reasoned>
        ),
      },
      {
        id: 'trend',
        header: text.trend,
        width: 96,
        drop: 3,
        cell: ({ utilizations }) => <Sparkline values={utilizations} widthPx={72} />,
      },
    ],
    [common, leftText, text],
  );
}
