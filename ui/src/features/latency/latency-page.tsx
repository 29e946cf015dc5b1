import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatChange, formatCount, formatDuration, formatRatio, quantityText } from '../../base/quantity.ts';
import { timeRangeUrl } from '../../base/time-range.ts';
import { type HeatmapBox, HeatmapChart } from '../../charts/heatmap-chart.tsx';
import { HistogramChart } from '../../charts/histogram-chart.tsx';
import { Card } from '../../widgets/card.tsx';
import { Figure, Figures } from '../../widgets/figures.tsx';
import layout from '../../widgets/layout.module.css';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import widgets from '../../widgets/widgets.module.css';
import { LatencyTraces } from './latency-traces.tsx';
import { comparedPeriods, percentileChanges } from './periods.ts';
import { useLatency } from './use-latency.ts';

const route = getRouteApi('/latency');
const histogramHeightPx = 220;
const heatmapHeightPx = 180;

export function LatencyPage() {
  const { nav, latency: text } = useMessages();
  const url = route.useSearch();
  const navigate = route.useNavigate();
  const { histogram, compared, heatmap, traces } = useLatency(url);
  const { minMs, maxMs, compare, ...spans } = url;
  const chooseDurations = useCallback(
    (fromNs: number, toNs: number) =>
      void navigate({ replace: true, search: (previous) => ({ ...previous, minMs: roundMs(fromNs), maxMs: roundMs(toNs) }) }),
    [navigate],
  );
  const chooseBox = useCallback(
    ({ fromMs, toMs, fromNs, toNs }: HeatmapBox) =>
      void navigate({
        search: (previous) => ({
          ...previous,
          ...timeRangeUrl({ kind: 'absolute', fromMs, toMs }),
          minMs: roundMs(fromNs),
          maxMs: roundMs(toNs),
        }),
      }),
    [navigate],
  );
  const title = url.name ?? url.statement ?? url.service ?? nav.latency;
  const crumb = url.service !== undefined && url.service !== title && (
    <Link to="/services/$service" params={{ service: url.service }}>
      {url.service}
    </Link>
  );
  return (
    <>
      <PageTitle title={title} {...(crumb && { crumb })} />
      <div className={layout['toolbar']}>
        <HistogramFigures data={histogram.data} compared={compared} />
        <span className={layout['grow']} />
        {url.service !== undefined && (
          <Link
            to="/diagnose"
            search={{ service: url.service, ...(url.name !== undefined && { name: url.name }) }}
            className={widgets['pill']}
          >
            {nav.diagnose}
          </Link>
        )}
        <Link
          to="/traces"
          search={{ ...spans, ...(minMs !== undefined && { minMs }), ...(maxMs !== undefined && { maxMs }) }}
          className={widgets['pill']}
        >
          {text.traces}
        </Link>
      </div>
      <Card
        title={text.distribution}
        note={compared ? text.outlineHint(quantityText(formatCount(compared.count))) : text.brushHint}
        className={layout['fixed']}
        aside={
          <PillChoice
            label={text.compare}
            value={compare ?? 'none'}
            options={[
              { value: 'none', text: text.compareNone },
              ...comparedPeriods.map((value) => ({ value, text: text.periods[value], hint: text.compareHint })),
            ]}
            onChange={(next) =>
              void navigate({ search: (previous) => ({ ...previous, compare: next === 'none' ? undefined : next }) })
            }
          />
        }
      >
        <div className={layout['plot']}>
          <Loaded query={histogram} heightPx={histogramHeightPx}>
            {(data) => <Distribution data={data} compared={compared} onDurations={chooseDurations} />}
          </Loaded>
        </div>
      </Card>
      <Card title={text.overTime} note={text.heatmapHint} className={layout['fixed']}>
        <div className={layout['plot']}>
          <Loaded query={heatmap} heightPx={heatmapHeightPx}>
            {(data) => <OverTime data={data} onBox={chooseBox} />}
          </Loaded>
        </div>
      </Card>
      <LatencyTraces url={url} pages={traces} />
    </>
  );
}

function HistogramFigures({
  data,
  compared,
}: {
  readonly data: Reply<'getLatencyHistogram'> | undefined;
  readonly compared: Reply<'getLatencyHistogram'> | undefined;
}) {
  const { common, top, latency: text } = useMessages();
  const errorShare = data && data.count > 0 ? data.errors / data.count : null;
  return (
    <Figures>
      <Figure name={text.count}>
        <QuantityText of={formatCount(data?.count)} />
      </Figure>
      <Figure name={common.errors}>
        <QuantityText of={formatRatio(errorShare)} tone={errorShare !== null && errorShare >= 0.01 ? 'bad' : undefined} />
      </Figure>
      {percentileChanges(data ?? { p50Ns: null, p95Ns: null, p99Ns: null }, compared).map(({ name, nowNs, beforeNs, tone }) => (
        <Figure key={name} name={name} title={compared && text.wasBefore(quantityText(formatDuration(beforeNs)))}>
          <QuantityText of={formatDuration(nowNs)} />{' '}
          {compared && (
            <small>
              <QuantityText of={formatChange(nowNs, beforeNs)} tone={tone} />
            </small>
          )}
        </Figure>
      ))}
      <Figure name={top.max}>
        <QuantityText of={formatDuration(data?.maxNs)} />
      </Figure>
    </Figures>
  );
}

interface DistributionProps {
  readonly data: Reply<'getLatencyHistogram'>;
  readonly compared: Reply<'getLatencyHistogram'> | undefined;
  readonly onDurations: (fromNs: number, toNs: number) => void;
}

function Distribution({ data, compared, onDurations }: DistributionProps) {
  const { common, top, latency: text } = useMessages();
  const chart = useMemo(
    () => ({
      buckets: data.buckets,
      ...(compared && { outline: compared.buckets }),
      markers: [
        { name: 'p50', ns: data.p50Ns },
        { name: 'p95', ns: data.p95Ns },
        { name: 'p99', ns: data.p99Ns },
      ].flatMap(({ name, ns }) => (ns === null ? [] : [{ name, ns }])),
      labels: { count: text.count, errors: common.errors, share: top.share },
    }),
    [data, compared, common, top, text],
  );
  return (
    <HistogramChart
      data={chart}
      label={text.distribution}
      emptyReason={text.none}
      heightPx={histogramHeightPx}
      onDurations={onDurations}
    />
  );
}

function OverTime({ data, onBox }: { readonly data: Reply<'getLatencyHeatmap'>; readonly onBox: (box: HeatmapBox) => void }) {
  const { common, traces, latency: text } = useMessages();
  const chart = useMemo(
    () => ({ ...data, interval: data.range, labels: { count: common.spans, errors: traces.errorsRow } }),
    [data, common, traces],
  );
  return <HeatmapChart data={chart} label={text.overTime} emptyReason={text.none} heightPx={heatmapHeightPx} onBox={onBox} />;
}

function roundMs(ns: number): number {
  return Number((ns / 1e6).toPrecision(3));
}
