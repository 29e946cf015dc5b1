import type { Series } from '@sonde/api';
import { beganMs, median, type Subject } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import type { TimeRange } from '../range.ts';
import { type PartLine, partLines } from './part-lines.ts';
import type { Reach, Symptom } from './symptom-facts.ts';

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
  return {
    timesMs: steps.timesMs,
    parts: lines,
    since: ({ values }) => beganMs(values.slice(before), steps.timesMs.slice(before), median(values.slice(0, before))),
  };
}

/** How long one call of the subject took, in each step; of a queue how long a message waited; of a service how long it was on its own for each request that it served. */
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
    const [count, ns] =
      subject.kind === 'queue'
        ? [sum(({ messages }) => messages), sum(({ waitNs }) => waitNs)]
        : isCall
          ? [sum(({ calls }) => calls), sum(({ totalNs }) => totalNs)]
          : [sum(({ served }) => served), sum(({ criticalNs }) => criticalNs)];
    return count === 0 ? null : ns / count;
  });
  return { name: subject.name, unit: 'ns', values };
}
