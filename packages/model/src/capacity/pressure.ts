/** What runs out in a week presses as hard as what is saturated. */
const pressingDays = 7;

export interface Pressed {
  readonly utilization: { readonly now: number | null; readonly peak: number | null };
  readonly bound: number;
  readonly headroom: { readonly now: number | null; readonly peak: number | null };
  readonly daysLeft: number | null;
}

/** How near a resource is to its end: 1 is there. By what it took at its peak, by its fit, and by when it runs out; -1 where nothing is known. */
export function pressureOf({ bound, daysLeft, headroom, utilization }: Pressed): number {
  const known: number[] = [];
  if (utilization.peak !== null) known.push(utilization.peak / bound);
  const factor = headroom.peak ?? headroom.now;
  if (factor !== null) known.push(1 / Math.max(factor, 0.1));
  if (daysLeft !== null) known.push(pressingDays / Math.max(daysLeft, 1));
  return Math.max(-1, ...known);
}
