import { memo } from 'react';
import type { Messages } from '../../base/messages/en.ts';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import { nanosBetween } from '../../base/time.ts';
import { type BarLayout, barLayout } from './bar-layout.ts';
import { displayName } from './span-subject.ts';
import { shareOf, type TimeWindow } from './time-window.ts';
import type { SpanNode } from './trace-view.ts';
import styles from './waterfall.module.css';

export interface SpanRowProps {
  readonly node: SpanNode;
  readonly topPx: number;
  readonly window: TimeWindow;
  readonly indentPx: number;
  readonly startUnixNano: string;
  readonly collapsed: boolean;
  readonly selected: boolean;
  readonly match: boolean;
  /** Others link to it. */
  readonly linked: boolean;
  readonly text: Messages['trace'];
  readonly onToggle: (node: SpanNode) => void;
  readonly onSelect: (node: SpanNode) => void;
}

/** As few elements as it takes: when a trace is scrolled fast, every row in sight is drawn anew in each frame. */
export const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { node, topPx, window, indentPx, startUnixNano, collapsed, selected, match, linked, text, onToggle, onSelect } = props;
  const { span, subject, color, depth, childCount } = node;
  const failed = span.status.code === 'error';
  const hiddenErrors = collapsed ? node.errorsBelow : 0;
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
        {depth > 0 && <u style={{ width: depth * indentPx, backgroundSize: `${indentPx}px 100%` }} aria-hidden />}
        {childCount > 0 ? (
          <button
            type="button"
            tabIndex={-1}
            className={styles['toggle']}
            data-collapsed={collapsed || undefined}
            aria-label={collapsed ? text.expand : text.collapse}
            onClick={(event) => {
              event.stopPropagation();
              onToggle(node);
            }}
          />
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
        {hiddenErrors > 0 && (
          <small className={styles['hidden']} data-bad title={text.hiddenErrors(hiddenErrors)}>
            {text.errors(hiddenErrors)}
          </small>
        )}
        {linked && <s className={styles['linked']} role="img" aria-label={text.linkedFrom} title={text.linkedFrom} />}
        {failed && (
          <b className={styles['error']} role="img" aria-label={span.status.message || 'error'} title={span.status.message} />
        )}
      </div>
      <Bar node={node} window={window} startUnixNano={startUnixNano} />
    </div>
  );
});

/** More marks than this on a bar are not told apart. */
const marksMax = 24;

function Bar({
  node,
  window,
  startUnixNano,
}: {
  readonly node: SpanNode;
  readonly window: TimeWindow;
  readonly startUnixNano: string;
}) {
  const layout = barLayout(node, window);
  const { left, width, critical } = layout;
  const { span, color } = node;
  const ground = `var(--c${color})`;
  return (
    <div className={styles['lane']}>
      {!layout.outside && (
        <div
          className={styles['bar']}
          style={{ left: percent(left), width: percent(width), background: ground }}
          data-error={span.status.code === 'error' || undefined}
        />
      )}
      {critical.map((part, index) => (
        <b key={index} style={{ left: percent(part.left), width: percent(part.width) }} data-critical />
      ))}
      <span
        className={styles['duration']}
        data-place={layout.label}
        style={{ ...labelStyle(layout), ...(layout.label === 'inside' && { background: ground }) }}
      >
        {layout.outside && left === 0 && '‹ '}
        {quantityText(formatDuration(node.durationNs))}
        {layout.outside && left > 0 && ' ›'}
      </span>
      {span.events.slice(0, marksMax).map((event, index) => {
        const share = shareOf(nanosBetween(startUnixNano, event.timeUnixNano), window);
        if (share < 0 || share > 1) return null;
        return (
          <i
            key={index}
            className={styles['event']}
            style={{ left: percent(share) }}
            data-bad={event.name === 'exception' || undefined}
            title={event.name}
          />
        );
      })}
    </div>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

function labelStyle({ label, left, width, critical }: BarLayout) {
  if (label === 'right') return { left: `calc(${percent(left + width)} + 6px)` };
  if (label === 'left') return { right: `calc(${percent(1 - left)} + 6px)` };
  // Within the bar it keeps clear of the critical part at the bar's end, where there is room before that.
  const last = critical.at(-1);
  const isAtEnd = last !== undefined && Math.abs(last.left + last.width - left - width) < 0.01 && last.width < width / 2;
  return { right: `calc(${percent(1 - (isAtEnd ? last.left : left + width))} + 4px)` };
}
