/**
 * Why the symptom is worse than before, from the facts of both periods. Rules and bounds: docs/remedies.md.
 *
 *   facts --> changes per service and part --> what of them is one cause: an instance, the machine, the runtime, a dependency,
 *             a version, traffic, own code --> findings, the one that explains most and is surest first
 */
import { type PartChange, type ServiceChange, serviceChanges } from './changes.ts';
import { dependencyFindings } from './dependencies.ts';
import type { Case } from './case.ts';
import type { PeriodFacts } from './facts.ts';
import { failureFindings } from './failures.ts';
import { instanceFinding, instancesGone } from './instances.ts';
import { queueFindings } from './queues.ts';
import { resourceEvidence, resourcesOf } from './resources.ts';
import { processFinding } from './processes.ts';
import { type Curve, curveOf, type Problem, problemsOf } from './symptom.ts';
import type { Cause, Evidence, Finding } from './verdict.ts';

export interface Diagnosed {
  readonly problems: readonly Problem[];
  readonly curve: Curve;
  readonly services: readonly ServiceChange[];
  /** The likeliest first. */
  readonly findings: readonly Finding[];
  readonly causeOf: ReadonlyMap<PartChange, Cause>;
  readonly ruledOut: readonly Evidence[];
}

/** What explains less is not shown. */
const shareMin = 0.08;

export function diagnose(baseline: PeriodFacts, now: PeriodFacts): Diagnosed {
  const services = serviceChanges(baseline, now);
  const problems = problemsOf(baseline, now);
  const causeOf = new Map<PartChange, Cause>();
  const worse = services.flatMap(({ parts }) => parts).reduce((sum, { deltaNs }) => sum + Math.max(0, deltaNs), 0);
  const one: Case = {
    baseline,
    now,
    services,
    worseNs: Math.max(worse, 1),
    isFree: (part) => !causeOf.has(part) && part.deltaNs > 0,
    claim: (parts, cause) => {
      const free = parts.filter((part) => part.deltaNs > 0 && !causeOf.has(part));
      for (const part of free) causeOf.set(part, cause);
      return free.reduce((sum, { deltaNs }) => sum + deltaNs, 0) / Math.max(worse, 1);
    },
  };
  const findings: Finding[] = [];
  if (problems.includes('late')) findings.push(...queueFindings(one));
  if (problems.includes('slower')) findings.push(...slowFindings(one));
  if (problems.includes('failing')) findings.push(...failureFindings(one, findings));
  if (problems.length > 0) findings.push(...instancesGone(one));
  const told = findings.filter(({ share }) => share >= shareMin);
  const isAccused = (of: string) => told.some(({ subject }) => subject.service === of);
  return {
    problems,
    curve: curveOf(baseline.symptom, now.symptom),
    services,
    findings: told.toSorted((a, b) => b.share * b.confidence - a.share * a.confidence),
    causeOf,
    ruledOut: services
      .filter(({ service }) => !isAccused(service))
      .flatMap((service) => resourceEvidence(service.service, resourcesOf(service, baseline, now)))
      .filter(({ says }) => says === 'against'),
  };
}

/** From the widest to the narrowest: an instance apart and a starved process make all that it does slow, whatever it waits for. */
function slowFindings(one: Case): Finding[] {
  const touched = one.services
    .filter(({ parts }) => gained(parts) / one.worseNs >= shareMin)
    .toSorted((a, b) => gained(b.parts) - gained(a.parts));
  const wide = touched.flatMap((service) => instanceFinding(one, service) ?? processFinding(one, service) ?? []);
  return [...wide, ...dependencyFindings(one)];
}

function gained(parts: readonly PartChange[]): number {
  return parts.reduce((sum, { deltaNs }) => sum + Math.max(0, deltaNs), 0);
}
