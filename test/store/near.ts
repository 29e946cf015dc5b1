import { expect } from 'vitest';

type Measure = 'exact' | 'percentile' | 'time' | 'share';

/** Shares are ratios of times. */
const shareMax = 1e-6;
const measures: readonly (readonly [RegExp, Measure])[] = [
  [/(p50Ns|p95Ns|p99Ns|percentileNs|P95Ns|latency\[\d\]\.values\[\d+\])$/, 'percentile'],
  [/(selfNs|criticalNs|waitNs|timeNs)$/, 'time'],
  [/([sS]hare|criticality)$/, 'share'],
];

/**
 * That an answer out of rollups is the slow one: percentiles within 5 % and never above the longest, self, critical and waiting times (half ns
 * where clocks were aligned, rounded in each row) within 1 in a million, everything else the same. `more` goes before the usual measures.
 */
export function expectNear(answer: unknown, slow: unknown, more: readonly (readonly [RegExp, Measure])[] = []): void {
  expect(differences(answer, slow, '', [...more, ...measures])).toEqual([]);
}

function differences(answer: unknown, slow: unknown, path: string, known: typeof measures): string[] {
  if (typeof answer === 'number' && typeof slow === 'number') {
    const measure = known.find(([pattern]) => pattern.test(path))?.[1] ?? 'exact';
    return isNear(measure, answer, slow) ? [] : [`${path}: ${answer}, not ${slow} (${measure})`];
  }
  if (!isNested(answer) || !isNested(slow)) {
    return Object.is(answer, slow) ? [] : [`${path}: ${JSON.stringify(answer)}, not ${JSON.stringify(slow)}`];
  }
  const isList = Array.isArray(slow);
  if (isList !== Array.isArray(answer)) return [`${path}: a list, or not`];
  const own: string[] = [];
  const { maxNs, p99Ns } = answer;
  if (typeof maxNs === 'number' && typeof p99Ns === 'number' && p99Ns > maxNs) own.push(`${path}: p99 beyond the longest`);
  const keys = [...new Set([...Object.keys(answer), ...Object.keys(slow)])];
  return [
    ...own,
    ...keys.flatMap((key) => differences(answer[key], slow[key], isList ? `${path}[${key}]` : `${path}.${key}`, known)),
  ];
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isNear(measure: Measure, answer: number, slow: number): boolean {
  const off = Math.abs(answer - slow);
  if (measure === 'percentile') return off <= slow * 0.05 + 1.1;
  if (measure === 'time') return off <= slow * 1e-6 + 100;
  return measure === 'share' ? off <= shareMax : off === 0;
}
