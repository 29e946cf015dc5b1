import { defaultObjective, type healthReasons, type healthStates, judgedRequestsMin } from '@sonde/api';

/** What the states of GET /overview mean, as packages/api/src/overview.ts says them. */
export interface Health {
  readonly state: (typeof healthStates)[number];
  readonly reason: (typeof healthReasons)[number] | null;
}

const healthy: Health = { state: 'healthy', reason: null };
const degraded = (reason: NonNullable<Health['reason']>): Health => ({ state: 'degraded', reason });
const unknown = (reason: NonNullable<Health['reason']>): Health => ({ state: 'unknown', reason });

interface Figures {
  readonly requests: number;
  readonly errors: number;
  readonly p95Ns: number | null;
  readonly p99Ns: number | null;
}

export function budgetBurnt({ requests, errors }: Pick<Figures, 'requests' | 'errors'>): number | null {
  return requests === 0 ? null : errors / (requests * (1 - defaultObjective.okShare));
}

/** By how much the objective was missed: above 1 it was. */
export function missed(figures: Figures): number {
  return Math.max(budgetBurnt(figures) ?? 0, (figures.p99Ns ?? 0) / defaultObjective.p99Ns);
}

export function apiHealth(figures: Figures): Health {
  if (figures.requests === 0) return unknown('silent');
  if (figures.requests < judgedRequestsMin) return unknown('few');
  if ((budgetBurnt(figures) ?? 0) > 1) return degraded('errors');
  return (figures.p99Ns ?? 0) > defaultObjective.p99Ns ? degraded('latency') : healthy;
}

const failedShareMax = 0.01;
const slowerMin = 2;

export function middlewareHealth(now: Figures | undefined, before: Figures | undefined): Health {
  if (now === undefined || now.requests === 0) return unknown('silent');
  if (now.requests < judgedRequestsMin) return unknown('few');
  if (now.errors / now.requests > failedShareMax) return degraded('errors');
  const isSlower =
    before !== undefined &&
    before.requests >= judgedRequestsMin &&
    now.p95Ns !== null &&
    before.p95Ns !== null &&
    now.p95Ns >= slowerMin * before.p95Ns;
  return isSlower ? degraded('latency') : healthy;
}

const busyCpuMin = 0.85;
const silentMs = 3 * 60_000;

/** `untilMs`: the end of the range, or now where that is earlier. */
export function hostHealth(cpu: number | null, lastSeenMs: number, untilMs: number): Health {
  if (untilMs - lastSeenMs > silentMs) return degraded('silent');
  if (cpu === null) return unknown('few');
  return cpu > busyCpuMin ? degraded('busy') : healthy;
}

const ranks: Readonly<Record<Health['state'], number>> = { degraded: 0, unknown: 1, healthy: 2 };

export function worstFirst(a: Health, b: Health): number {
  return ranks[a.state] - ranks[b.state];
}

const shownMax = 60;

/** `items`: the worst first. */
export function layerOf<Item extends Health>(items: readonly Item[]) {
  const inState = (state: Health['state']) => items.filter((item) => item.state === state).length;
  return {
    count: items.length,
    healthy: inState('healthy'),
    degraded: inState('degraded'),
    unknown: inState('unknown'),
    items: items.slice(0, shownMax),
  };
}
