import type { HostDetail, Series } from '@sonde/api';
import { useMemo } from 'react';
import { Legend, LineChart } from '../../charts/line-chart.tsx';
import type { Tone } from '../../charts/palette.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useTimeRange } from '../../base/use-time-range.ts';
import { Card } from '../../widgets/card.tsx';
import layout from '../../widgets/layout.module.css';

/** States in the order they are piled up, those that say why in the colour of what they mean. */
const stateTones: Readonly<Record<string, Tone>> = {
  user: 1,
  system: 4,
  iowait: 'warn',
  steal: 'bad',
  nice: 6,
  interrupt: 7,
  softirq: 8,
  used: 1,
  cached: 3,
  buffers: 6,
  free: 'unknown',
};

/** What the machine measured over one time axis; of what is often nothing only what there is. */
export function HostCharts({ detail }: { readonly detail: HostDetail }) {
  const { host: text } = useMessages();
  return (
    <div className={layout['columns']}>
      <HostChart detail={detail} title={text.cpu} series={detail.cpu} unit="1" max={1} stacked />
      <HostChart detail={detail} title={text.memory} series={detail.memory} unit="By" stacked />
      <HostChart detail={detail} title={text.network} series={detail.network} unit="By/s" />
      <HostChart detail={detail} title={text.disk} series={detail.diskIo} unit="By/s" />
      <HostChart detail={detail} title={text.filesystem} series={detail.filesystem} unit="1" max={1} />
      {(
        [
          [text.pressure, detail.pressure, '1'],
          [text.diskQueue, detail.diskQueue, ''],
          [text.diskOperations, detail.diskOperations, '/s'],
          [text.connections, detail.connections, ''],
          [text.networkErrors, detail.networkErrors, '/s'],
          [text.swap, detail.swap, 'By'],
          [text.inodes, detail.inodes, '1'],
        ] as const
      )
        .map(([title, series, unit]) => ({ title, unit, series: series.filter(({ values }) => values.some((value) => value)) }))
        .filter(({ series }) => series.length > 0)
        .map(({ title, series, unit }) => (
          <HostChart key={title} detail={detail} title={title} series={series} unit={unit} />
        ))}
    </div>
  );
}

interface HostChartProps {
  readonly detail: HostDetail;
  readonly title: string;
  readonly series: readonly Series[];
  readonly unit: string;
  readonly stacked?: boolean;
  readonly max?: number;
}

function HostChart({ detail, title, series, unit, stacked = false, max }: HostChartProps) {
  const { host: text } = useMessages();
  const { setRange } = useTimeRange();
  const data = useMemo(
    () => ({
      interval: detail.range,
      timesMs: detail.timesMs,
      stepMs: detail.stepMs,
      unit,
      stacked,
      ...(max !== undefined && { max }),
      series: inOrder(series).map(({ name, values }, index) => ({ name, values, tone: toneOf(name, index) })),
    }),
    [detail, series, unit, stacked, max],
  );
  return (
    <Card title={title} aside={<Legend items={data.series} />}>
      <div className={layout['plot']}>
        <LineChart
          data={data}
          label={title}
          emptyReason={text.noSeries}
          heightPx={150}
          onZoom={(interval) => setRange({ kind: 'absolute', ...interval })}
        />
      </div>
    </Card>
  );
}

/** Known states as they stand above, everything else after them. */
function inOrder(series: readonly Series[]): Series[] {
  const order = Object.keys(stateTones);
  const rank = ({ name }: Series) => (order.includes(name) ? order.indexOf(name) : order.length);
  return series.toSorted((a, b) => rank(a) - rank(b));
}

function toneOf(name: string, index: number): Tone {
  return (Object.hasOwn(stateTones, name) && stateTones[name]) || index + 1;
}
