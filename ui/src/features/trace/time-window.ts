/** The part of the time axis that is shown, in ns since the start of the trace. */
export interface TimeWindow {
  readonly fromNs: number;
  readonly toNs: number;
}

/** A window narrower than this shows nothing that a wider one does not. */
const shortestNs = 100;

/** `from-to`, as the URL holds it. */
export function parseZoom(text: string | undefined): TimeWindow | undefined {
  const parts = text === undefined ? null : /^(\d{1,15})-(\d{1,15})$/.exec(text);
  if (!parts) return undefined;
  const [fromNs, toNs] = [Number(parts[1]), Number(parts[2])];
  return toNs - fromNs >= shortestNs ? { fromNs, toNs } : undefined;
}

/** What two places of a brush, in shares of the axis, select of it; undefined where that is all of it or a mere click. */
export function brushed(a: number, b: number, durationNs: number): TimeWindow | undefined {
  const fromNs = Math.max(0, Math.floor(Math.min(a, b) * durationNs));
  const toNs = Math.min(durationNs, Math.ceil(Math.max(a, b) * durationNs));
  const isClick = Math.abs(a - b) < 0.004;
  return isClick || toNs - fromNs < shortestNs || (fromNs === 0 && toNs === durationNs) ? undefined : { fromNs, toNs };
}

export function zoomText({ fromNs, toNs }: TimeWindow): string {
  return `${fromNs}-${toNs}`;
}

/** The zoom of the URL within what the trace has; all of it where the zoom lies outside. */
export function windowOf(zoom: string | undefined, durationNs: number): TimeWindow {
  const asked = parseZoom(zoom);
  const toNs = Math.min(durationNs, asked?.toNs ?? durationNs);
  return asked && toNs - asked.fromNs >= shortestNs ? { fromNs: asked.fromNs, toNs } : { fromNs: 0, toNs: durationNs };
}

/** Where a moment stands in the window: 0..1, beyond it outside. */
export function shareOf(ns: number, { fromNs, toNs }: TimeWindow): number {
  return (ns - fromNs) / (toNs - fromNs);
}
