import type { LogRecord } from '@sonde/api';
import { memo, useEffect, useMemo, useRef } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import { Minimap } from './minimap.tsx';
import { NoteRow } from './note-row.tsx';
import { SpanRow } from './span-row.tsx';
import type { TimeWindow } from './time-window.ts';
import type { SpanNode, TraceView } from './trace-view.ts';
import { useRowsInSight } from './use-rows-in-sight.ts';
import styles from './waterfall.module.css';
import { waterfallRows } from './waterfall-rows.ts';

export interface WaterfallProps {
  readonly view: TraceView;
  readonly window: TimeWindow;
  readonly onZoom: (window: TimeWindow | undefined) => void;
  readonly collapsed: ReadonlySet<number>;
  readonly onToggle: (node: SpanNode) => void;
  readonly selected: number | undefined;
  readonly onSelect: (node: SpanNode) => void;
  /** Indices of the spans that the search found. */
  readonly matches: ReadonlySet<number>;
  /** By span id: spans of other traces that link to it. */
  readonly linking: ReadonlyMap<string, readonly unknown[]>;
  readonly events: boolean;
  readonly logs: readonly LogRecord[];
  /** What stands beside the minimap. */
  readonly children: React.ReactNode;
}

const rowPx = 30;
/** Of the time axis, which stays above the rows. */
const axisPx = 28;
const ticks = [0, 0.25, 0.5, 0.75, 1];

/** The call chain over time. Only the rows in sight exist, so a hundred thousand spans scroll as ten do. */
export function Waterfall(props: WaterfallProps) {
  const { view, window, onZoom, collapsed, onToggle, selected, onSelect, matches, linking, events, logs, children } = props;
  const { trace: text } = useMessages();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => waterfallRows(view, { collapsed, events, logs }), [view, collapsed, events, logs]);
  const { from, to, places, show } = useRowsInSight(scroller, rows.length, { rowPx, headPx: axisPx });
  useEffect(() => {
    const at = rows.findIndex((row) => row.kind === 'span' && row.node.index === selected);
    if (at >= 0) show(at);
    // Only a new selection scrolls: not the collapsing of a subtree, after which the eye should stay where it was.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selected]);
  // Deep traces share the width of the name column among their levels.
  const indentPx = Math.min(14, 220 / Math.max(1, view.depth));
  return (
    <div className={styles['waterfall']}>
      <div className={styles['overview']}>
        <div>{children}</div>
        <Minimap view={view} window={window} onZoom={onZoom} />
      </div>
      <div ref={scroller} className={styles['scroller']} data-waterfall>
        <div className={styles['axis']} aria-hidden>
          <span>{text.columnName}</span>
          <Ticks window={window} />
        </div>
        <div className={styles['rows']} style={{ height: rows.length * rowPx }} role="tree" aria-label={text.waterfall}>
          {rows.slice(from, to).map((row, i) => {
            const place = (from + i) % places;
            const topPx = (from + i) * rowPx;
            if (row.kind !== 'span') {
              return (
                <NoteRow
                  key={`note ${place}`}
                  row={row}
                  topPx={topPx}
                  indentPx={indentPx}
                  window={window}
                  onSelect={onSelect}
                />
              );
            }
            const { node } = row;
            return (
              <SpanRow
                key={place}
                node={node}
                topPx={topPx}
                window={window}
                indentPx={indentPx}
                startUnixNano={view.trace.startTimeUnixNano}
                collapsed={collapsed.has(node.index)}
                selected={node.index === selected}
                match={matches.has(node.index)}
                linked={linking.has(node.span.spanId) || view.linkedFrom.has(node.span.spanId)}
                text={text}
                onToggle={onToggle}
                onSelect={onSelect}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const Ticks = memo(function Ticks({ window }: { readonly window: TimeWindow }) {
  return (
    <div>
      {ticks.map((share) => (
        <span key={share} style={{ left: `${share * 100}%` }} data-edge={share === 1 ? 'end' : undefined}>
          {tickText(window, share)}
        </span>
      ))}
    </div>
  );
});

function tickText({ fromNs, toNs }: TimeWindow, share: number): string {
  const ns = fromNs + (toNs - fromNs) * share;
  return ns === 0 ? '0' : quantityText(formatDuration(ns));
}
