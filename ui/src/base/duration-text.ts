const unitsMs: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `250`, `250ms`, `1.5 s`, `2m`: milliseconds where no unit stands. undefined for what is no duration. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|h)?\s*$/i.exec(text);
  if (!match) return undefined;
  const value = Number(match[1]) * (unitsMs[(match[2] ?? 'ms').toLowerCase()] ?? 1);
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : undefined;
}
