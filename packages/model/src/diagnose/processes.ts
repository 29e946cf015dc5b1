/** A process that is starved or stalled: its machine, its garbage collection, its event loop. All that it does is slow then. */
import type { PartChange, ServiceChange } from './changes.ts';
import { confidenceOf } from './confidence.ts';
import type { Case } from './case.ts';
import {
  bounds,
  evidence,
  isCpuSaturated,
  isIoSaturated,
  type Resources,
  resourceEvidence,
  resourcesOf,
  rise,
  rose,
} from './resources.ts';
import type { Advice, Cause, Finding } from './verdict.ts';

/** A process that waits for one thing is not stalled: that thing is slow. */
const dominantShare = 0.6;
/** What a stalled process adds to a call, in turns of its loop that it waits for. */
const turnsPerCall = 3;
/** Of one event loop: more of it and the queue before it grows faster than the load (M/M/1: at 0.7 the wait is 2.3 times the work). */
const loopTarget = 0.7;

export function processFinding(one: Case, service: ServiceChange): Finding | undefined {
  const resources = resourcesOf(service, one.baseline, one.now);
  const cause = causeOf(service, resources);
  if (!cause || waitsForOne(service.parts, resources)) return undefined;
  const isTraffic = service.rate.now >= bounds.rateBy * service.rate.baseline;
  const isNew = service.newVersions.length > 0;
  const told = isTraffic && cause !== 'garbage collection' ? 'more traffic' : isNew ? 'new version' : cause;
  const share = one.claim(service.parts, told);
  if (share === 0) return undefined;
  return {
    cause: told,
    subject: { kind: 'service', service: service.service, name: service.service, system: '', hash: '' },
    share,
    confidence: confidenceOf(one, share, true, isTraffic || isNew),
    evidence: [
      evidence('time on the critical path', service.service, criticalOf(service.parts)),
      ...resourceEvidence(service.service, resources),
      evidence('requests', service.service, service.rate, isTraffic ? 'for' : 'against'),
      ...(isNew
        ? [evidence('versions', service.newVersions.join(', '), { baseline: null, now: service.newVersions.length })]
        : []),
    ],
    remedy: remedyOf(told, service, resources),
  };
}

function causeOf({ rate }: ServiceChange, resources: Resources): Cause | undefined {
  const { gc, loop, loopDelayNs, steal } = resources;
  if (rose(steal, bounds.stealBy)) return 'CPU steal';
  if (rose(gc, bounds.gcBy, bounds.gcTo)) return 'garbage collection';
  const isStalled = rose(loop, bounds.loopBy, bounds.loopTo) || rose(loopDelayNs, bounds.loopDelayNsBy);
  if (isCpuSaturated(resources) && !rose(loop, bounds.loopBy)) return 'host CPU saturated';
  if (isStalled) return 'event loop blocked';
  if (isIoSaturated(resources)) return 'host I/O saturated';
  return rate.now >= bounds.rateBy * rate.baseline && (loop.now ?? 0) >= bounds.loopTo ? 'more traffic' : undefined;
}

/** One dependency makes up most of what got slower, and each call of it by more than a stalled process explains. */
function waitsForOne(parts: readonly PartChange[], { loopDelayNs }: Resources): boolean {
  const worse = parts.reduce((sum, { deltaNs }) => sum + Math.max(0, deltaNs), 0);
  const [most] = parts.filter(({ kind }) => kind !== 'service' && kind !== 'call').toSorted((a, b) => b.deltaNs - a.deltaNs);
  if (!most || most.deltaNs < dominantShare * worse) return false;
  const perCall = (most.callNs.now ?? 0) - (most.callNs.baseline ?? 0);
  return perCall > turnsPerCall * Math.max(0, rise(loopDelayNs) ?? 0);
}

export function criticalOf(parts: readonly PartChange[]) {
  return {
    baseline: parts.reduce((sum, { criticalNs }) => sum + criticalNs.baseline, 0),
    now: parts.reduce((sum, { criticalNs }) => sum + criticalNs.now, 0),
  };
}

function remedyOf(cause: Cause, service: ServiceChange, resources: Resources): Advice {
  const name = service.service;
  const serving = service.instances.filter(({ served }) => served.now > 0).length;
  if (cause === 'new version') {
    return {
      action: 'roll back',
      target: name,
      amount: null,
      rule: 'new version',
      why: `${name} got slower with ${service.newVersions.join(', ')}.`,
    };
  }
  if (cause === 'more traffic') {
    const amount = Math.max(serving + 1, Math.ceil((serving * (resources.loop.now ?? resources.cpu.now ?? 1)) / loopTarget));
    const times = (service.rate.now / Math.max(service.rate.baseline, 1e-9)).toFixed(1);
    return {
      action: 'scale out',
      target: name,
      amount,
      rule: 'saturation that follows the rate',
      why: `${name} gets ${times} times the requests and is the one that is busy; what it depends on is not. ${amount} instances bring each to ${loopTarget * 100} %.`,
    };
  }
  if (cause === 'garbage collection') {
    return {
      action: 'restart and fix',
      target: name,
      amount: null,
      rule: 'growth at flat load',
      why: `${name} collects garbage for ${percent(resources.gc.now)} of the time at the same load: a restart helps until memory has grown again.`,
    };
  }
  if (cause === 'event loop blocked') {
    return {
      action: 'fix code',
      target: name,
      amount: null,
      rule: 'one thread is busy',
      why: `The event loop of ${name} is busy for ${percent(resources.loop.now)} of the time: what calculates for long belongs in a worker.`,
    };
  }
  return {
    action: 'free the host',
    target: [...new Set(service.instances.map(({ host }) => host))].join(', '),
    amount: null,
    rule: 'host saturated by others',
    why: `The processors of its hosts are busy with something else than ${name}.`,
  };
}

function percent(share: number | null): string {
  return share === null ? 'much' : `${Math.round(share * 100)} %`;
}
