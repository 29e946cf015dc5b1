import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import { attributeText } from './attribute-groups.ts';
import { shareOf, type TimeWindow } from './time-window.ts';
import type { SpanNode } from './trace-view.ts';
import styles from './waterfall.module.css';
import type { WaterfallRow } from './waterfall-rows.ts';

/** What a span said: one of its events, or a log record. */
export function NoteRow({
  row,
  topPx,
  indentPx,
  window,
  onSelect,
}: {
  readonly row: Exclude<WaterfallRow, { kind: 'span' }>;
  readonly topPx: number;
  readonly indentPx: number;
  readonly window: TimeWindow;
  readonly onSelect: (node: SpanNode) => void;
}) {
  const { trace: text } = useMessages();
  const { node, kind, atNs } = row;
  const depth = (node?.depth ?? 0) + 1;
  const share = shareOf(atNs, window);
  const [tag, said] =
    kind === 'event'
      ? [
          text.eventTag,
          [
            row.event.name,
            ...Object.entries(row.event.attributes).map(([key, value]) => `${key}=${attributeText(value)}`),
          ].join('  '),
        ]
      : [row.record.severity.text || row.record.severity.level, `${row.record.service}  ${attributeText(row.record.body)}`];
  const tone = kind === 'event' ? (row.event.name === 'exception' ? 'bad' : undefined) : toneOf(row.record.severity.number);
  return (
    <div
      className={styles['row']}
      style={{ transform: `translateY(${topPx}px)` }}
      data-note={kind}
      data-tone={tone}
      title={said}
      onClick={() => node && onSelect(node)}
    >
      <div className={styles['name']} style={{ paddingLeft: depth * indentPx + 6 + 20 }}>
        {<u style={{ width: depth * indentPx, backgroundSize: `${indentPx}px 100%` }} aria-hidden />}
        <em>{tag}</em>
        <span>{said}</span>
      </div>
      <div className={styles['lane']}>
        {share >= 0 && share <= 1 && (
          <>
            <i className={styles['event']} style={{ left: `${share * 100}%` }} data-bad={tone === 'bad' || undefined} />
            <span
              className={styles['duration']}
              style={share > 0.85 ? { right: `calc(${(1 - share) * 100}% + 10px)` } : { left: `calc(${share * 100}% + 10px)` }}
            >
              {atNs < 0 ? '−' : '+'}
              {quantityText(formatDuration(Math.abs(atNs)))}
            </span>
          </>
        )}
      </div>
    </div>
  );
}

/** Source: OpenTelemetry, logs data model, SeverityNumber. */
function toneOf(severityNumber: number): 'bad' | 'warn' | undefined {
  if (severityNumber >= 17) return 'bad';
  return severityNumber >= 13 ? 'warn' : undefined;
}
