import { IconFoldDown, IconFoldUp } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatRatio, quantityText } from '../../base/quantity.ts';
import { useKeys } from '../../base/use-keys.ts';
import { Card } from '../../widgets/card.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { SearchBox } from '../../widgets/search-box.tsx';
import widgets from '../../widgets/widgets.module.css';
import { correctedLogs } from './corrected-times.ts';
import { findSpans, nextMatch } from './find-spans.ts';
import type { LinkingSpans } from './linking-spans.ts';
import { byOneLevel, foldedNodes, revealing, turned } from './folding.ts';
import { FlameTab } from './flame-graph/flame-tab.tsx';
import { TraceActions } from './trace-actions.tsx';
import { TraceLogsTab } from './logs/trace-logs-tab.tsx';
import { TraceMapTab } from './map/trace-map-tab.tsx';
import { SpanPanel } from './span-panel.tsx';
import { selfTimeShares, type SelfTimeShare } from './statistics-rows.ts';
import { StatisticsTable } from './statistics-table.tsx';
import { TraceFigures, TraceWarnings } from './trace-header.tsx';
import { TraceJson } from './trace-json.tsx';
import styles from './trace.module.css';
import { type SpanNode, type TraceView, visibleNodes } from './trace-view.ts';
import { type TimeWindow, windowOf, zoomText } from './time-window.ts';
import { type TraceTab, traceTabs, type TraceUrl } from './url.ts';
import { useCorrected, useLinkingSpans, useTraceLogs } from './use-trace.ts';
import { Waterfall } from './waterfall.tsx';

const route = getRouteApi('/traces/$traceId');

