import type { Series } from '@sonde/api';
import type { Subject } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import type { TimeRange } from '../range.ts';
import { type PartLine, partLines, type Reach, type Symptom } from './path-parts.ts';

/** Periods further apart are not drawn on one axis. */
const gapMaxShare = 2;

export interface PathLines {
  readonly timesMs: readonly number[];
  readonly parts: readonly PartLine[];
  /** When the line rose, of what lies in the asked range; null: it cannot be told. */
  since(line: Series): number | null;
}

/** Every part over both periods where they lie close together, else over the range alone. */
export async function pathLines(
  engine: Engine,
  range: TimeRange,
  baseline: TimeRange,
  symptom: Symptom,
  reach: Reach,
  services: readonly string[],
): Promise<PathLines> {
  const length = range.toMs - range.fromMs;
  const isNear = baseline.toMs <= range.fromMs && range.fromMs - baseline.toMs <= gapMaxShare * length;
  const drawn = isNear ? { fromMs: baseline.fromMs, toMs: range.toMs } : range;
  const { lines, steps } = await partLines(engine, drawn, symptom, reach, services);
  const before = isNear ? steps.timesMs.filter((timeMs) => timeMs < baseline.toMs).length : 0;
  return { timesMs: steps.timesMs, parts: lines, since: ({ values }) => sinceMs(values, steps.timesMs, before) };
}

/** How long one call of the subject took, in each step; of a service how long it was on its own for each request that it served. */
export function lineOf({ parts, timesMs }: PathLines, subject: Subject): Series | undefined {
  const isCall = ['statement', 'database', 'remote', 'queue', 'pool'].includes(subject.kind);
  const own = parts.filter((part) => {
    if (!isCall) return part.service === subject.service && part.kind !== 'call';
    if (subject.kind === 'statement') return part.hash === subject.hash;
    return part.kind === subject.kind && (part.address || part.name) === subject.name;
  });
  if (own.length === 0) return undefined;
  const values = timesMs.map((_, step): number | null => {
    const there = own.filter((part) => part.step === step);
    const sum = (valueOf: (part: PartLine) => number) => there.reduce((total, part) => total + valueOf(part), 0);
    const count = sum((part) => (isCall ? part.calls : part.served));
    return count === 0 ? null : sum((part) => (isCall ? part.totalNs : part.criticalNs)) / count;
  });
  return { name: subject.name, unit: 'ns', values };
}

/** The first step from which on all are above the middle between the usual and the highest. */
function sinceMs(values: readonly (number | null)[], timesMs: readonly number[], before: number): number | null {
  const usual = median(values.slice(0, before));
  if (usual === undefined) return null;
  const highest = Math.max(...values.slice(before).map((value) => value ?? 0));
  const middle = (usual + highest) / 2;
  if (highest <= usual) return null;
  const first = values.findIndex((value, step) => step >= before && value !== null && value >= middle);
  return first === -1 ? null : (timesMs[first] ?? null);
}

function median(values: readonly (number | null)[]): number | undefined {
  const known = values.flatMap((value) => value ?? []).toSorted((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
