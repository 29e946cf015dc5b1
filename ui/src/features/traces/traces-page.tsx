import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ApiError, Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { type HeatmapBox, HeatmapChart } from '../../charts/heatmap-chart.tsx';
import { Card } from '../../widgets/card.tsx';
import layout from '../../widgets/layout.module.css';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { SearchInput } from '../../widgets/search/search-input.tsx';
import { Facets } from './facets.tsx';
import { FilterChips } from './filter-chips.tsx';
import { toggleValue, type Wanted } from './search-edit.ts';
import { SelectionPanel } from './selection-panel.tsx';
import styles from './traces-page.module.css';
import { boxOf, boxUrl, type TracesUrl } from './url.ts';
import { useTraceHeatmap, useTraces } from './use-traces.ts';

const route = getRouteApi('/traces');
const heatmapHeightPx = 176;

export function TracesPage() {
  const { nav, traces: text } = useMessages();
  const url = route.useSearch();
  const navigate = route.useNavigate();
  const heatmap = useTraceHeatmap(url);
  const pages = useTraces(url);
  const chooseBox = useCallback(
    ({ fromMs, toMs, fromNs, toNs }: HeatmapBox) =>
      void navigate({
        resetScroll: false,
        search: (previous) => ({
          ...previous,
          ...boxUrl({
            fromMs: Math.floor(fromMs),
            toMs: Math.ceil(toMs),
            minMs: roundMs(fromNs),
            maxMs: Math.max(roundMs(toNs), roundMs(fromNs)),
          }),
        }),
      }),
    [navigate],
  );
  const search = useCallback(
    (q: string) => void navigate({ resetScroll: false, search: (previous) => ({ ...previous, q: q === '' ? undefined : q }) }),
    [navigate],
  );
  const toggle = (key: string, value: string, wanted: Wanted) => search(toggleValue(url.q ?? '', key, value, wanted));
  return (
    <>
      <PageTitle title={nav.traces} />
      <div role="search">
        <SearchInput value={url.q ?? ''} onApply={search} refused={refusalOf(pages.error)} />
      </div>
      <FilterChips url={url} />
      <div className={styles['columns']}>
        <Facets url={url} onToggle={toggle} />
        <div className={styles['main']}>
          <Card title={text.heatmap} note={text.heatmapHint} className={layout['fixed']}>
            <div className={layout['plot']}>
              <Loaded query={heatmap} heightPx={heatmapHeightPx}>
                {(data) => <Heatmap data={data} url={url} onBox={chooseBox} />}
              </Loaded>
            </div>
          </Card>
          <SelectionPanel url={url} pages={pages} />
        </div>
      </div>
    </>
  );
}

interface HeatmapProps {
  readonly data: Reply<'getLatencyHeatmap'>;
  readonly url: TracesUrl;
  readonly onBox: (box: HeatmapBox) => void;
}

function Heatmap({ data, url, onBox }: HeatmapProps) {
  const { common, traces: text } = useMessages();
  const { boxFrom, boxTo, boxMin, boxMax } = url;
  const chart = useMemo(() => {
    const box = boxOf({ boxFrom, boxTo, boxMin, boxMax });
    return {
      ...data,
      interval: data.range,
      labels: { count: common.spans, errors: text.errorsRow },
      box: box && { fromMs: box.fromMs, toMs: box.toMs, fromNs: box.minMs * 1e6, toNs: box.maxMs * 1e6 },
    };
  }, [data, common, text, boxFrom, boxTo, boxMin, boxMax]);
  return (
    <HeatmapChart data={chart} label={text.heatmap} emptyReason={text.noHeatmap} heightPx={heatmapHeightPx} onBox={onBox} />
  );
}

/** Three digits are finer than a pixel, and make a URL that can be read. */
function roundMs(ns: number): number {
  return Number((ns / 1e6).toPrecision(3));
}

/** What only the engine could see in the search: a pattern that it cannot compile. */
function refusalOf(error: Error | null) {
  const problem = (error as ApiError | null)?.problem;
  if (problem?.parameter !== 'q' || problem.position === undefined) return undefined;
  return { ...problem.position, expected: problem.expected ?? [], message: problem.detail };
}
