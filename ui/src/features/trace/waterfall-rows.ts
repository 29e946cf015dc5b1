import type { LogRecord, Span } from '@sonde/api';
import { nanosBetween } from '../../base/time.ts';
import { type SpanNode, type TraceView, visibleNodes } from './trace-view.ts';

export type WaterfallRow =
  | { readonly kind: 'span'; readonly node: SpanNode }
  | { readonly kind: 'event'; readonly node: SpanNode; readonly atNs: number; readonly event: Span['events'][number] }
  /** `node` undefined: of a span that is not in the trace, or of none. */
  | { readonly kind: 'log'; readonly node: SpanNode | undefined; readonly atNs: number; readonly record: LogRecord };

export interface RowsShown {
  /** Indices of nodes. */
  readonly collapsed: ReadonlySet<number>;
  readonly events: boolean;
  readonly logs: readonly LogRecord[];
}

/** Spans in the order of the tree; what a span said stands right below it, by time, and goes with it when it is hidden. */
export function waterfallRows(view: TraceView, { collapsed, events, logs }: RowsShown): WaterfallRow[] {
  const bySpan = new Map<string, LogRecord[]>();
  const strays: LogRecord[] = [];
  for (const record of logs) {
    const list = view.byId.has(record.spanId) ? (bySpan.get(record.spanId) ?? []) : strays;
    list.push(record);
    if (list !== strays) bySpan.set(record.spanId, list);
  }
  const sinceStart = (unixNano: string) => nanosBetween(view.trace.startTimeUnixNano, unixNano);
  const logRow = (node: SpanNode | undefined) => (record: LogRecord) =>
    ({ kind: 'log', node, record, atNs: sinceStart(record.timeUnixNano) }) as const;
  const byTime = (rows: WaterfallRow[]) => rows.toSorted((a, b) => atOf(a) - atOf(b));

  const rows: WaterfallRow[] = [];
  for (const node of visibleNodes(view.nodes, collapsed)) {
    rows.push({ kind: 'span', node });
    const said: WaterfallRow[] = (bySpan.get(node.id) ?? []).map(logRow(node));
    if (events) {
      for (const event of node.span.events) said.push({ kind: 'event', node, event, atNs: sinceStart(event.timeUnixNano) });
    }
    if (said.length > 0) rows.push(...byTime(said));
  }
  rows.push(...byTime(strays.map(logRow(undefined))));
  return rows;
}

function atOf(row: WaterfallRow): number {
  return row.kind === 'span' ? 0 : row.atNs;
}
