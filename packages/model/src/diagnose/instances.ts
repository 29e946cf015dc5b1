import type { InstanceChange, ServiceChange } from './changes.ts';
import { type PeriodFacts, secondsOf } from './facts.ts';
import { confidenceOf } from './confidence.ts';
import type { Case } from './case.ts';
import { evidence, isCpuSaturated, isIoSaturated, type Resources, resourceEvidence, resourcesOf } from './resources.ts';
import { errorShare } from './symptom.ts';
import type { Cause, Finding } from './verdict.ts';

/** Of an instance that served less nothing is said. */
const servedMin = 10;
/** One is apart when it got slower by so many times what its peers did. */
const apartBy = 3;
const apartNsMin = 2_000_000;
/** An instance that is silent while its peers are not, for a whole minute of the rollup at least, */
const goneAfterMs = 60_000;
/** and at the rate of before would have served so many: that it is chance has a probability of e^-10. */
const missedMin = 10;
const failingBy = 0.005;

/** One instance that got slower while its peers did not: everything slower in this service is laid to it. */
export function instanceFinding(one: Case, service: ServiceChange): Finding | undefined {
  const apart = instanceApart(service);
  if (!apart) return undefined;
  const { instance, peers } = apart;
  const share = one.claim(service.parts, 'one bad instance');
  if (share === 0) return undefined;
  const resources = resourcesOf({ instances: [instance] }, one.baseline, one.now);
  const ofPeers = resourcesOf({ instances: peers }, one.baseline, one.now);
  const measured = resourceEvidence(instance.instance, resources);
  const cause = hostCause(resources, ofPeers);
  const isHost = cause !== undefined && instance.host !== '';
  const isMeasured = measured.some(({ says }) => says === 'for');
  const target = isHost ? instance.host : instance.instance;
  return {
    cause: isHost ? cause : 'one bad instance',
    subject: { kind: isHost ? 'host' : 'instance', service: service.service, name: target, system: '', hash: '' },
    share,
    confidence: confidenceOf(one, share, isMeasured, true),
    evidence: [
      evidence('time on the critical path', instance.instance, instance.perServedNs),
      ...peers.map((peer) => evidence('time on the critical path', peer.instance, peer.perServedNs, 'against')),
      ...measured,
    ],
    remedy: {
      action: 'drain instance',
      target: instance.instance,
      amount: null,
      rule: 'one instance apart',
      why: `Of ${peers.length + 1} instances of ${service.service} only this one${instance.host === '' ? '' : ` (on ${instance.host})`} got slower: the others can take its requests.`,
    },
  };
}

/** What its machine lacks and its peers' do not. */
function hostCause(own: Resources, ofPeers: Resources): Cause | undefined {
  if (isCpuSaturated(own) && !isCpuSaturated(ofPeers)) return 'host CPU saturated';
  return isIoSaturated(own) && !isIoSaturated(ofPeers) ? 'host I/O saturated' : undefined;
}

function instanceApart({ instances }: ServiceChange): { instance: InstanceChange; peers: InstanceChange[] } | undefined {
  const serving = instances.filter(({ instance, served }) => instance !== '' && served.now >= servedMin);
  if (serving.length < 2) return undefined;
  // An instance that is new is measured by what its peers were.
  const usual = mean(serving.flatMap(({ perServedNs }) => perServedNs.baseline ?? []));
  if (usual === undefined) return undefined;
  const deltas = serving
    .map((instance) => ({ instance, deltaNs: (instance.perServedNs.now ?? 0) - (instance.perServedNs.baseline ?? usual) }))
    .toSorted((a, b) => b.deltaNs - a.deltaNs);
  const [worst, ...rest] = deltas;
  if (!worst || worst.deltaNs < Math.max(apartNsMin, usual * 0.3)) return undefined;
  const next = Math.max(0, rest[0]?.deltaNs ?? 0);
  // What doubled its peers' time is not its own, though chance gave it more.
  if (worst.deltaNs < apartBy * next || next >= usual) return undefined;
  return { instance: worst.instance, peers: rest.map(({ instance }) => instance) };
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Instances that served before and are silent, while others of their service serve on. */
export function goneOf(baseline: Pick<PeriodFacts, 'fromMs' | 'toMs'>, { instances }: ServiceChange): InstanceChange[] {
  const lastMs = Math.max(...instances.map(({ lastSeenMs }) => lastSeenMs));
  const all = instances.reduce((sum, { served }) => sum + served.baseline, 0);
  return instances.filter(
    ({ instance, lastSeenMs, served }) =>
      instance !== '' &&
      served.baseline >= Math.max(servedMin, all * 0.05) &&
      lastMs - lastSeenMs >= goneAfterMs &&
      (served.baseline / secondsOf(baseline)) * ((lastMs - lastSeenMs) / 1000) >= missedMin,
  );
}

/** What failed or got slower in a service that lost an instance. */
export function instancesGone(one: Case): Finding[] {
  return one.services.flatMap((service) => {
    const gone = goneOf(one.baseline, service);
    const [first] = gone;
    const came = service.instances.filter(({ served }) => served.baseline === 0 && served.now > 0).length;
    // A deployment replaces them: nothing is missing.
    if (!first || came >= gone.length) return [];
    const left = service.instances.filter((each) => each.served.now > 0 && !gone.includes(each)).length;
    const share = Math.max(one.claim(service.parts, 'instance gone'), failingShare(one));
    return [
      {
        cause: 'instance gone' as const,
        subject: { kind: 'instance' as const, service: service.service, name: first.instance, system: '', hash: '' },
        share,
        confidence: confidenceOf(one, share, true, true),
        evidence: [
          evidence('instances', service.service, { baseline: left + gone.length, now: left }),
          evidence('requests', service.service, service.rate),
        ],
        remedy: {
          action: 'replace instance' as const,
          target: service.service,
          amount: gone.length,
          rule: 'instance gone',
          why: `${gone.length} of ${left + gone.length} instances of ${service.service} no longer answer; the others carry their requests.`,
        },
      },
    ];
  });
}

/** Who calls an instance that is gone fails, wherever its spans say so. */
function failingShare({ baseline, now }: Case): number {
  return (errorShare(now.symptom) ?? 0) > (errorShare(baseline.symptom) ?? 0) + failingBy ? 1 : 0;
}
