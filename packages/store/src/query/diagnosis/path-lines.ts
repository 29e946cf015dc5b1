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

const callKinds: readonly Subject['kind'][] = ['statement', 'database', 'remote', 'queue', 'pool'];

/**
 * How long one call of the subject took, in each step; of a queue how long a message waited; of a service how long it was on its own for each
 * request that it served.
 */
export function durationLine(lines: PathLines, subject: Subject): Series | undefined {
  const own = ofSubject(lines, subject).filter(({ kind }) => kind !== 'call');
  if (subject.kind === 'queue') {
    return meanLine(lines, subject, own, 'ns', (sum) => [sum(({ waitNs }) => waitNs), sum(({ messages }) => messages)]);
  }
  return meanLine(lines, subject, own, 'ns', (sum) =>
    callKinds.includes(subject.kind)
      ? [sum(({ totalNs }) => totalNs), sum(({ calls }) => calls)]
      : [sum(({ criticalNs }) => criticalNs), sum(({ served }) => served)],
  );
}

/** The share of its calls that failed, in each step; of a service of what it served, without what a failed call of its own explains. */
export function errorLine(lines: PathLines, subject: Subject): Series | undefined {
  return meanLine(lines, subject, ofSubject(lines, subject), '1', (sum) => {
    if (callKinds.includes(subject.kind)) return [sum(({ errors }) => errors), sum(({ calls }) => calls)];
    const failedCalls = sum(({ errors, kind }) => (kind === 'call' ? errors : 0));
    return [Math.max(0, sum(({ servedErrors }) => servedErrors) - failedCalls), sum(({ served }) => served)];
  });
}

function ofSubject({ parts }: PathLines, { hash, kind, name, service }: Subject): PartLine[] {
  if (!callKinds.includes(kind)) return parts.filter((part) => part.service === service);
  if (kind === 'statement') return parts.filter((part) => part.hash === hash);
  return parts.filter((part) => part.kind === kind && (part.address || part.name) === name);
}

type Sum = (valueOf: (part: PartLine) => number) => number;

/** Undefined where nothing is known of it. `of` gives an amount, and how many share it. */
function meanLine(
  { timesMs }: PathLines,
  { name }: Subject,
  own: readonly PartLine[],
  unit: string,
  of: (sum: Sum) => [amount: number, count: number],
): Series | undefined {
  if (own.length === 0) return undefined;
  const values = timesMs.map((_, step): number | null => {
    const there = own.filter((part) => part.step === step);
    const [amount, count] = of((valueOf) => there.reduce((total, part) => total + valueOf(part), 0));
    return count === 0 ? null : amount / count;
  });
  return { name, unit, values };
}
