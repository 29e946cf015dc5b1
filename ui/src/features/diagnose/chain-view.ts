import type { Diagnosis, Verdict } from '@sonde/api';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import { bothTexts, factorText } from './measure.ts';
import { mainEvidence, subjectName } from './verdict-view.ts';

/** Where a link of the chain leads. */
export type ChainTarget =
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'endpoint'; readonly service: string; readonly name: string }
  | { readonly kind: 'statement'; readonly hash: string }
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'ranking'; readonly of: 'statement' | 'queue' | 'remote' };

export interface ChainNode {
  readonly key: string;
  readonly name: string;
  readonly target: ChainTarget;
  readonly isCause: boolean;
  readonly isSymptom: boolean;
  /** How it changed: `×20`, `+12 %`; of what lies between, what was added there. */
  readonly factor: string | undefined;
  readonly addedNs: number | undefined;
}

/** From the cause up to the symptom: what the service waits for, or the part of it that is ill; then each service. */
export function chainOf(
  { decomposition, symptom }: Pick<Diagnosis, 'decomposition' | 'symptom'>,
  verdict: Verdict,
): ChainNode[] {
  const { propagation, subject } = verdict;
  const main = mainEvidence(verdict);
  const changed = main && (factorText(main.now, main.baseline) ?? bothTexts(main).now);
  const isService = subject.kind === 'service' || subject.kind === 'call';
  const first: ChainNode = {
    key: 'subject',
    name: subjectName(subject),
    target: targetOf(verdict),
    isCause: true,
    isSymptom: false,
    factor: changed,
    addedNs: undefined,
  };
  const services = propagation.map((service, index): ChainNode => {
    const isSymptom = index === propagation.length - 1;
    const isCause = isService && index === 0;
    const { name } = symptom;
    return {
      key: service,
      name: service,
      target: isSymptom && name !== null ? { kind: 'endpoint', service, name } : { kind: 'service', service },
      isCause,
      isSymptom,
      factor: isCause ? changed : isSymptom ? symptomChange(symptom) : undefined,
      addedNs: isCause || isSymptom ? undefined : addedIn(decomposition.parts, service),
    };
  });
  return isService ? services : [first, ...services];
}

function targetOf({ subject: { kind, name, service, statement } }: Verdict): ChainTarget {
  if (statement !== undefined) return { kind: 'statement', hash: statement.hash };
  if (kind === 'host') return { kind: 'host', host: name };
  if (kind === 'queue' || kind === 'remote') return { kind: 'ranking', of: kind };
  return kind === 'database' ? { kind: 'ranking', of: 'statement' } : { kind: 'service', service };
}

function symptomChange({ baseline, now, problems }: Diagnosis['symptom']): string | undefined {
  if (problems.includes('slower')) {
    const change = factorText(now.p95Ns, baseline.p95Ns);
    return change && `p95 ${change}`;
  }
  return problems.includes('failing')
    ? bothTexts({ unit: '1', baseline: baseline.errorShare, now: now.errorShare }).now
    : undefined;
}

function addedIn(parts: Diagnosis['decomposition']['parts'], service: string): number | undefined {
  const added = parts.filter(({ subject }) => subject.service === service).reduce((sum, { deltaNs }) => sum + deltaNs, 0);
  return added > 0 ? added : undefined;
}

export function addedText(ns: number): string {
  return quantityText(formatDuration(ns));
}
