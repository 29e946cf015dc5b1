import { useMemo } from 'react';
import { CloseButton } from '@mantine/core';
import { classNames } from '../../base/class-names.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatNumber, formatRate, formatRatio, type Quantity, unknownQuantity } from '../../base/quantity.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { ScatterChart } from '../../charts/scatter-chart.tsx';
import { Card } from '../../widgets/card.tsx';
import layout from '../../widgets/layout.module.css';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import styles from './capacity.module.css';
import { type CapacityRow, factorText } from './capacity-rows.ts';
import { useSubject } from './use-subject.ts';

export interface ResourcePanelProps {
  readonly row: CapacityRow;
  readonly timesMs: readonly number[];
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly onClose: () => void;
}

const factor = (value: number | null): Quantity => (value === null ? unknownQuantity : { value: factorText(value), unit: '' });

/** The evidence of one row: its points, the line through them, the bound; or why there is no line. */
export function ResourcePanel({ row, timesMs, range, onClose }: ResourcePanelProps) {
  const { capacity: text } = useMessages();
  const { leftText } = useSubject();
  const { bound, concurrency, daysLeft, fit, headroom, rate, reason, saturatesAtRate, utilization } = row;
  const fills = row.fitUnknown === 'by time';
  const scatter = useMemo(
    () => ({
      points: row.utilizations.flatMap((utilized, i) => {
        const at = row.rates[i] ?? null;
        return utilized === null || at === null ? [] : [{ rate: at, utilization: utilized }];
      }),
      now:
        row.rate.now === null || row.utilization.now === null
          ? undefined
          : { rate: row.rate.now, utilization: row.utilization.now },
      line: row.fit ?? undefined,
      bound: row.bound,
      labels: { rate: text.rate, utilization: text.utilizationChange, now: text.now },
    }),
    [row, text],
  );
  const line = useMemo(
    () => ({
      timesMs,
      stepMs: (timesMs[1] ?? range.toMs) - (timesMs[0] ?? range.fromMs),
      interval: range,
      unit: '1',
      series: [{ name: text.resources[row.resource], tone: 'accent' as const, values: row.utilizations }],
    }),
    [range, row, text, timesMs],
  );
  const figures: readonly (readonly [string, Quantity])[] = fills
    ? [
        [text.utilization, formatRatio(utilization.now)],
        [text.grows, daysLeft === null ? unknownQuantity : { value: leftText(daysLeft), unit: '' }],
      ]
    : [
        [text.bound, formatRatio(bound)],
        [text.rate, formatRate(rate.now)],
        ...(fit === null
          ? []
          : ([
              [text.saturates, formatRate(saturatesAtRate)],
              [text.headroom, factor(headroom.now)],
              [text.atPeak, factor(headroom.peak)],
              [text.idle, formatRatio(Math.max(0, fit.idle))],
              [text.cost, formatRatio(fit.costPerRequest)],
              [text.quality, formatRatio(fit.r2)],
              [text.points, { ...formatCount(fit.points), unit: fit.outliers > 0 ? text.outliers(fit.outliers) : '' }],
            ] as const)),
        ...(concurrency === null ? [] : ([[text.concurrency, formatNumber(concurrency)]] as const)),
      ];
  const title = fills ? text.overTime : text.scatter;
  return (
    <Card
      title={row.name}
      note={`${text.resources[row.resource]}${row.part === null ? '' : ` ${row.part}`}`}
      aside={<CloseButton size="sm" aria-label={text.close} onClick={onClose} />}
      className={styles['panel']}
    >
      <h3 className={styles['plotTitle']}>{title}</h3>
      {fills ? (
        <LineChart data={line} label={title} emptyReason={text.reasons['not measured']} heightPx={200} />
      ) : (
        <ScatterChart data={scatter} label={title} emptyReason={text.reasons['not measured']} />
      )}
      {reason !== null && <p className={styles['reason']}>{text.reasons[reason]}</p>}
      <dl className={classNames(styles['figures'], layout['figureList'])}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <QuantityText of={value} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
