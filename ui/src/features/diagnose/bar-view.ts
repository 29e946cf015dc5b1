import type { Diagnosis, DiagnosisSubject, Verdict } from '@sonde/api';

type Part = Diagnosis['decomposition']['parts'][number];

/** `cause`: what the verdict in sight explains; a number: a colour of the overview's bars; unknown: grey. */
export type PartTone = 'cause' | 'unknown' | 1 | 2 | 3 | 4 | 6;

export interface BarPart {
  readonly key: string;
  /** null: nobody knows. */
  readonly subject: DiagnosisSubject | null;
  readonly tone: PartTone;
  readonly baselineNs: number | null;
  readonly nowNs: number | null;
  readonly deltaNs: number;
  /** Of all that was added, unknown or not. */
  readonly share: number;
}

const tones: Record<DiagnosisSubject['kind'], PartTone> = {
  service: 1,
  call: 3,
  statement: 2,
  database: 2,
  queue: 6,
  remote: 4,
  pool: 2,
  instance: 1,
  host: 3,
};

/** What less than this was added of, in all, is not worth a bar. */
const addedNsMin = 1000;

/** Parts that got slower, the most first, and beside them those that got faster. */
export function addedBar({ decomposition }: Pick<Diagnosis, 'decomposition'>, chosen: Verdict | undefined) {
  const { parts, unknownNs } = decomposition;
  const slower = parts.filter(({ deltaNs }) => deltaNs > 0);
  const unknown = Math.max(0, unknownNs ?? 0);
  const addedNs = slower.reduce((sum, { deltaNs }) => sum + deltaNs, unknown);
  if (addedNs < addedNsMin) return { addedNs: 0, bar: [], faster: [] };
  const drawn = (part: Part): BarPart => ({
    key: partKey(part.subject),
    subject: part.subject,
    tone: isOf(part, chosen) ? 'cause' : tones[part.subject.kind],
    baselineNs: part.baselineNs,
    nowNs: part.nowNs,
    deltaNs: part.deltaNs,
    share: Math.max(0, part.deltaNs) / addedNs,
  });
  const nobody: BarPart = {
    key: 'unknown',
    subject: null,
    tone: 'unknown',
    baselineNs: null,
    nowNs: null,
    deltaNs: unknown,
    share: unknown / addedNs,
  };
  return {
    addedNs,
    bar: [...slower.toSorted((a, b) => b.deltaNs - a.deltaNs).map(drawn), ...(nobody.share >= 0.005 ? [nobody] : [])],
    faster: parts
      .filter(({ deltaNs }) => deltaNs < 0)
      .toSorted((a, b) => a.deltaNs - b.deltaNs)
      .map(drawn),
  };
}

/** The rule that explained a part says which cause it gave it. */
function isOf({ cause, subject }: Part, chosen: Verdict | undefined): boolean {
  if (chosen === undefined || cause !== chosen.cause) return false;
  return subject.service === chosen.subject.service || subject.name === chosen.subject.name;
}

function partKey({ kind, name, service, statement }: DiagnosisSubject): string {
  return JSON.stringify([kind, service, name, statement?.hash]);
}
