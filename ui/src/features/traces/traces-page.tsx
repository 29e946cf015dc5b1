import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { HeatmapBox } from '../../charts/heatmap-chart.tsx';
import { HeatmapChart } from '../../charts/heatmap-chart.tsx';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { timeRangeUrl } from '../../base/time-range.ts';
import { Card } from '../../widgets/card.tsx';
import layout from '../../widgets/layout.module.css';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { TraceFilters } from './trace-filters.tsx';
import { TraceList } from './trace-list.tsx';
import { useTraceHeatmap } from './use-traces.ts';

const route = getRouteApi('/traces');
const heatmapHeightPx = 176;

export function TracesPage() {
  const { nav, traces: text } = useMessages();
  const url = route.useSearch();
  const navigate = route.useNavigate();
  const heatmap = useTraceHeatmap(url);
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
  return (
    <>
      <PageTitle title={nav.traces} />
      <TraceFilters url={url} />
      <Card title={text.heatmap} note={text.heatmapHint} className={layout['fixed']}>
        <div className={layout['plot']}>
          <Loaded query={heatmap} heightPx={heatmapHeightPx}>
            {(data) => <Heatmap data={data} onBox={chooseBox} />}
          </Loaded>
        </div>
      </Card>
      <TraceList url={url} />
    </>
  );
}

function Heatmap({ data, onBox }: { readonly data: Reply<'getLatencyHeatmap'>; readonly onBox: (box: HeatmapBox) => void }) {
  const { common, traces: text } = useMessages();
  const chart = useMemo(
    () => ({ ...data, interval: data.range, labels: { count: common.spans, errors: text.errorsRow } }),
    [data, common, text],
  );
  return (
    <HeatmapChart data={chart} label={text.heatmap} emptyReason={text.noHeatmap} heightPx={heatmapHeightPx} onBox={onBox} />
  );
}

/** Three digits are finer than a pixel, and make a URL that can be read. */
function roundMs(ns: number): number {
  return Number((ns / 1e6).toPrecision(3));
}