/** `sent`: the trace with its times as they were sent. */
export function TraceContent({ view: sent }: { readonly view: TraceView }) {
  const { trace: text } = useMessages();
  const { traceId } = route.useParams();
  const linking = useLinkingSpans(traceId, traceId !== 'upload');
  const url = route.useSearch();
  const { span: spanId, tab = 'waterfall', find = '', zoom, times, events = false, logs = false, levels, folded } = url;
  const navigate = route.useNavigate();
  const { view, isCorrected } = useCorrected(sent, times === 'raw');
  const collapsed = useMemo(() => foldedNodes(view, { levels, folded }), [view, levels, folded]);
  const window = useMemo(() => windowOf(zoom, view.durationNs), [zoom, view.durationNs]);
  const { records: sentRecords, isKnown, isTruncated } = useTraceLogs(sent.trace, logs);
  const records = useMemo(() => correctedLogs(sentRecords, sent, view), [sentRecords, sent, view]);
  const selected = spanId === undefined ? undefined : view.byId.get(spanId);
  const matches = useMemo(() => findSpans(view.nodes, find), [view, find]);
  const matchSet = useMemo(() => new Set(matches), [matches]);

  const set = useCallback(
    (change: Partial<TraceUrl>) => void navigate({ replace: true, search: (previous) => ({ ...previous, ...change }) }),
    [navigate],
  );
  const zoomTo = useCallback((to: TimeWindow | undefined) => set({ zoom: to && zoomText(to) }), [set]);
  const select = useCallback((node: SpanNode) => set({ span: node.id }), [set]);
  /** Selects a span that may lie within a collapsed subtree. */
  const reveal = (node: SpanNode) => set({ ...revealing(view, { levels, folded }, node), span: node.id, tab: undefined });
  const toggle = useCallback(
    (node: SpanNode) => void navigate({ replace: true, search: (previous) => ({ ...previous, ...turned(previous, [node]) }) }),
    [navigate],
  );
  const fewer = byOneLevel(view, { levels, folded }, -1);
  const more = byOneLevel(view, { levels, folded }, 1);

  const step = (by: number) => {
    const rows = visibleNodes(view.nodes, collapsed);
    const at = rows.findIndex((node) => node === selected);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) select(next);
  };
  const left = () => {
    if (!selected) return;
    const parent = view.nodes[selected.parent];
    if (selected.childCount > 0 && !collapsed.has(selected.index)) toggle(selected);
    else if (parent) select(parent);
  };
  const right = () => {
    if (!selected) return;
    if (collapsed.has(selected.index)) toggle(selected);
    else if (selected.childCount > 0) step(1);
  };
  const toMatch = (by: 1 | -1) => {
    const node = view.nodes[nextMatch(matches, selected?.index, by) ?? -1];
    if (node) reveal(node);
  };
  useKeys(
    {
      j: () => step(1),
      k: () => step(-1),
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      ArrowLeft: left,
      ArrowRight: right,
      n: () => toMatch(1),
      N: () => toMatch(-1),
      Enter: ({ target }) => {
        // A button or a link does what it is for.
        if (!selected || (target instanceof Element && target.closest('button, a'))) return false;
        if (selected.childCount > 0) toggle(selected);
        return undefined;
      },
      Escape: () => set({ span: undefined }),
    },
    tab === 'waterfall',
  );

  const firstError = view.nodes.find(({ span }) => span.status.code === 'error');
  const position = selected ? matches.indexOf(selected.index) + 1 : 0;
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <TraceFigures view={view} onFirstError={() => firstError && reveal(firstError)} />
        <span className={styles['find']} role="search">
          {find !== '' && (
            <span aria-live="polite">
              {matches.length > 0
                ? text.matches(quantityText(formatCount(position)), quantityText(formatCount(matches.length)))
                : text.noMatches}
            </span>
          )}
          <SearchBox
            value={find}
            onChange={(value) => set({ find: value || undefined })}
            placeholder={text.find}
            widthPx={200}
            onKeyDown={(event) => {
              if (event.key === 'Enter') toMatch(event.shiftKey ? -1 : 1);
            }}
          />
        </span>
      </div>
      <TraceWarnings
        warnings={view.trace.warnings}
        onShow={(id) => {
          const node = view.byId.get(id);
          if (node) reveal(node);
        }}
        times={
          isCorrected || times === 'raw' ? (
            <PillChoice
              label={text.times}
              value={times ?? 'corrected'}
              options={[
                { value: 'raw', text: text.rawTimes },
                { value: 'corrected', text: text.correctedTimes },
              ]}
              onChange={(value) => set({ times: value === 'raw' ? 'raw' : undefined, zoom: undefined })}
            />
          ) : undefined
        }
      />
      <div className={styles['tabs']}>
        <div role="tablist" aria-label={text.title}>
          {traceTabs.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              aria-selected={one === tab}
              onClick={() => set({ tab: one === 'waterfall' ? undefined : one })}
            >
              {text[one]}
            </button>
          ))}
        </div>
        {tab === 'waterfall' && <SelfTime view={view} />}
        <TraceActions view={sent} />
      </div>
      <TabPanel tab={tab} linking={linking} view={tab === 'json' ? sent : view}>
        <div className={styles['split']}>
          <Card className={styles['main']} label={text.waterfall}>
            <Waterfall
              view={view}
              collapsed={collapsed}
              onToggle={toggle}
              selected={selected?.index}
              onSelect={select}
              matches={matchSet}
              linking={linking}
              window={window}
              onZoom={zoomTo}
              events={events}
              logs={records}
            >
              {[
                { label: text.fewerLevels, Icon: IconFoldUp, to: fewer },
                { label: text.moreLevels, Icon: IconFoldDown, to: more },
              ].map(({ label, Icon, to }) => (
                <button
                  key={label}
                  type="button"
                  className={widgets['pill']}
                  data-icon
                  title={label}
                  aria-label={label}
                  disabled={to === undefined}
                  onClick={() => to && set(to)}
                >
                  <Icon size={16} stroke={1.6} aria-hidden />
                </button>
              ))}
              {view.eventCount > 0 && (
                <button
                  type="button"
                  className={widgets['pill']}
                  aria-pressed={events}
                  onClick={() => set({ events: events ? undefined : true })}
                >
                  {text.eventRows(quantityText(formatCount(view.eventCount)))}
                </button>
              )}
              <button
                type="button"
                className={widgets['pill']}
                aria-pressed={logs}
                onClick={() => set({ logs: logs ? undefined : true })}
              >
                {text.logRows(isKnown ? `${quantityText(formatCount(records.length))}${isTruncated ? '+' : ''}` : '')}
              </button>
            </Waterfall>
          </Card>
          {selected && (
            <SpanPanel
              node={selected}
              view={view}
              linking={linking.get(selected.span.spanId) ?? []}
              onClose={() => set({ span: undefined })}
            />
          )}
        </div>
      </TabPanel>
    </div>
  );
}

function TabPanel({
  tab,
  view,
  linking,
  children,
}: {
  readonly tab: TraceTab;
  readonly view: TraceView;
  readonly linking: LinkingSpans;
  readonly children: React.ReactNode;
}) {
  if (tab === 'flame') return <FlameTab view={view} linking={linking} />;
  if (tab === 'map') return <TraceMapTab view={view} />;
  if (tab === 'logs') return <TraceLogsTab view={view} />;
  if (tab === 'statistics') return <StatisticsTable view={view} />;
  if (tab === 'json') return <TraceJson trace={view.trace} />;
  return children;
}

function SelfTime({ view }: { readonly view: TraceView }) {
  const { trace: text } = useMessages();
  const shares = useMemo(() => selfTimeShares(view.nodes, 3), [view]);
  const nameOf = ({ of }: SelfTimeShare) => (of.kind === 'service' ? of.name : text[of.kind]);
  const line = shares
    .map((one) => `${quantityText(formatRatio(Math.round(one.share * 100) / 100))} ${nameOf(one)}`)
    .join(' · ');
  return (
    <span className={styles['shares']}>
      <span>
        <i aria-hidden />
        {text.criticalPath}
      </span>
      {line !== '' && (
        <span title={line}>
          {text.selfTime} {line}
        </span>
      )}
    </span>
  );
}
