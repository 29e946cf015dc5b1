/** The facts of both periods side by side, per request to the symptom: what changed where. */
import { groupBy } from '../group-by.ts';
import { type PartKind, type PathPart, type PeriodFacts, secondsOf } from './facts.ts';

export interface Both {
  readonly baseline: number;
  readonly now: number;
}

/** One place on the way, all instances together. Times and counts are per request to the symptom. */
export interface PartChange {
  readonly kind: PartKind;
  readonly service: string;
  readonly system: string;
  readonly address: string;
  readonly name: string;
  readonly hash: string;
  readonly criticalNs: Both;
  readonly calls: Both;
  readonly errors: Both;
  /** Mean of one call, whoever waited; null where there was none. */
  readonly callNs: { readonly baseline: number | null; readonly now: number | null };
  readonly deltaNs: number;
}

export interface InstanceChange {
  readonly instance: string;
  readonly host: string;
  readonly version: string;
  readonly served: Both;
  readonly servedErrors: Both;
  /** Of the symptom's critical path in this service and in what it waits for, for each request that this instance served; null: it served none. */
  readonly perServedNs: { readonly baseline: number | null; readonly now: number | null };
  /** In the period that it was first seen in. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}

export interface ServiceChange {
  readonly service: string;
  readonly parts: readonly PartChange[];
  readonly instances: readonly InstanceChange[];
  /** Of all that lies on the critical path here, per request to the symptom. */
  readonly deltaNs: number;
  /** Requests served a second. */
  readonly rate: Both;
  readonly servedErrors: Both;
  /** Failed requests that no failed call to another recorded service explains, per request to the symptom. */
  readonly ownErrors: Both;
  /** Of the requests served; null: none was. */
  readonly ownErrorShare: { readonly baseline: number | null; readonly now: number | null };
  /** Mean duration of a request here. */
  readonly servedNs: { readonly baseline: number | null; readonly now: number | null };
  readonly newVersions: readonly string[];
}

interface Tagged extends PathPart {
  readonly isNow: boolean;
}

/** What is seen on the way of some requests; `symptom`: how many they are. */
export type WayFacts = Pick<PeriodFacts, 'fromMs' | 'toMs' | 'parts'> & { readonly symptom: { readonly requests: number } };

export function serviceChanges(baseline: WayFacts, now: WayFacts): ServiceChange[] {
  const all = tagged(baseline, now);
  const requests = { baseline: baseline.symptom.requests, now: now.symptom.requests };
  const seconds = { baseline: secondsOf(baseline), now: secondsOf(now) };
  return [...groupBy(all, ({ service }) => service)].map(([service, rows]) => {
    const parts = [...groupBy(rows, keyOf).values()].map((own) => partChange(own, requests));
    const served = sums(rows, (row) => row.served);
    const failures = sums(rows, (row) => row.servedErrors);
    const called = sums(rows, (row) => row.callErrors);
    const own = { baseline: Math.max(0, failures.baseline - called.baseline), now: Math.max(0, failures.now - called.now) };
    return {
      service,
      parts,
      instances: instanceChanges(rows),
      deltaNs: parts.reduce((sum, { deltaNs }) => sum + deltaNs, 0),
      rate: per(served, seconds),
      servedErrors: per(failures, requests),
      ownErrors: per(own, requests),
      ownErrorShare: { baseline: ratio(own.baseline, served.baseline), now: ratio(own.now, served.now) },
      servedNs: means(rows),
      newVersions: newVersions(rows),
    };
  });
}

/** The same, whichever service asks; `service` is the one that asks most. */
export function partChanges(baseline: WayFacts, now: WayFacts): PartChange[] {
  const requests = { baseline: baseline.symptom.requests, now: now.symptom.requests };
  return [...groupBy(tagged(baseline, now), keyOf).values()].map((own) =>
    partChange(
      own.toSorted((a, b) => b.calls - a.calls),
      requests,
    ),
  );
}

function tagged(baseline: WayFacts, now: WayFacts): Tagged[] {
  return [...baseline.parts.map((part) => ({ ...part, isNow: false })), ...now.parts.map((part) => ({ ...part, isNow: true }))];
}

export function keyOf({ kind, system, address, name, hash }: Pick<PathPart, 'kind' | 'system' | 'address' | 'name' | 'hash'>) {
  return JSON.stringify([kind, system, address, name, hash]);
}

function partChange(rows: readonly Tagged[], requests: Both): PartChange {
  const { address, hash, kind, name, service, system } = rows[0] as Tagged;
  const criticalNs = per(
    sums(rows, (row) => row.criticalNs),
    requests,
  );
  const calls = sums(rows, (row) => row.calls);
  const totalNs = sums(rows, (row) => row.totalNs);
  return {
    kind,
    service,
    system,
    address,
    name,
    hash,
    criticalNs,
    calls: per(calls, requests),
    errors: per(
      sums(rows, (row) => row.errors),
      requests,
    ),
    callNs: { baseline: ratio(totalNs.baseline, calls.baseline), now: ratio(totalNs.now, calls.now) },
    deltaNs: criticalNs.now - criticalNs.baseline,
  };
}

function instanceChanges(rows: readonly Tagged[]): InstanceChange[] {
  const known = rows.filter(({ kind }) => kind !== 'call');
  return [...groupBy(known, ({ instance }) => instance)].map(([instance, own]) => {
    const newest = own.reduce((last, row) => (row.lastSeenMs > last.lastSeenMs ? row : last));
    const served = sums(own, (row) => row.served);
    const criticalNs = sums(own, (row) => row.criticalNs);
    return {
      instance,
      host: newest.host,
      version: newest.version,
      served,
      servedErrors: sums(own, (row) => row.servedErrors),
      perServedNs: { baseline: ratio(criticalNs.baseline, served.baseline), now: ratio(criticalNs.now, served.now) },
      firstSeenMs: Math.min(...own.map(({ firstSeenMs }) => firstSeenMs)),
      lastSeenMs: newest.lastSeenMs,
    };
  });
}

function newVersions(rows: readonly Tagged[]): string[] {
  const served = rows.filter((row) => row.served > 0);
  const before = new Set(served.filter(({ isNow }) => !isNow).map(({ version }) => version));
  // Where nothing was served before, everything is new, and says nothing.
  if (before.size === 0) return [];
  return [...new Set(served.filter(({ isNow, version }) => isNow && !before.has(version)).map(({ version }) => version))];
}

function means(rows: readonly Tagged[]) {
  const served = sums(rows, (row) => row.served);
  const servedNs = sums(rows, (row) => row.servedNs);
  return { baseline: ratio(servedNs.baseline, served.baseline), now: ratio(servedNs.now, served.now) };
}

function sums(rows: readonly Tagged[], valueOf: (row: PathPart) => number): Both {
  const of = (isNow: boolean) => rows.reduce((sum, row) => (row.isNow === isNow ? sum + valueOf(row) : sum), 0);
  return { baseline: of(false), now: of(true) };
}

function per(amount: Both, count: Both): Both {
  return { baseline: amount.baseline / Math.max(1, count.baseline), now: amount.now / Math.max(1, count.now) };
}

function ratio(amount: number, count: number): number | null {
  return count === 0 ? null : amount / count;
}
