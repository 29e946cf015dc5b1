/** What a part reports of itself, or those who ask it say of it, in both periods: evidence even where no API got slower. */
import { type HostFacts, type PeriodFacts, secondsOf } from './facts.ts';
import { isOfPart, type Part } from './of-part.ts';
import { bounds, evidence, type Pair, resourceEvidence } from './resources.ts';
import { errorShare, isFailing, isLater, isSlower, isUnread, messagesOf } from './symptom.ts';
import type { Evidence } from './verdict.ts';

const unknown = { baseline: null, now: null };

export function hostEvidence(host: string, baseline: HostFacts | undefined, now: HostFacts | undefined): Evidence[] {
  const pair = (of: keyof HostFacts) => ({ baseline: baseline?.[of] ?? null, now: now?.[of] ?? null });
  return resourceEvidence(host, {
    gc: unknown,
    loop: unknown,
    loopDelayNs: unknown,
    heap: unknown,
    cpu: pair('cpu'),
    steal: pair('steal'),
    ioWait: pair('ioWait'),
    cpuPressure: pair('cpuPressure'),
    ioPressure: pair('ioPressure'),
  });
}

type Facts = Pick<PeriodFacts, 'fromMs' | 'toMs' | 'parts'>;

/** Of a dependency, by all that ask it: how long a call takes, or a message waits; how often it is asked, how much of that fails. */
export function partEvidence(part: Part, baseline: Facts, now: Facts, name = part.name): Evidence[] {
  const [before, after] = [sumsOf(part, baseline), sumsOf(part, now)];
  if (before.requests === 0 && after.requests === 0 && before.read === 0 && after.read === 0) return [];
  const says = (isWorse: boolean) => (isWorse ? 'for' : 'against');
  const isLate = before.waitNs !== null && after.waitNs !== null && isLater(before.waitNs, after.waitNs);
  const isStep = before.rate > 0 && after.rate >= bounds.rateBy * before.rate;
  const both = (of: 'callNs' | 'waitNs' | 'rate' | 'readRate'): Pair => ({
    baseline: before[of],
    now: after[of],
  });
  const failing = { baseline: errorShare(before), now: errorShare(after) };
  const requests = evidence('requests', part.kind === 'queue' ? `${name}: sent` : name, both('rate'), says(isStep));
  return part.kind === 'queue'
    ? [
        evidence('wait in queue', name, both('waitNs'), says(isLate)),
        requests,
        evidence('requests', `${name}: read`, both('readRate'), says(isUnread(before, after))),
      ]
    : [
        evidence('mean duration', name, both('callNs'), says(isSlower(before.callNs, after.callNs))),
        requests,
        evidence('error share', name, failing, says(isFailing(before, after))),
      ];
}

function sumsOf(part: Part, facts: Facts) {
  const parts = facts.parts.filter((one) => isOfPart(part, one));
  const sum = (valueOf: (one: (typeof parts)[number]) => number) => parts.reduce((total, one) => total + valueOf(one), 0);
  const { read, sent, waitNs } = messagesOf({ parts });
  const calls = part.kind === 'queue' ? sent : sum((one) => one.calls);
  return {
    requests: calls,
    sent,
    errors: sum((one) => one.errors),
    callNs: calls === 0 ? null : sum((one) => one.totalNs) / calls,
    rate: calls / secondsOf(facts),
    read,
    readRate: read / secondsOf(facts),
    waitNs: read === 0 ? null : waitNs / read,
  };
}
