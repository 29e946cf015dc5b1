/** What is wrong with the symptom, by its figures in both periods. The bounds are in docs/remedies.md. */
import type { PeriodFacts, SymptomFacts } from './facts.ts';

export type Problem = 'slower' | 'failing' | 'late';
export type Curve = 'whole' | 'tail' | 'none' | 'unknown';

/** Fewer requests say nothing. */
export const requestsMin = 20;
/** A percentile that rises by less is within its noise: a bucket is 9 % wide, and a few requests decide p95. */
export const slowerBy = 1.3;
const slowerNsMin = 2_000_000;
const tailSlowerNsMin = 10_000_000;
const errorShareMin = 0.02;
const errorsBy = 2;
const errorShareMuch = 0.1;
const laterBy = 3;
const laterNsMin = 1_000_000_000;

export function problemsOf(baseline: PeriodFacts, now: PeriodFacts): Problem[] {
  const problems: Problem[] = [];
  const curve = curveOf(baseline.symptom, now.symptom);
  if (curve === 'whole' || curve === 'tail') problems.push('slower');
  if (isFailing(baseline.symptom, now.symptom)) problems.push('failing');
  if (isLate(baseline, now)) problems.push('late');
  return problems;
}

export function curveOf(baseline: SymptomFacts, now: SymptomFacts): Curve {
  if (baseline.requests < requestsMin || now.requests < requestsMin) return 'unknown';
  if (isUp(meanNs(baseline), meanNs(now), slowerNsMin) && isUp(baseline.p50Ns, now.p50Ns, slowerNsMin)) return 'whole';
  if (isUp(baseline.p95Ns, now.p95Ns, tailSlowerNsMin) && isUp(meanNs(baseline), meanNs(now), slowerNsMin)) return 'tail';
  return 'none';
}

export function meanNs({ requests, totalNs }: SymptomFacts): number | null {
  return requests === 0 ? null : totalNs / requests;
}

export function errorShare({ errors, requests }: Pick<SymptomFacts, 'requests' | 'errors'>): number | null {
  return requests === 0 ? null : errors / requests;
}

function isUp(baseline: number | null, now: number | null, byMin: number): boolean {
  return baseline !== null && now !== null && now >= baseline * slowerBy && now - baseline >= byMin;
}

/** Of a mean. */
export function isSlower(baselineNs: number | null, nowNs: number | null): boolean {
  return isUp(baselineNs, nowNs, slowerNsMin);
}

type Counts = Pick<SymptomFacts, 'requests' | 'errors'>;

/** By its share, or where much failed before by more than chance does: that share cannot double. */
export function isFailing(baseline: Counts, now: Counts): boolean {
  const before = errorShare(baseline) ?? 0;
  const share = errorShare(now) ?? 0;
  const isMuch = share - before >= Math.max(errorShareMuch, 3 * chanceOf(baseline, now));
  return now.requests >= requestsMin && share - before >= errorShareMin && (share >= before * errorsBy || isMuch);
}

/** The standard error of the difference of the two shares, if both are one. */
function chanceOf(a: Counts, b: Counts): number {
  const all = (a.errors + b.errors) / (a.requests + b.requests);
  return Math.sqrt(all * (1 - all) * (1 / a.requests + 1 / b.requests));
}

/** Messages that are read late, or no longer read though they are sent. */
function isLate(baseline: PeriodFacts, now: PeriodFacts): boolean {
  const [before, after] = [messagesOf(baseline), messagesOf(now)];
  if (before.read === 0) return false;
  const isSlow = after.read > 0 && isLater(before.waitNs / before.read, after.waitNs / after.read);
  return isSlow || isUnread(before, after);
}

/** Of what a message waits in the mean. */
export function isLater(baselineNs: number, nowNs: number): boolean {
  return nowNs - baselineNs >= laterNsMin && nowNs >= baselineNs * laterBy;
}

export interface Messages {
  readonly read: number;
  readonly sent: number;
}

/** Read less than half as often for each that is sent. */
export function isUnread(before: Messages, after: Messages): boolean {
  if (before.read === 0 || before.sent === 0 || after.sent < requestsMin) return false;
  return after.read / after.sent < (before.read / before.sent) * 0.5;
}

export function messagesOf({ parts }: Pick<PeriodFacts, 'parts'>, queue?: string) {
  const own = parts.filter(({ kind, name }) => kind === 'queue' && (queue === undefined || name === queue));
  const sum = (valueOf: (part: (typeof own)[number]) => number) => own.reduce((total, part) => total + valueOf(part), 0);
  return {
    read: sum(({ messages }) => messages),
    waitNs: sum(({ waitNs }) => waitNs),
    sent: sum(({ calls, messages }) => (messages > 0 ? 0 : calls)),
  };
}
