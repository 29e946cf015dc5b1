import type { Diagnosis, DiagnosisEvidence } from '@sonde/api';
import { bothTexts } from './measure.ts';

type Problem = Diagnosis['symptom']['problems'][number];

/** Fewer requests say nothing: docs/remedies.md. */
const requestsMin = 20;
/** A rate that changed by less counts as the same. */
const sameRate = 1.2;

/** What the page has to say at all. */
export type Outcome = 'no requests' | 'no baseline' | 'few' | 'as before' | 'no cause' | 'caused';

export function outcomeOf({ symptom, verdicts }: Pick<Diagnosis, 'symptom' | 'verdicts'>): Outcome {
  const { baseline, now, problems } = symptom;
  if (problems.length > 0) return verdicts.length > 0 ? 'caused' : 'no cause';
  if (now.requests === 0) return 'no requests';
  if (baseline.requests === 0) return 'no baseline';
  return Math.min(now.requests, baseline.requests) < requestsMin ? 'few' : 'as before';
}

/** The gravest: what fails is said before what is slow. */
export function mainProblem(problems: readonly Problem[]): Problem | undefined {
  return (['slower', 'failing', 'late'] as const).find((problem) => problems.includes(problem));
}

export function isSameRate({ baseline, now }: Diagnosis['symptom']): boolean {
  return now.rate <= baseline.rate * sameRate && now.rate * sameRate >= baseline.rate;
}

/** Within half a percent point. */
export function areErrorsSame({ baseline, now }: Diagnosis['symptom']): boolean {
  return Math.abs((now.errorShare ?? 0) - (baseline.errorShare ?? 0)) < 0.005;
}

const groups = {
  gc: ['garbage collection'],
  loop: ['event loop utilization', 'event loop delay'],
  heap: ['heap in use'],
  host: ['CPU utilization', 'CPU pressure', 'I/O wait', 'I/O pressure', 'CPU steal'],
} as const satisfies Record<string, readonly DiagnosisEvidence['measure'][]>;
export type Resource = keyof typeof groups | 'load';

export interface RuledOut {
  readonly of: Resource;
  /** The highest of all on the way, now. */
  readonly figures: readonly { readonly measure: DiagnosisEvidence['measure']; readonly now: string }[];
  /** `orders: 0.4 % → 0.5 %` */
  readonly detail: readonly string[];
}

/** What was looked at and is as before, one entry for each kind of thing. */
export function ruledOut({ ruledOut: evidence, symptom }: Pick<Diagnosis, 'ruledOut' | 'symptom'>): RuledOut[] {
  const found = (Object.keys(groups) as (keyof typeof groups)[]).flatMap((of): RuledOut[] => {
    const measures: readonly DiagnosisEvidence['measure'][] = groups[of];
    const own = measures.flatMap((measure) => evidence.filter((one) => one.measure === measure && one.now !== null));
    if (own.length === 0) return [];
    return [{ of, figures: measures.flatMap((measure) => highest(own, measure)), detail: own.map(detailOf) }];
  });
  const load = { measure: 'requests' as const, of: symptom.service, unit: '{request}/s' };
  const rates = { ...load, baseline: symptom.baseline.rate, now: symptom.now.rate };
  const isLoadSame = symptom.baseline.requests > 0 && symptom.now.requests > 0 && isSameRate(symptom);
  if (!isLoadSame) return found;
  return [
    ...found,
    { of: 'load', figures: [{ measure: 'requests', now: bothTexts(rates).now ?? '' }], detail: [detailOf(rates)] },
  ];
}

/** What nothing on the way reports, so that it can be neither blamed nor ruled out. */
export function notKnown({
  part,
  ruledOut: evidence,
  verdicts,
}: Pick<Diagnosis, 'part' | 'ruledOut' | 'verdicts'>): Resource[] {
  const taken = new Set(
    [...(part?.evidence ?? []), ...evidence, ...verdicts.flatMap((verdict) => verdict.evidence)]
      .filter(({ now }) => now !== null)
      .map(({ measure }) => measure),
  );
  return (['gc', 'loop', 'host'] as const).filter((of) => groups[of].every((measure) => !taken.has(measure)));
}

function highest(own: readonly DiagnosisEvidence[], measure: DiagnosisEvidence['measure']): RuledOut['figures'] {
  const [most] = own.filter((one) => one.measure === measure).toSorted((a, b) => (b.now ?? 0) - (a.now ?? 0));
  const now = most && bothTexts(most).now;
  return now === undefined ? [] : [{ measure, now }];
}

function detailOf(one: Pick<DiagnosisEvidence, 'baseline' | 'now' | 'unit' | 'of'>): string {
  const { baseline = '–', now = '–' } = bothTexts(one);
  return `${one.of}: ${baseline} → ${now}`;
}
