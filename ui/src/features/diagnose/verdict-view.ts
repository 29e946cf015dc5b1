import type { Diagnosis, DiagnosisEvidence, DiagnosisSubject, Verdict } from '@sonde/api';
import type { Messages } from '../../base/messages/en.ts';
import { formatNumber, quantityText } from '../../base/quantity.ts';
import { bothTexts } from './measure.ts';
import { canFill, type SentenceValues } from './sentence.ts';

type Text = Messages['diagnose'];

/** The measure that says how the cause changed; the first that was taken counts. */
const mainMeasures: Record<Verdict['cause'], readonly DiagnosisEvidence['measure'][]> = {
  'slow statement': ['mean duration', 'time on the critical path'],
  'slow database': ['mean duration', 'time on the critical path'],
  'slow remote': ['mean duration', 'time on the critical path'],
  'failing dependency': ['error share'],
  'queue backed up': ['wait in queue'],
  'queue consumer gone': ['wait in queue'],
  'pool exhausted': ['mean duration', 'time on the critical path'],
  'garbage collection': ['garbage collection'],
  'event loop blocked': ['event loop utilization'],
  'host CPU saturated': ['CPU utilization', 'CPU pressure'],
  'CPU steal': ['CPU steal'],
  'host I/O saturated': ['I/O wait', 'I/O pressure'],
  'one bad instance': ['time on the critical path'],
  'instance gone': ['instances'],
  'new version': ['error share', 'time on the critical path', 'mean duration'],
  'more traffic': ['requests'],
  'own code': ['time on the critical path'],
  'own errors': ['error share'],
};

/** Stays the same while figures change, so that a link leads to the same verdict. */
export function verdictKey({ cause, subject: { name, service, statement } }: Verdict): string {
  return [cause, service, statement?.hash ?? name].join('/');
}

export function chosenVerdict(verdicts: readonly Verdict[], key: string | undefined): Verdict | undefined {
  return verdicts.find((verdict) => verdictKey(verdict) === key) ?? verdicts[0];
}

/** What a subject is called: a middleware with its system before it. */
export function subjectName({ kind, name, service, system }: DiagnosisSubject): string {
  if (kind === 'service' || kind === 'pool') return service;
  return [system, name || service].filter((part) => part !== '').join(' ');
}

export function mainEvidence({ cause, evidence }: Verdict): DiagnosisEvidence | undefined {
  return mainMeasures[cause].flatMap(
    (measure) => evidence.find((one) => one.measure === measure && one.says === 'for') ?? [],
  )[0];
}

/** All that a sentence about it may name. */
export function verdictValues(verdict: Verdict): SentenceValues {
  const { evidence, remedy, subject } = verdict;
  const main = mainEvidence(verdict);
  const version = evidence.find(({ measure }) => measure === 'versions')?.of;
  return {
    ...(main && bothTexts(main)),
    service: subject.service,
    name: subjectName(subject),
    statement: subject.statement?.text,
    version,
    target: remedy.target,
    amount: remedy.amount === null ? undefined : quantityText(formatNumber(remedy.amount)),
  };
}

export interface Told {
  readonly template: string;
  readonly values: SentenceValues;
}

/** What it is, in words: with its figures where both are known. */
export function causeTold(verdict: Verdict, text: Text): Told {
  const { cause, evidence, remedy } = verdict;
  const values = verdictValues(verdict);
  const calls = evidence.find(({ measure }) => measure === 'requests');
  if (remedy.rule === 'more calls for each request' && calls) {
    const count = (value: number | null) => (value === null ? undefined : quantityText(formatNumber(value)));
    return {
      template: text.moreCalls,
      values: { ...values, of: calls.of, now: count(calls.now), baseline: count(calls.baseline) },
    };
  }
  const { measured, plain } = text.causes[cause];
  const main = mainEvidence(verdict)?.measure;
  const isFailing = cause === 'new version' && main === 'error share';
  const template = isFailing
    ? text.newVersionFails
    : main === 'CPU pressure' || main === 'I/O pressure'
      ? text.waitsFor[main]
      : measured;
  return { template: canFill(template, values) ? template : plain, values };
}

/** What to do, in words. */
export function actionTold(verdict: Verdict, text: Text): Told {
  const { action, amount, rule } = verdict.remedy;
  const withAmount = amount === null ? undefined : (text.actionsAmount[rule] ?? text.actionsAmount[action]);
  return { template: withAmount ?? text.actions[action], values: verdictValues(verdict) };
}

/** The rule's reason: from the catalogue where it has one and all that it names is known, else as the API says it (English). */
export function reasonTold(verdict: Verdict, text: Text): Told & { readonly isEnglish: boolean } {
  const { rule, why } = verdict.remedy;
  const values = verdictValues(verdict);
  const template = Object.hasOwn(text.reasons, rule) ? text.reasons[rule] : undefined;
  if (template !== undefined && canFill(template, values)) return { template, values, isEnglish: false };
  return { template: '{why}', values: { why }, isEnglish: true };
}

export interface EvidenceRow {
  readonly key: string;
  readonly measure: string;
  /** Whose it is, where it is not the subject's. */
  readonly of: string;
  readonly baseline: string | undefined;
  readonly now: string | undefined;
  readonly isFor: boolean;
}

/** What speaks for it first. */
export function evidenceRows({ evidence, subject }: Verdict, text: Text): EvidenceRow[] {
  const isOne = new Set(evidence.map(({ of }) => of)).size === 1;
  const named = new Set([subject.name, subject.service]);
  return evidence
    .map((one, index) => ({
      key: `${one.measure} ${one.of} ${index}`,
      measure: text.measures[one.measure],
      of: isOne || named.has(one.of) ? '' : one.of,
      ...bothTexts(one),
      isFor: one.says === 'for',
    }))
    .toSorted((a, b) => Number(b.isFor) - Number(a.isFor));
}

/** Traces in which it can be seen: the longest that asked for the statement, or ran there; failed ones where they fail. */
export function exampleSearch({ symptom }: Pick<Diagnosis, 'symptom'>, { cause, subject }: Verdict) {
  const isFailure = symptom.problems.includes('failing') && (cause === 'failing dependency' || cause === 'own errors');
  const order = isFailure ? { status: 'error' as const } : { sort: 'duration' as const };
  if (subject.statement !== undefined) return { statement: subject.statement.hash, ...order };
  if (subject.kind === 'host') return { host: subject.name, service: subject.service, ...order };
  if (subject.kind === 'instance') {
    return { q: `service.instance.id = ${JSON.stringify(subject.name)}`, ...order };
  }
  const minMs = isFailure || symptom.baseline.p95Ns === null ? undefined : Math.ceil(symptom.baseline.p95Ns / 1e6);
  return {
    service: symptom.service,
    ...(symptom.name !== null && { name: symptom.name }),
    ...(minMs !== undefined && { minMs }),
    ...order,
  };
}

/** By what the API counts those hurt. A database is known to it by its statements only: then all of the service that waits. */
export function impactSubject({ kind, name, service, statement }: DiagnosisSubject) {
  if (statement !== undefined) return { statement: statement.hash };
  if (kind === 'queue') return { queue: name };
  if (kind === 'remote') return { remote: name };
  if (kind === 'host') return { host: name };
  return { service };
}
