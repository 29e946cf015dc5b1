/** What is left when no instance and no process explains it: dependencies that got slower, and the services' own code. */
import { groupBy } from '../group-by.ts';
import type { PartChange, ServiceChange } from './changes.ts';
import { confidenceOf } from './confidence.ts';
import type { Case } from './case.ts';
import { bounds, evidence, isLonger, meanDuration } from './resources.ts';
import { criticalOf } from './processes.ts';
import type { Evidence, Finding, Subject } from './verdict.ts';

/** One statement is to blame for what its database's others got slower, if it alone makes up so much. */
const mainShare = 0.5;
/** So many statements of one database slower at once: it is the database. */
const manyStatements = 3;
/** More calls for each request than before: the caller changed. */
const moreCallsBy = 1.5;

export function dependencyFindings(one: Case): Finding[] {
  const free = () => one.services.flatMap(({ parts }) => parts).filter(one.isFree);
  const versions = one.services
    .filter(({ newVersions, parts }) => newVersions.length > 0 && parts.some(one.isFree))
    .map((service) => versionFinding(one, service));
  const moreCalls = one.services.flatMap((service) => moreCallsFindings(one, service));
  const databases = byDatabase(one).flatMap((parts) => databaseFindings(one, parts));
  const others = free()
    .filter(({ kind }) => kind === 'remote' || kind === 'queue')
    .map((part) => remoteFinding(one, part));
  const pools = free()
    .filter(({ kind }) => kind === 'pool')
    .map((part) => poolFinding(one, part));
  const own = one.services.filter((service) => ownParts(one, service).length > 0).map((service) => ownFinding(one, service));
  return [...versions, ...moreCalls, ...databases, ...others, ...pools, ...own];
}

function ownParts({ isFree }: Case, { parts }: ServiceChange): PartChange[] {
  return parts.filter((part) => (part.kind === 'service' || part.kind === 'call') && isFree(part));
}

function isOfDatabase({ kind }: PartChange): boolean {
  return kind === 'statement' || kind === 'database';
}

function databaseOf({ system, address, name }: PartChange): string {
  return JSON.stringify([system, address, name]);
}

/** What got slower of each database, and the waiting for connections to it: a slow statement holds them. */
function byDatabase(one: Case): PartChange[][] {
  const all = one.services.flatMap(({ parts }) => parts);
  const byName = groupBy(
    all.filter((part) => isOfDatabase(part) && one.isFree(part)),
    databaseOf,
  );
  for (const pool of all.filter((part) => part.kind === 'pool' && one.isFree(part))) {
    const [most] = all
      .filter((part) => isOfDatabase(part) && part.service === pool.service && part.system === pool.system)
      .toSorted((a, b) => b.calls.now - a.calls.now);
    byName.get(most ? databaseOf(most) : '')?.push(pool);
  }
  return [...byName.values()];
}

function subjectOf({ kind, service, address, name, system, hash }: PartChange): Subject {
  return { kind, service, name: address || name || service, system, hash };
}

function timeOf(of: string, parts: readonly PartChange[]): Evidence {
  return evidence('time on the critical path', of, criticalOf(parts));
}

function versionFinding(one: Case, service: ServiceChange): Finding {
  const name = service.service;
  const parts = service.parts.filter(one.isFree);
  const share = one.claim(parts, 'new version');
  const versions = service.newVersions.join(', ');
  return {
    cause: 'new version',
    subject: { kind: 'service', service: name, name, system: '', hash: '' },
    share,
    confidence: confidenceOf(one, share, true, true),
    evidence: [
      evidence('versions', versions, { baseline: null, now: service.newVersions.length }),
      timeOf(name, parts),
      meanDuration(name, service.servedNs),
      evidence('requests', name, service.rate, service.rate.now >= bounds.rateBy * service.rate.baseline ? 'for' : 'against'),
    ],
    remedy: {
      action: 'roll back',
      target: name,
      amount: null,
      rule: 'new version',
      why: `${name} got slower with version ${versions}, in its own code or in what it asks others for.`,
    },
  };
}

/** Each call takes as long as before, but a request makes more of them. */
function moreCallsFindings(one: Case, service: ServiceChange): Finding[] {
  const parts = service.parts.filter(
    (part) =>
      one.isFree(part) &&
      isOfDatabase(part) &&
      part.calls.baseline > 0 &&
      part.calls.now >= moreCallsBy * part.calls.baseline &&
      !isSlower(part),
  );
  if (parts.length === 0) return [];
  const share = one.claim(parts, 'own code');
  return [
    {
      cause: 'own code',
      subject: { kind: 'service', service: service.service, name: service.service, system: '', hash: '' },
      share,
      confidence: confidenceOf(one, share, true, false),
      evidence: parts.map((part) => evidence('requests', `${part.address} ${part.name}`.trim(), part.calls)),
      remedy: {
        action: 'fix code',
        target: service.service,
        amount: null,
        rule: 'more calls for each request',
        why: `${service.service} asks ${parts[0]?.name || parts[0]?.address} more often for each request than before; each call takes as long as it did.`,
      },
    },
  ];
}

function isSlower({ callNs }: PartChange): boolean {
  return isLonger(callNs);
}

