/** Whether an id (a multiple of four bytes) is all zero, which OTLP takes for no id. */
export function isZero(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at += 4) if (view.getInt32(at) !== 0) return false;
  return true;
}
