import type { FixedStringColumn } from './native/fixed-string.ts';

/** Whether an id (a multiple of four bytes) is all zero, which OTLP takes for no id. */
export function isZero(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at += 4) if (view.getInt32(at) !== 0) return false;
  return true;
}

/**
 * An id that may be absent, and where it is not legal counts as absent: on log records and exemplars. OTLP asks for it: "receivers SHOULD
 * assume that the log record is not associated with a trace if [...] the field contains an invalid value" (logs.proto, trace_id).
 */
export function pushOptionalId(column: FixedStringColumn, view: DataView, start: number, end: number): void {
  if (end - start === column.width) column.push(view, start);
  else column.pushZero();
}
