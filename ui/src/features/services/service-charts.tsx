import type { Series, ServiceDetail } from '@sonde/api';
import { type ReactNode, useMemo, useState } from 'react';
import { Legend, LineChart } from '../../charts/line-chart.tsx';
import type { LineMark, LineSeries } from '../../charts/line-options.ts';
import type { Tone } from '../../charts/palette.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatterOf } from '../../base/quantity.ts';
import { assignColors } from '../../base/service-color.ts';
import type { Interval } from '../../base/time-range.ts';
import { formatMoment } from '../../base/time.ts';
import { useTimeRange } from '../../base/use-time-range.ts';
import { Card } from '../../widgets/card.tsx';
import styles from './services.module.css';

const group = 'service';

/** Rates, latency and the CPU of its hosts below each other: one time axis, one pointer, and dragging zooms them all. */
export function ServiceCharts({
  detail,
  marks,
}: {
  readonly detail: ServiceDetail;
  readonly marks: readonly LineMark[] | undefined;
}) {
  const { common, service: text } = useMessages();
  const { setRange } = useTimeRange();
  const zoom = (interval: Interval) => setRange({ kind: 'absolute', ...interval });
  const rates = useMemo(() => {
    const names: Readonly<Record<string, string>> = { requests: common.requests, errors: common.errors };
    return tinted(detail.rates, { errors: 'bad' }).map((line) => ({ ...line, name: names[line.name] ?? line.name }));
  }, [detail, common]);
  const latency = useMemo(() => tinted(detail.latency, { p50: 'text2', p95: 'accent', p99: 2 }), [detail]);
  const hostCpu = useMemo(() => byName(detail.hostCpu), [detail]);
  const [point, setPoint] = useState<number>();
  const strips = [
    { title: text.rates, note: common.dragToZoom, series: rates, unit: '{request}/s', empty: common.noData },
    { title: text.latency, series: latency, unit: 'ns', empty: common.noData },
    { title: text.hostCpu, note: text.hostCpuNote, series: hostCpu, unit: '1', max: 1, empty: text.noHostCpu },
  ];
  return (
    <Card label={text.latency} onLeave={() => setPoint(undefined)}>
      {strips.map((strip) => (
        <Strip key={strip.title} detail={detail} onZoom={zoom} point={point} onPoint={setPoint} marks={marks} {...strip} />
      ))}
    </Card>
  );
}

interface StripProps {
  readonly detail: ServiceDetail;
  readonly title: string;
  readonly note?: string;
  readonly series: readonly LineSeries[];
  readonly unit: string;
  readonly max?: number;
  readonly empty: string;
  readonly marks: readonly LineMark[] | undefined;
  readonly onZoom: (interval: Interval) => void;
  /** Under the pointer, in whichever of the strips it is. */
  readonly point: number | undefined;
  readonly onPoint: (point: number | undefined) => void;
}

function Strip({ detail, title, note, series, unit, max, empty, marks, onZoom, point, onPoint }: StripProps): ReactNode {
  const { range, timesMs, stepMs } = detail;
  const data = useMemo(
    () => ({
      interval: range,
      timesMs,
      stepMs,
      unit,
      series,
      quiet: true,
      ...(max !== undefined && { max }),
      ...(marks && { marks }),
    }),
    [range, timesMs, stepMs, unit, series, max, marks],
  );
  const format = formatterOf(unit);
  const atMs = point === undefined ? undefined : timesMs[point];
  const items = atMs === undefined ? series : series.map((one) => ({ ...one, value: format(one.values[point ?? 0] ?? null) }));
  return (
    <section className={styles['strip']}>
      <header>
        <h3>{title}</h3>
        {atMs === undefined ? note !== undefined && <span>{note}</span> : <time>{formatMoment(atMs)}</time>}
        <Legend items={items} />
      </header>
      <LineChart data={data} label={title} emptyReason={empty} heightPx={124} group={group} onZoom={onZoom} onPoint={onPoint} />
    </section>
  );
}

function tinted(series: readonly Series[], tones: Readonly<Record<string, Tone>>): LineSeries[] {
  return series.map(({ name, values }) => ({ name, values, tone: (Object.hasOwn(tones, name) && tones[name]) || 'accent' }));
}

function byName(series: readonly Series[]): LineSeries[] {
  const colors = assignColors(series.map(({ name }) => name));
  return series.map(({ name, values }) => ({ name, values, tone: colors.get(name) ?? 1 }));
}