/** Statements of one database queue behind each other: either one of them is to blame, or all are slow and it is the database. */
function databaseFindings(one: Case, parts: readonly PartChange[]): Finding[] {
  const asked = parts.filter(isOfDatabase);
  const sorted = asked.filter(isSlower).toSorted((a, b) => b.deltaNs - a.deltaNs);
  const [most] = sorted;
  if (!most) return [];
  const worse = asked.reduce((sum, { deltaNs }) => sum + deltaNs, 0);
  const slowest = sorted.toSorted((a, b) => slowdownNs(b) - slowdownNs(a))[0] ?? most;
  const isOne =
    most.deltaNs >= mainShare * worse || slowdownNs(slowest) >= 2 * slowdownNs(sorted.find((part) => part !== slowest));
  const database = most.name || most.address || most.system;
  const rate = callsOf(one, asked);
  const isTraffic = rate.now >= bounds.rateBy * rate.baseline && rate.baseline > 0;
  if (!isOne && sorted.length >= manyStatements) {
    const share = one.claim(parts, 'slow database');
    return [
      {
        cause: 'slow database',
        subject: { ...subjectOf(most), kind: 'database', hash: '' },
        share,
        confidence: confidenceOf(one, share, true, isTraffic),
        evidence: [timeOf(database, asked), evidence('requests', database, rate, isTraffic ? 'for' : 'against')],
        remedy: {
          action: 'rate-limit callers',
          target: topCaller(asked),
          amount: null,
          rule: 'dependency saturated',
          why: `${sorted.length} statements of ${database} got slower at once: more instances would only ask it more.`,
        },
      },
    ];
  }
  const culprit = most.deltaNs >= mainShare * worse ? most : slowest;
  const share = one.claim(isOne ? parts : [culprit], 'slow statement');
  const callsUp = evidence('requests', database, rate, isTraffic ? 'for' : 'against');
  return [
    ...(isOne ? [] : databaseFindings(one, parts.filter(one.isFree))),
    {
      cause: culprit.kind === 'statement' ? 'slow statement' : 'slow database',
      subject: subjectOf(culprit),
      share,
      confidence: confidenceOf(one, share, true, culprit.callNs.baseline === null),
      evidence: [timeOf(database, [culprit]), meanDuration(database, culprit.callNs), callsUp],
      remedy: {
        action: 'fix statement',
        target: culprit.hash,
        amount: null,
        rule: 'slow statement',
        why: `One statement of ${database} takes ${ms(culprit.callNs.now)} where it took ${ms(culprit.callNs.baseline)}. Look at its plan and its locks; until then limit ${topCaller([culprit])}, which asks for it most. More instances of ${culprit.service} would not help.`,
      },
    },
  ];
}

function slowdownNs(part: PartChange | undefined): number {
  return part === undefined ? 0 : (part.callNs.now ?? 0) - (part.callNs.baseline ?? 0);
}

/** Calls a second. */
function callsOf({ baseline, now }: Case, parts: readonly PartChange[]) {
  const of = (period: 'baseline' | 'now', { fromMs, symptom, toMs }: Case['now']) =>
    (parts.reduce((sum, { calls }) => sum + calls[period], 0) * symptom.requests) / Math.max(1, (toMs - fromMs) / 1000);
  return { baseline: of('baseline', baseline), now: of('now', now) };
}

function topCaller(parts: readonly PartChange[]): string {
  const [most] = parts.toSorted((a, b) => b.calls.now - a.calls.now);
  return most?.service ?? '';
}

function ms(ns: number | null): string {
  return ns === null ? 'nothing' : `${(ns / 1e6).toFixed(ns < 1e7 ? 1 : 0)} ms`;
}

function remoteFinding(one: Case, part: PartChange): Finding {
  const name = part.address || part.name;
  const share = one.claim([part], 'slow remote');
  return {
    cause: 'slow remote',
    subject: subjectOf(part),
    share,
    confidence: confidenceOf(one, share, isSlower(part), false),
    evidence: [timeOf(name, [part]), meanDuration(name, part.callNs)],
    remedy: {
      action: 'degrade',
      target: name,
      amount: null,
      rule: 'slow dependency of others',
      why: `${name} takes ${ms(part.callNs.now)} a call where it took ${ms(part.callNs.baseline)}, and reports nothing itself: shorten the time that ${part.service} waits, and answer without it.`,
    },
  };
}

function poolFinding(one: Case, part: PartChange): Finding {
  const share = one.claim([part], 'pool exhausted');
  return {
    cause: 'pool exhausted',
    subject: subjectOf(part),
    share,
    confidence: confidenceOf(one, share, isSlower(part), false),
    evidence: [timeOf(part.service, [part]), meanDuration(part.service, part.callNs)],
    remedy: {
      action: 'enlarge pool',
      target: part.service,
      amount: null,
      rule: 'pool exhausted',
      why: `Requests of ${part.service} wait ${ms(part.callNs.now)} for a free connection. If its statements are slow too, mend those first: a larger pool would press harder on them.`,
    },
  };
}

function ownFinding(one: Case, service: ServiceChange): Finding {
  const name = service.service;
  const parts = ownParts(one, service);
  const isTraffic = service.rate.now >= bounds.rateBy * service.rate.baseline && service.rate.baseline > 0;
  const cause = isTraffic ? 'more traffic' : 'own code';
  const share = one.claim(parts, cause);
  return {
    cause,
    subject: { kind: 'service', service: name, name, system: '', hash: '' },
    share,
    confidence: confidenceOf(one, share, false, isTraffic),
    evidence: [timeOf(name, parts), evidence('requests', name, service.rate, isTraffic ? 'for' : 'against')],
    remedy: isTraffic
      ? {
          action: 'scale out',
          target: name,
          amount: null,
          rule: 'saturation that follows the rate',
          why: `${name} gets more requests than before and takes longer for each.`,
        }
      : {
          action: 'fix code',
          target: name,
          amount: null,
          rule: 'own code',
          why: `${name} takes longer by itself; no runtime pause, host or dependency explains it. Look at what a slow trace does there, or take a profile.`,
        },
  };
}
