/** A figure and its unit, apart, so that the unit can be drawn dim. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** Blank means unknown, never zero. */
export const unknownQuantity: Quantity = { value: '–', unit: '' };

export function quantityText({ value, unit }: Quantity): string {
  return unit === '' ? value : `${value} ${unit}`;
}

type Figure = number | null | undefined;

function isUnknown(value: Figure): value is null | undefined {
  return value === null || value === undefined || !Number.isFinite(value);
}

/** About three significant digits, never an exponent: 1,240 | 118 | 42.1 | 9.31 | 0.04. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.01) return value < 0 ? '>−0.01' : '<0.01';
  if (size >= 99.95) return grouped(Math.round(value));
  const text = value.toFixed(size >= 9.995 ? 1 : 2);
  return text.replace(/\.?0+$/, '');
}

function grouped(integer: number): string {
  return String(integer).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function formatCount(count: Figure): Quantity {
  if (isUnknown(count)) return unknownQuantity;
  if (Math.abs(count) < 100_000) return { value: grouped(Math.round(count)), unit: '' };
  return scaled(count, 1000, ['', 'k', 'M', 'G', 'T']);
}

/** `ratio` 0..1 as a percentage. */
export function formatRatio(ratio: Figure): Quantity {
  if (isUnknown(ratio)) return unknownQuantity;
  const percent = ratio * 100;
  const value = percent >= 9.995 && percent < 1000 ? percent.toFixed(1).replace(/\.0$/, '') : digits(percent);
  return { value, unit: '%' };
}

/** A figure whose unit its column names. */
export function formatNumber(value: Figure): Quantity {
  return isUnknown(value) ? unknownQuantity : scaledNumber(value);
}

export function formatRate(perSecond: Figure): Quantity {
  if (isUnknown(perSecond)) return unknownQuantity;
  const { value, unit } = scaledNumber(perSecond);
  return { value, unit: `${unit}/s` };
}

function scaledNumber(value: number): Quantity {
  return Math.abs(value) < 100_000 ? { value: digits(value), unit: '' } : scaled(value, 1000, ['', 'k', 'M', 'G', 'T']);
}

export function formatBytes(bytes: Figure): Quantity {
  return isUnknown(bytes) ? unknownQuantity : scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
}

export function formatBytesPerSecond(bytesPerSecond: Figure): Quantity {
  if (isUnknown(bytesPerSecond)) return unknownQuantity;
  const { value, unit } = formatBytes(bytesPerSecond);
  return { value, unit: `${unit}/s` };
}

function scaled(value: number, base: number, units: readonly string[]): Quantity {
  let index = 0;
  let rest = value;
  while (Math.abs(rest) >= base * 0.9995 && index < units.length - 1) {
    rest /= base;
    index += 1;
  }
  return { value: digits(rest), unit: units[index] ?? '' };
}

const minuteNs = 60e9;

/** One duration by itself, in the unit that suits it: 43 µs | 9.3 ms | 2.14 s | 3 m 04 s | 2 h 19 m. */
export function formatDuration(ns: Figure): Quantity {
  if (isUnknown(ns)) return unknownQuantity;
  // Of no time no unit is the right one: that of most that stands beside it.
  if (ns === 0) return { value: '0', unit: 'ms' };
  if (ns < 999.5) return { value: digits(ns), unit: 'ns' };
  if (ns < 999_500) return { value: digits(ns / 1e3), unit: 'µs' };
  if (ns < 999.5e6) return { value: digits(ns / 1e6), unit: 'ms' };
  if (ns < 2 * minuteNs) return { value: digits(ns / 1e9), unit: 's' };
  return longDuration(Math.round(ns / 1e9));
}

/** Durations that stand above each other and are compared: milliseconds throughout, seconds only where they no longer fit. */
export function formatMilliseconds(ns: Figure): Quantity {
  if (isUnknown(ns)) return unknownQuantity;
  const ms = ns / 1e6;
  if (ms >= 100_000) return formatDuration(ns);
  if (ms >= 9.95) return { value: grouped(Math.round(ms)), unit: 'ms' };
  if (ms >= 0.995) return { value: ms.toFixed(1), unit: 'ms' };
  return { value: ms === 0 ? '0' : ms < 0.01 ? '<0.01' : ms.toFixed(2), unit: 'ms' };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function longDuration(seconds: number): Quantity {
  if (seconds < 3600) return { value: `${Math.floor(seconds / 60)} m ${two(seconds % 60)}`, unit: 's' };
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return { value: `${Math.floor(minutes / 60)} h ${two(minutes % 60)}`, unit: 'm' };
  const hours = Math.round(minutes / 60);
  return { value: `${Math.floor(hours / 24)} d ${two(hours % 24)}`, unit: 'h' };
}

/** How much a figure grew against the period before: `+912 %`, `−2 %`, `×14` where a percentage would no longer be read. */
export function formatChange(now: Figure, before: Figure): Quantity {
  if (isUnknown(now) || isUnknown(before) || before === 0) return unknownQuantity;
  const factor = now / before;
  if (factor >= 20) return { value: `×${digits(factor)}`, unit: '' };
  const percent = Math.round((factor - 1) * 100);
  const sign = percent > 0 ? '+' : percent < 0 ? '−' : '';
  return { value: `${sign}${grouped(Math.abs(percent))}`, unit: '%' };
}

/** The formatter for a unit as the API writes it (UCUM). */
export function formatterOf(unit: string): (value: Figure) => Quantity {
  switch (unit) {
    case '1':
    case 's/s':
      return formatRatio;
    case 'By':
      return formatBytes;
    case 'By/s':
      return formatBytesPerSecond;
    case 'ns':
      return formatDuration;
    case 's':
      return (seconds) =>
        seconds === 0 ? { value: '0', unit: 's' } : formatDuration(isUnknown(seconds) ? seconds : seconds * 1e9);
    case '{request}/s':
      return formatRate;
    default:
      // What is counted is said in braces: the title says it as well.
      if (/^\{[^}]*\}$/.test(unit)) return formatNumber;
      if (/^\{[^}]*\}\/s$/.test(unit)) return formatRate;
      return (value) => (isUnknown(value) ? unknownQuantity : { ...scaledNumber(value), unit });
  }
}
