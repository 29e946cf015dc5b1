/** Of the APIs that pass through a part, the one through which the question about the part is answered. docs/remedies.md, "From a part to a symptom". */
import { errorShare, isFailing, isLater, isSlower, isUnread } from './symptom.ts';

/** What an API did in the part in one period. */
export interface Passing {
  /** To the API, whether they came through the part or not. */
  readonly requests: number;
  readonly errors: number;
  /** Of its critical path, in the part. */
  readonly criticalNs: number;
  /** Requests that came through, messages of it that were read there, how long these had waited. */
  readonly sent: number;
  readonly read: number;
  readonly waitNs: number;
}

export interface PassingApi {
  readonly service: string;
  readonly name: string;
  /** undefined: it was not asked then at all. */
  readonly baseline: Passing | undefined;
  readonly now: Passing | undefined;
}

/**
 * The worst first: who lost most time there, each request or message compared with those of the baseline; then those whose messages are no
 * longer read; then those of which the greatest share more fails; then the others, by the time that they spend there.
 */
export function worstFirst<Api extends PassingApi>(apis: readonly Api[]): Api[] {
  return apis
    .map((api) => ({ api, ranks: ranksOf(api) }))
    .toSorted((a, b) => byRanks(a.ranks, b.ranks))
    .map(({ api }) => api);
}

function byRanks(a: readonly number[], b: readonly number[]): number {
  const decisive = a.findIndex((rank, index) => rank !== b[index]);
  return decisive === -1 ? 0 : (b[decisive] as number) - (a[decisive] as number);
}

function ranksOf({ baseline, now }: PassingApi): number[] {
  const usual = timeThere(now ?? baseline);
  if (!baseline || !now) return [0, 0, 0, usual];
  const unread = isUnread(baseline, now) ? (baseline.read / baseline.sent) * now.sent - now.read : 0;
  const failing = isFailing(baseline, now) ? (errorShare(now) ?? 0) - (errorShare(baseline) ?? 0) : 0;
  return [lostNs(baseline, now), unread, failing, usual];
}

function lostNs(baseline: Passing, now: Passing): number {
  const [perRequest, perRequestNow] = [baseline.criticalNs / baseline.requests, now.criticalNs / now.requests];
  const waited = isSlower(perRequest, perRequestNow) ? (perRequestNow - perRequest) * now.requests : 0;
  const [perMessage, perMessageNow] = [baseline.waitNs / baseline.read, now.waitNs / now.read];
  const late = isLater(perMessage, perMessageNow) ? (perMessageNow - perMessage) * now.read : 0;
  return waited + late;
}

function timeThere(passing: Passing | undefined): number {
  return passing === undefined ? 0 : passing.criticalNs + passing.waitNs;
}
