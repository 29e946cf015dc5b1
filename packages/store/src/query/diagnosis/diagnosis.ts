import type { Diagnosis, DiagnosisEvidence, DiagnosisSubject } from '@sonde/api';
import {
  aboutFirst,
  diagnose,
  errorShare,
  type Evidence,
  type Finding,
  meanNs,
  type Part,
  type PartChange,
  type PeriodFacts,
  stateChanges,
  type Subject,
  type SymptomFacts,
} from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask } from '../define.ts';
import { baselineRange } from '../baseline-range.ts';
import type { TimeRange } from '../range.ts';
import { rollupRange } from '../rollup-range.ts';
import { statementTexts } from '../statements.ts';
import { callsQuery } from './call-gaps.ts';
import { pathParts } from './path-parts.ts';
import { type Reach, type Symptom, symptomFacts } from './symptom-facts.ts';
import { durationLine, errorLine, pathLines } from './path-lines.ts';
import { hostFacts, runtimeFacts } from './resource-facts.ts';
import { toldChange } from './told-change.ts';

export interface DiagnosisOptions extends Symptom {
  /** Absent: the period of equal length just before what is answered for. */
  readonly baseline?: TimeRange | undefined;
}

/** The range that is asked for and what it is compared with, as rollups have them. */
export function periodsOf(asked: TimeRange, askedBaseline: TimeRange | undefined) {
  const { range } = rollupRange(asked);
  return { range, baseline: baselineRange(asked, range, askedBaseline).range };
}

export async function diagnosis(
  engine: Engine,
  asked: TimeRange,
  { baseline: askedBaseline, ...symptom }: DiagnosisOptions,
): Promise<Diagnosis> {
  const { baseline, range } = periodsOf(asked, askedBaseline);
  return diagnosisOf(engine, range, baseline, symptom);
}

/** Parts that are shown: all that changed by more than this of the sum. */
const partShareMin = 0.01;

/** `askedPart`: what was asked for, and is answered for through the symptom. */
export async function diagnosisOf(
  engine: Engine,
  range: TimeRange,
  baseline: TimeRange,
  symptom: Symptom,
  askedPart?: Part,
): Promise<Diagnosis> {
  const [entries, calls] = await Promise.all([
    symptomFacts(engine, range, symptom, 'entry'),
    ask(engine, callsQuery, rollupRange(range).params),
  ]);
  const reach: Reach = entries.requests > 0 ? 'entry' : 'inner';
  const services = reach === 'entry' ? [] : below(symptom.service, calls);
  const factsOf = (period: TimeRange) => periodFacts(engine, period, symptom, reach, services);
  const [earlier, now] = await Promise.all([factsOf(baseline), factsOf(range)]);
  const found = diagnose(earlier, now);
  const lines = await pathLines(engine, range, baseline, symptom, reach, services);

  const parts = found.services
    .flatMap((service) => service.parts)
    .filter(({ deltaNs }) => deltaNs !== 0)
    .toSorted((a, b) => b.deltaNs - a.deltaNs);
  const worse = parts.reduce((sum, { deltaNs }) => sum + Math.max(0, deltaNs), 0);
  const shown = parts.filter(({ deltaNs }) => Math.abs(deltaNs) >= worse * partShareMin);
  const findings = askedPart ? aboutFirst(askedPart, found.findings, [...earlier.parts, ...now.parts]) : found.findings;
  const hashes = [...new Set([...shown.map(({ hash }) => hash), ...found.findings.map(({ subject }) => subject.hash)])];
  const texts = await statementTexts(engine, hashes.filter(Boolean));
  const deltaNs = change(meanNs(earlier.symptom), meanNs(now.symptom));
  const explained = parts.reduce((sum, part) => sum + part.deltaNs, 0);
  return {
    range,
    baseline,
    symptom: {
      service: symptom.service,
      name: symptom.name ?? null,
      now: figures(now),
      baseline: figures(earlier),
      curve: found.curve,
      problems: [...found.problems],
    },
    decomposition: {
      deltaNs,
      unknownNs: deltaNs === null ? null : deltaNs - explained,
      parts: shown.map((part) => ({
        subject: subjectOfPart(part, texts),
        cause: found.causeOf.get(part) ?? null,
        baselineNs: part.criticalNs.baseline,
        nowNs: part.criticalNs.now,
        deltaNs: part.deltaNs,
        share: worse === 0 ? 0 : Math.max(0, part.deltaNs) / worse,
      })),
    },
    verdicts: findings.map((finding) => {
      const fails = finding.evidence[0]?.measure === 'error share';
      const line = (fails ? errorLine : durationLine)(lines, finding.subject);
      return {
        cause: finding.cause,
        subject: subjectOf(finding.subject, texts),
        share: finding.share,
        confidence: finding.confidence,
        sinceMs: line === undefined ? null : lines.since(line),
        evidence: finding.evidence.map((one, index) => ({ ...told(one), ...(index === 0 && line ? { line } : {}) })),
        propagation: wayTo(symptom.service, finding, calls),
        remedy: finding.remedy,
      };
    }),
    ruledOut: found.ruledOut.map(told),
    changes: stateChanges(found.services, earlier, now).map((one) => toldChange(one, texts)),
    part: null,
    timesMs: [...lines.timesMs],
  } satisfies Diagnosis;
}

