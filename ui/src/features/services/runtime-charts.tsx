import type { Series, ServiceDetail } from '@sonde/api';
import { useMemo } from 'react';
import { LineChart } from '../../charts/line-chart.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useTimeRange } from '../../base/use-time-range.ts';
import { Card } from '../../widgets/card.tsx';
import layout from '../../widgets/layout.module.css';
import { EmptyState } from '../../widgets/states.tsx';

export function RuntimeCharts({ detail }: { readonly detail: ServiceDetail }) {
  const { service: text } = useMessages();
  if (detail.runtime.length === 0) {
    return (
      <Card title={text.runtime}>
        <EmptyState quiet reason={text.noRuntime} />
      </Card>
    );
  }
  return (
    <div className={layout['columns3']}>
      {detail.runtime.map((series) => (
        <RuntimeChart key={series.name} detail={detail} series={series} />
      ))}
    </div>
  );
}

function RuntimeChart({ detail, series }: { readonly detail: ServiceDetail; readonly series: Series }) {
  const { common, service: text } = useMessages();
  const { setRange } = useTimeRange();
  const titles: Readonly<Record<string, string>> = {
    'nodejs.eventloop.delay.p99': `${text.eventLoop} p99`,
    'v8js.memory.heap.used': text.heap,
    'v8js.gc.duration': text.gc,
  };
  const title = (Object.hasOwn(titles, series.name) && titles[series.name]) || series.name;
  const data = useMemo(
    () => ({
      interval: detail.range,
      timesMs: detail.timesMs,
      stepMs: detail.stepMs,
      unit: series.unit,
      series: [{ name: series.name, values: series.values, tone: 'accent' as const }],
    }),
    [detail, series],
  );
  return (
    <Card title={title} note={series.name}>
      <div className={layout['plot']}>
        <LineChart
          data={data}
          label={title}
          emptyReason={common.noData}
          heightPx={120}
          onZoom={(interval) => setRange({ kind: 'absolute', ...interval })}
        />
      </div>
    </Card>
  );
}
