/** Nanoseconds since the epoch, as the API writes them, to milliseconds with their fraction (a double holds that to a microsecond). */
export function unixNanoToMs(unixNano: string): number {
  const nano = BigInt(unixNano);
  return Number(nano / 1_000_000n) + Number(nano % 1_000_000n) / 1e6;
}

/** Nanoseconds between two moments; exact up to 104 days. */
export function nanosBetween(fromUnixNano: string, toUnixNano: string): number {
  // Two halves that a double holds, where the moments are of the same epoch: a hundred thousand spans need no bigint each.
  const length = fromUnixNano.length;
  if (length === toUnixNano.length && length > 9 && length < 24) {
    const seconds = Number(toUnixNano.slice(0, length - 9)) - Number(fromUnixNano.slice(0, length - 9));
    // Within 52 days the sum is exact; beyond, one rounding has to do.
    if (Math.abs(seconds) < 4_500_000) return seconds * 1e9 + Number(toUnixNano.slice(-9)) - Number(fromUnixNano.slice(-9));
  }
  return Number(BigInt(toUnixNano) - BigInt(fromUnixNano));
}

const two = (value: number) => String(value).padStart(2, '0');

/** 14:41:07.318, local time. */
export function formatClock(ms: number, withMillis = false): string {
  const date = new Date(ms);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return withMillis ? `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}` : clock;
}

/** 2026-11-21, local time. */
export function formatDate(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Whether a moment is no longer ago than that. */
export function isWithin(ms: number, lengthMs: number, nowMs = Date.now()): boolean {
  return nowMs - ms < lengthMs;
}

/** The clock alone for today, with the date for any other day. */
export function formatMoment(ms: number, withMillis = false, nowMs = Date.now()): string {
  const day = formatDate(ms);
  return day === formatDate(nowMs) ? formatClock(ms, withMillis) : `${day} ${formatClock(ms, withMillis)}`;
}

/** 2026-11-21 14:41:07.318 +01:00: for titles, where nothing may be left to guess. */
export function formatFullMoment(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset();
  const sign = offset < 0 ? '−' : '+';
  const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${formatDate(ms)} ${formatClock(ms, true)} ${zone}`;
}

/** `2026-11-21T14:41`, the value of `<input type="datetime-local">`. */
export function toDateTimeInput(ms: number): string {
  return `${formatDate(ms)}T${formatClock(ms)}`;
}

export function fromDateTimeInput(value: string): number | undefined {
  const ms = new Date(value).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
