/** Only a change of state can be a cause. The bounds are those of the verdicts: docs/remedies.md. */
import { type Both, type InstanceChange, partChanges, type ServiceChange, serviceChanges, type WayFacts } from './changes.ts';
import { type HostFacts, type PeriodFacts, secondsOf } from './facts.ts';
import { goneOf } from './instances.ts';
import { bounds, type Pair, rose } from './resources.ts';
import { errorShare, isFailing, isLater, isSlower, isUnread, messagesOf, requestsMin } from './symptom.ts';

export interface StateChange {
  readonly kind:
    | 'new version'
    | 'traffic step'
    | 'instance gone'
    | 'new instance'
    | 'resource saturated'
    | 'statement slower'
    | 'database slower'
    | 'remote slower'
    | 'queue waits longer'
    | 'queue read less'
    | 'fails more'
    | 'passes failures on';
  /** Of a host none; of a dependency the one that asks it most. */
  readonly service: string;
  /** The version, instance or host; the dependency's address, the queue; else the service. */
  readonly name: string;
  /** `db.system.name`, `messaging.system`; else empty. */
  readonly system: string;
  /** Of a statement: 16 hex digits; else empty. */
  readonly hash: string;
  /** Of a host: what is saturated. */
  readonly measure: 'CPU utilization' | 'CPU pressure' | 'CPU steal' | 'I/O wait' | 'I/O pressure' | null;
  readonly atMs: number | null;
  readonly baseline: number | null;
  readonly now: number | null;
}

type Period = Pick<PeriodFacts, 'fromMs' | 'toMs' | 'hosts'>;

/** The whole system's: no request is the symptom, so `symptom.requests` is 1 and sums are not divided. */
export type SystemFacts = Period & WayFacts;

/** What changed its state between the periods, of these services and of all hosts. */
export function stateChanges(services: readonly ServiceChange[], baseline: Period, now: Period): StateChange[] {
  return [...services.flatMap((service) => ofService(service, baseline, now)), ...ofHosts(baseline, now)];
}

/** The same of the whole system, and what in it got slower, later, or fails more. */
export function systemChanges(baseline: SystemFacts, now: SystemFacts): StateChange[] {
  const services = serviceChanges(baseline, now);
  return [
    ...stateChanges(services, baseline, now),
    ...originsFirst(services.flatMap(failing)),
    ...slowerParts(baseline, now),
    ...lateQueues(baseline, now),
  ];
}

/** Newest first; those of which no moment is known after them. */
export function newestFirst<T extends Pick<StateChange, 'atMs'>>(changes: readonly T[]): T[] {
  return changes.toSorted((a, b) => (b.atMs ?? -Infinity) - (a.atMs ?? -Infinity) || 0);
}

const nothing = { system: '', hash: '', measure: null, atMs: null, baseline: null, now: null } as const;

function ofService(service: ServiceChange, baseline: Period, now: Period): StateChange[] {
  const { instances, newVersions, rate } = service;
  const of = { ...nothing, service: service.service };
  const arrived = instances.filter(({ instance, served }) => instance !== '' && served.baseline === 0 && served.now > 0);
  return [
    ...newVersions.map((name) => ({
      ...of,
      kind: 'new version' as const,
      name,
      atMs: firstSeenMs(instances.filter(({ served, version }) => version === name && served.now > 0)),
    })),
    ...(isStep(rate, baseline, now) ? [{ ...of, kind: 'traffic step' as const, name: service.service, ...rate }] : []),
    ...goneOf(baseline, service).map(({ instance, lastSeenMs }) => ({
      ...of,
      kind: 'instance gone' as const,
      name: instance,
      atMs: lastSeenMs,
      baseline: 1,
      now: 0,
    })),
    // Where nothing was served before, everything is new, and says nothing.
    ...(rate.baseline === 0 ? [] : arrived).map(({ instance, firstSeenMs: atMs }) => ({
      ...of,
      kind: 'new instance' as const,
      name: instance,
      atMs,
      baseline: 0,
      now: 1,
    })),
  ];
}

function isStep(rate: Both, baseline: Period, now: Period): boolean {
  const requests = Math.max(rate.baseline * secondsOf(baseline), rate.now * secondsOf(now));
  if (rate.baseline === 0 || requests < requestsMin) return false;
  return rate.now >= bounds.rateBy * rate.baseline || rate.now * bounds.rateBy <= rate.baseline;
}

function firstSeenMs(instances: readonly InstanceChange[]): number | null {
  return instances.length === 0 ? null : Math.min(...instances.map((one) => one.firstSeenMs));
}

