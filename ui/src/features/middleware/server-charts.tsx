import type { MiddlewareDetail } from '@sonde/api';
import { useMemo } from 'react';
import { Legend, LineChart } from '../../charts/line-chart.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useTimeRange } from '../../base/use-time-range.ts';
import { Card } from '../../widgets/card.tsx';
import layout from '../../widgets/layout.module.css';
import { useTitles } from './figure-text.tsx';
import styles from './middleware.module.css';

/** What it reports of itself, in the order of its kind. */
export function ServerCharts({ detail }: { readonly detail: MiddlewareDetail }) {
  return (
    <div className={layout['columnsMany']}>
      {detail.charts.map((chart) => (
        <ServerChart key={chart.id} detail={detail} chart={chart} />
      ))}
    </div>
  );
}

interface ServerChartProps {
  readonly detail: MiddlewareDetail;
  readonly chart: MiddlewareDetail['charts'][number];
}

function ServerChart({ chart, detail }: ServerChartProps) {
  const { middleware: text } = useMessages();
  const titleOf = useTitles();
  const { setRange } = useTimeRange();
  const title = titleOf(chart.id);
  const data = useMemo(
    () => ({
      interval: detail.range,
      timesMs: detail.timesMs,
      stepMs: detail.stepMs,
      unit: chart.unit,
      stacked: chart.stacked,
      ...(chart.max !== null && { max: chart.max }),
      series: chart.series.map(({ name, values }, index) => ({
        name,
        values,
        tone: chart.series.length === 1 ? ('accent' as const) : index + 1,
      })),
    }),
    [detail, chart],
  );
  return (
    <Card title={title} className={styles['chart']} {...(data.series.length > 1 && { aside: <Legend items={data.series} /> })}>
      <div className={layout['plot']}>
        <LineChart
          data={data}
          label={title}
          emptyReason={text.sent}
          heightPx={120}
          onZoom={(interval) => setRange({ kind: 'absolute', ...interval })}
        />
      </div>
    </Card>
  );
}