async function periodFacts(
  engine: Engine,
  range: TimeRange,
  symptom: Symptom,
  reach: Reach,
  services: readonly string[],
): Promise<PeriodFacts> {
  const [figuresOf, parts, runtimes] = await Promise.all([
    symptomFacts(engine, range, symptom, reach),
    pathParts(engine, range, symptom, reach, services),
    runtimeFacts(engine, range),
  ]);
  const hosts = await hostFacts(engine, range, [...new Set(parts.map(({ host }) => host))].filter(Boolean));
  return { ...range, symptom: figuresOf, parts, runtimes, hosts };
}

interface Call {
  readonly caller: string;
  readonly callee: string;
}

/** The service and all that it calls, directly or not. */
function below(service: string, calls: readonly Call[]): string[] {
  const found = new Set([service]);
  for (const one of found) for (const { caller, callee } of calls) if (caller === one) found.add(callee);
  return [...found];
}

/** From the finding's service up to the symptom's, by the shortest way. */
function wayTo(symptom: string, { subject }: Finding, calls: readonly Call[]): string[] {
  const ways = new Map([[symptom, [symptom]]]);
  for (const [service, way] of ways) {
    for (const { caller, callee } of calls) {
      if (caller === service && !ways.has(callee)) ways.set(callee, [callee, ...way]);
    }
  }
  return ways.get(subject.service) ?? [subject.service];
}

function figures({ fromMs, symptom, toMs }: PeriodFacts): Diagnosis['symptom']['now'] {
  return {
    requests: symptom.requests,
    rate: symptom.requests / Math.max(1, (toMs - fromMs) / 1000),
    errorShare: errorShare(symptom),
    meanNs: meanNs(symptom),
    ...percentiles(symptom),
  };
}

function percentiles({ p50Ns, p95Ns, p99Ns }: SymptomFacts) {
  return { p50Ns, p95Ns, p99Ns };
}

function change(baseline: number | null, now: number | null): number | null {
  return baseline === null || now === null ? null : now - baseline;
}

export function told({ baseline, measure, now, of, says, unit }: Evidence): DiagnosisEvidence {
  return { measure, of, unit, baseline, now, says };
}

function subjectOf({ hash, kind, name, service, system }: Subject, texts: ReadonlyMap<string, string>): DiagnosisSubject {
  const text = texts.get(hash);
  return { kind, service, name, system, ...(hash === '' ? {} : { statement: { hash, text: text ?? '' } }) };
}

function subjectOfPart(part: PartChange, texts: ReadonlyMap<string, string>): DiagnosisSubject {
  const { address, hash, kind, name, service, system } = part;
  return subjectOf({ kind, service, name: kind === 'service' ? service : address || name, system, hash }, texts);
}
