import type { Overview, OverviewApi, TopItem } from '@sonde/api';

export type Problem = 'errors' | 'latency' | 'slower' | 'failing' | 'few' | 'none';
export type Tone = 'bad' | 'warn' | 'ok' | 'unknown';

export interface ApiRow {
  readonly key: string;
  readonly service: string;
  readonly name: string;
  readonly problem: Problem;
  readonly tone: Tone;
  readonly p95Ns: number | null;
  readonly beforeNs: number | null;
  readonly errorShare: number | null;
  readonly requestsPerSecond: number;
  readonly trend: readonly (number | null)[];
}

/** What the diagnosis calls slower, of p95: docs/remedies.md. */
const slowerBy = 1.3;
const slowerNsMin = 10_000_000;
const errorShareMin = 0.02;
const requestsMin = 20;

const ranks: Record<Problem, number> = { failing: 0, slower: 0, errors: 1, latency: 1, few: 3, none: 2 };

/**
 * What got worse comes first, by how much: that is what a diagnosis can explain. Then what misses its objective as it did before, in the
 * order of the overview; then all others.
 */
export function apiRows({ apis, range }: Pick<Overview, 'apis' | 'range'>, before: readonly TopItem[]): ApiRow[] {
  const earlier = new Map(before.map(({ key, previous }) => [JSON.stringify([key.service, key.name]), previous]));
  const seconds = Math.max(1, (range.toMs - range.fromMs) / 1000);
  return apis
    .map((api) => apiRow(api, earlier.get(JSON.stringify([api.service, api.name])) ?? null, seconds))
    .toSorted((a, b) => ranks[a.problem] - ranks[b.problem] || (ranks[a.problem] === 0 ? worse(b) - worse(a) : 0));
}

function apiRow(api: OverviewApi, before: TopItem['previous'], seconds: number): ApiRow {
  const { errors, name, p95Ns, requests, service } = api;
  const errorShare = requests === 0 ? null : errors / requests;
  const problem = problemOf(api, errorShare, before);
  return {
    key: JSON.stringify([service, name]),
    service,
    name,
    problem,
    tone: toneOf(problem),
    p95Ns,
    beforeNs: before?.percentileNs ?? null,
    errorShare,
    requestsPerSecond: requests / seconds,
    trend: api.trend,
  };
}

function problemOf({ p95Ns, reason, requests }: OverviewApi, errorShare: number | null, before: TopItem['previous']): Problem {
  if (before !== null && Math.min(before.requests, requests) >= requestsMin) {
    const earlier = before.errors / before.requests;
    if (errorShare !== null && errorShare - earlier >= errorShareMin && errorShare >= 2 * earlier) return 'failing';
    const beforeNs = before.percentileNs;
    if (p95Ns !== null && beforeNs !== null && p95Ns >= slowerBy * beforeNs && p95Ns - beforeNs >= slowerNsMin) return 'slower';
  }
  return reason === 'errors' || reason === 'latency' || reason === 'few' ? reason : 'none';
}

function toneOf(problem: Problem): Tone {
  if (problem === 'errors' || problem === 'failing') return 'bad';
  if (problem === 'latency' || problem === 'slower') return 'warn';
  return problem === 'few' ? 'unknown' : 'ok';
}

function worse({ beforeNs, errorShare, p95Ns, problem }: ApiRow): number {
  if (problem === 'failing') return 1000 * (1 + (errorShare ?? 0));
  return (p95Ns ?? 0) / Math.max(1, beforeNs ?? 1);
}

/** Those of which service or name contain it. */
export function namedLike<T extends { readonly service: string; readonly name: string | undefined }>(
  rows: readonly T[],
  find: string,
): T[] {
  const wanted = find.trim().toLowerCase();
  return rows.filter(({ name, service }) => `${service} ${name ?? ''}`.toLowerCase().includes(wanted));
}

export interface OtherRow {
  readonly key: string;
  readonly service: string;
  /** undefined: the service as a whole. */
  readonly name: string | undefined;
}

const othersMax = 20;

/** Services and inner endpoints of that name; what is an API stands in the table above already. */
export function otherRows(
  services: readonly string[],
  endpoints: readonly Pick<TopItem, 'key'>[],
  apis: readonly ApiRow[],
  find: string,
): OtherRow[] {
  if (find.trim() === '') return [];
  const known = new Set(apis.map(({ key }) => key));
  const rows = [
    ...services.map((service) => ({ key: JSON.stringify([service]), service, name: undefined })),
    ...endpoints.flatMap(({ key: { name, service } }) =>
      service === undefined || name === undefined ? [] : { key: JSON.stringify([service, name]), service, name },
    ),
  ];
  return namedLike(rows, find)
    .filter(({ key }) => !known.has(key))
    .slice(0, othersMax);
}
