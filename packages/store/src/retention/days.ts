/** Days are whole days since the epoch, UTC, as the partitions of all tables are. */

export const dayMs = 86_400_000;

/** The last day that a partition can hold: `20260131` is a day, `202601` a month. undefined: neither. */
export function lastDayOf(partitionId: string): number | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})?$/.exec(partitionId) ?? [];
  if (year === undefined || month === undefined) return undefined;
  // Day 0 of a month is the last of the month before.
  const ms = day === undefined ? Date.UTC(+year, +month, 0) : Date.UTC(+year, +month - 1, +day);
  return Number.isNaN(ms) ? undefined : ms / dayMs;
}

/** `2026-01-31`. */
export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

export function dayOf(text: string): number {
  return Date.parse(`${text}T00:00:00Z`) / dayMs;
}

export function today(nowMs: number): number {
  return Math.floor(nowMs / dayMs);
}

/** Whether even the last moment of the day is older than the limit. */
export function isPast(day: number, limitDays: number, nowMs: number): boolean {
  return (day + 1 + limitDays) * dayMs <= nowMs;
}
