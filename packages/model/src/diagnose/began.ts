/** When a line left what was usual: its first step beyond the middle between the usual and its farthest. null: it did not, or what was usual is unknown. */
export function beganMs(
  values: readonly (number | null)[],
  timesMs: readonly number[],
  usual: number | null,
  direction: 'up' | 'down' = 'up',
): number | null {
  const sign = direction === 'up' ? 1 : -1;
  const beyond = values.map((value) => (value === null || usual === null ? null : (value - usual) * sign));
  const farthest = beyond.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  if (farthest === 0) return null;
  return timesMs[beyond.findIndex((value) => value !== null && value >= farthest / 2)] ?? null;
}

export function median(values: readonly (number | null)[]): number | null {
  const known = values.flatMap((value) => value ?? []).toSorted((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? null;
}
