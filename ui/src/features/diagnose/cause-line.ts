import type { Diagnosis, Verdict } from '@sonde/api';
import type { LineData } from '../../charts/line-options.ts';

interface LineNames {
  readonly name: string;
  readonly baseline: string;
  readonly began: (ms: number) => string;
}

/** How the cause went, over both periods where they lie close together; undefined where no line is known. */
export function causeLine(
  { baseline, range, timesMs }: Pick<Diagnosis, 'baseline' | 'range' | 'timesMs'>,
  { evidence, sinceMs }: Verdict,
  names: LineNames,
): LineData | undefined {
  // A line in another unit than its measure (how long calls took, of which there are more) is no evidence of it.
  const line = evidence.find((one) => one.line?.unit === one.unit)?.line;
  const [firstMs, secondMs] = timesMs;
  if (line === undefined || firstMs === undefined) return undefined;
  return {
    interval: { fromMs: firstMs, toMs: range.toMs },
    timesMs,
    stepMs: (secondMs ?? range.toMs) - firstMs,
    unit: line.unit,
    series: [{ name: names.name, values: line.values, tone: 'bad' }],
    ...(baseline.toMs > firstMs && { shade: { interval: baseline, name: names.baseline } }),
    ...(sinceMs !== null && { marks: [{ ms: sinceMs, name: names.began(sinceMs) }] }),
  };
}