function ofHosts(baseline: Period, now: Period): StateChange[] {
  return [...now.hosts].flatMap(([host, facts]) =>
    saturated(baseline.hosts.get(host), facts).map(([measure, pair]) => ({
      ...nothing,
      kind: 'resource saturated' as const,
      service: '',
      name: host,
      measure,
      ...pair,
    })),
  );
}

function saturated(earlier: HostFacts | undefined, now: HostFacts): [NonNullable<StateChange['measure']>, Pair][] {
  const pair = (of: keyof HostFacts): Pair => ({ baseline: earlier?.[of] ?? null, now: now[of] });
  const cpu = pair('cpu');
  const isBusy = cpu.now !== null && cpu.now >= bounds.cpuTo && (cpu.baseline === null || rose(cpu, bounds.cpuBy));
  const isWaiting = rose(pair('ioWait'), bounds.ioWaitBy);
  const all: [NonNullable<StateChange['measure']>, Pair, boolean][] = [
    ['CPU utilization', cpu, isBusy],
    // Where all processors are busy, tasks wait for them, and where they wait for disks, tasks do: that is one change.
    ['CPU pressure', pair('cpuPressure'), !isBusy && rose(pair('cpuPressure'), bounds.pressureBy, bounds.pressureTo)],
    ['CPU steal', pair('steal'), rose(pair('steal'), bounds.stealBy)],
    ['I/O wait', pair('ioWait'), isWaiting],
    ['I/O pressure', pair('ioPressure'), !isWaiting && rose(pair('ioPressure'), bounds.pressureBy, bounds.pressureTo)],
  ];
  return all.flatMap(([measure, measured, isUp]) => (isUp ? [[measure, measured]] : []));
}

/** What fails by itself, and what only passes on that a service it calls failed. */
function failing({ instances, ownErrors, service }: ServiceChange): StateChange[] {
  const of = (period: keyof Both) => ({
    requests: instances.reduce((sum, { served }) => sum + served[period], 0),
    errors: instances.reduce((sum, { servedErrors }) => sum + servedErrors[period], 0),
  });
  const [before, after] = [of('baseline'), of('now')];
  if (before.requests === 0 || !isFailing(before, after)) return [];
  // Of the system one request is the symptom: these are counts.
  const isOrigin = isFailing({ ...before, errors: ownErrors.baseline }, { ...after, errors: ownErrors.now });
  const kind = isOrigin ? 'fails more' : 'passes failures on';
  return [{ ...nothing, kind, service, name: service, baseline: errorShare(before), now: errorShare(after) }];
}

function originsFirst(changes: readonly StateChange[]): StateChange[] {
  return changes.toSorted((a, b) => Number(a.kind !== 'fails more') - Number(b.kind !== 'fails more'));
}

const slowerKinds = { statement: 'statement slower', database: 'database slower', remote: 'remote slower' } as const;

function slowerParts(baseline: SystemFacts, now: SystemFacts): StateChange[] {
  return partChanges(baseline, now).flatMap(({ address, callNs, calls, hash, kind, name, service, system }) => {
    if (kind !== 'statement' && kind !== 'database' && kind !== 'remote') return [];
    if (Math.min(calls.baseline, calls.now) < requestsMin || !isSlower(callNs.baseline, callNs.now)) return [];
    return [{ ...nothing, kind: slowerKinds[kind], service, name: address || name || system, system, hash, ...callNs }];
  });
}

function lateQueues(baseline: SystemFacts, now: SystemFacts): StateChange[] {
  const queues = new Map(
    [...baseline.parts, ...now.parts]
      .filter(({ kind }) => kind === 'queue')
      // Who reads it is who is late.
      .toSorted((a, b) => a.messages - b.messages)
      .map(({ name, service, system }) => [name, { service, system }]),
  );
  return [...queues].flatMap(([name, of]): StateChange[] => {
    const [before, after] = [messagesOf(baseline, name), messagesOf(now, name)];
    const waits = { baseline: before.waitNs / before.read, now: after.waitNs / after.read };
    const isLate = before.read > 0 && after.read > 0 && isLater(waits.baseline, waits.now);
    const read = { baseline: before.read / before.sent, now: after.read / after.sent };
    return [
      ...(isLate ? [{ ...nothing, ...of, kind: 'queue waits longer' as const, name, ...waits }] : []),
      ...(isUnread(before, after) ? [{ ...nothing, ...of, kind: 'queue read less' as const, name, ...read }] : []),
    ];
  });
}
