import { IconChevronDown, IconChevronRight, IconAlertCircleFilled } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useMemo, useRef } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import { nanosBetween } from '../../base/time.ts';
import { barLayout, markAt } from './bar-layout.ts';
import { displayName } from './span-subject.ts';
import { type SpanNode, type TraceView, visibleNodes } from './trace-view.ts';
import styles from './waterfall.module.css';

export interface WaterfallProps {
  readonly view: TraceView;
  readonly collapsed: ReadonlySet<number>;
  readonly onToggle: (node: SpanNode) => void;
  readonly selected: number | undefined;
  readonly onSelect: (node: SpanNode) => void;
  /** Indices of the spans that the search found. */
  readonly matches: ReadonlySet<number>;
}

const rowPx = 30;
/** Of the time axis, which stays above the rows. */
const axisPx = 28;
const ticks = [0, 0.25, 0.5, 0.75, 1];

/** The call chain over time. Only the rows in sight exist, so ten thousand spans scroll as ten do. */
export function Waterfall({ view, collapsed, onToggle, selected, onSelect, matches }: WaterfallProps) {
  const { trace: text } = useMessages();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => visibleNodes(view.nodes, collapsed), [view, collapsed]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    overscan: 12,
    getScrollElement: () => scroller.current,
    scrollMargin: axisPx,
    scrollPaddingStart: axisPx,
  });
  useEffect(() => {
    const at = rows.findIndex(({ index }) => index === selected);
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
    // Only a new selection scrolls: not the collapsing of a subtree, after which the eye should stay where it was.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selected, virtualizer]);
  // Deep traces share the width of the name column among their levels.
  const indentPx = Math.min(14, 220 / Math.max(1, view.depth));
  return (
    <div ref={scroller} className={styles['scroller']} data-waterfall>
      <div className={styles['axis']} aria-hidden>
        <span>{text.columnName}</span>
        <div>
          {ticks.map((share) => (
            <span key={share} style={{ left: `${share * 100}%` }} data-edge={share === 1 ? 'end' : undefined}>
              {share === 0 ? '0' : quantityText(formatDuration(view.durationNs * share))}
            </span>
          ))}
        </div>
      </div>
      <div className={styles['rows']} style={{ height: virtualizer.getTotalSize() }} role="tree" aria-label={text.waterfall}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const node = rows[index];
          return (
            node && (
              <Row
                key={node.index}
                node={node}
                topPx={start - axisPx}
                traceNs={view.durationNs}
                traceStart={view.trace.startTimeUnixNano}
                indentPx={indentPx}
                collapsed={collapsed.has(node.index)}
                selected={node.index === selected}
                match={matches.has(node.index)}
                onToggle={onToggle}
                onSelect={onSelect}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  readonly node: SpanNode;
  readonly topPx: number;
  readonly traceNs: number;
  readonly traceStart: string;
  readonly indentPx: number;
  readonly collapsed: boolean;
  readonly selected: boolean;
  readonly match: boolean;
  readonly onToggle: (node: SpanNode) => void;
  readonly onSelect: (node: SpanNode) => void;
}

const Row = memo(function Row(props: RowProps) {
  const { node, topPx, traceNs, traceStart, indentPx, collapsed, selected, match, onToggle, onSelect } = props;
  const { trace: text } = useMessages();
  const { span, subject, color, depth, childCount } = node;
  const failed = span.status.code === 'error';
  return (
    <div
      className={styles['row']}
      style={{ transform: `translateY(${topPx}px)` }}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={selected}
      aria-expanded={childCount > 0 ? !collapsed : undefined}
      data-span-id={span.spanId}
      data-service={span.service}
      data-match={match || undefined}
      onClick={() => onSelect(node)}
    >
      <div className={styles['name']} style={{ paddingLeft: depth * indentPx + 6 }}>
        <Guides depth={depth} indentPx={indentPx} />
        {childCount > 0 ? (
          <button
            type="button"
            tabIndex={-1}
            className={styles['toggle']}
            aria-label={collapsed ? text.expand : text.collapse}
            onClick={(event) => {
              event.stopPropagation();
              onToggle(node);
            }}
          >
            {collapsed ? <IconChevronRight size={12} /> : <IconChevronDown size={12} />}
          </button>
        ) : (
          <span className={styles['toggle']} />
        )}
        <i style={{ background: `var(--c${color})` }} />
        <span title={`${span.service}  ${span.name}`}>
          {subject.label}
          <small>{displayName(span)}</small>
        </span>
        {collapsed && (
          <small className={styles['hidden']} title={text.hidden(node.subtreeSize - 1)}>
            +{node.subtreeSize - 1}
          </small>
        )}
        {failed && <IconAlertCircleFilled size={14} className={styles['error']} aria-label={span.status.message || 'error'} />}
      </div>
      <Bar node={node} traceNs={traceNs} traceStart={traceStart} />
    </div>
  );
});

function Guides({ depth, indentPx }: { readonly depth: number; readonly indentPx: number }) {
  if (depth === 0) return null;
  return (
    <u className={styles['guides']} style={{ width: depth * indentPx, backgroundSize: `${indentPx}px 100%` }} aria-hidden />
  );
}

function Bar({
  node,
  traceNs,
  traceStart,
}: {
  readonly node: SpanNode;
  readonly traceNs: number;
  readonly traceStart: string;
}) {
  const { left, width, critical, label } = barLayout(node, traceNs);
  const { span, color, durationNs } = node;
  const duration = quantityText(formatDuration(durationNs));
  return (
    <div className={styles['lane']}>
      <div
        className={styles['bar']}
        style={{ left: `${left * 100}%`, width: `${width * 100}%`, background: `var(--c${color})` }}
        data-error={span.status.code === 'error' || undefined}
      >
        {critical > 0 && <b style={{ width: `${critical * 100}%` }} />}
      </div>
      {span.events.map((event, index) => {
        const at = markAt(nanosBetween(traceStart, event.timeUnixNano), traceNs);
        return (
          <i
            key={index}
            className={styles['event']}
            style={{ left: `${at * 100}%` }}
            data-bad={event.name === 'exception' || undefined}
            title={event.name}
          />
        );
      })}
      <span className={styles['duration']} data-place={label} style={labelStyle(label, left, width, critical)}>
        {duration}
      </span>
    </div>
  );
}

function labelStyle(label: 'inside' | 'left' | 'right', left: number, width: number, critical: number) {
  if (label === 'right') return { left: `calc(${(left + width) * 100}% + 6px)` };
  if (label === 'left') return { right: `calc(${(1 - left) * 100}% + 6px)` };
  // Within the bar it keeps clear of the critical part, which stands at the bar's end.
  const clear = critical < 0.5 ? critical * width : 0;
  return { right: `calc(${(1 - left - width + clear) * 100}% + 6px)` };
}
