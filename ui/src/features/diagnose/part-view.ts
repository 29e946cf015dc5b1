import type { Diagnosis, DiagnosisPart } from '@sonde/api';
import type { Reply } from '../../base/api-client.ts';
import type { Messages } from '../../base/messages/en.ts';
import { bothTexts } from './measure.ts';

type Text = Messages['diagnose'];

/** Of a statement: enough to know it by. */
const titleLength = 60;

/** What the part is called in a heading. */
export function partTitle({ kind, name, statement }: Pick<DiagnosisPart, 'kind' | 'name' | 'statement'>, text: Text): string {
  if (kind !== 'statement') return name;
  const said = statement?.text.replaceAll(/\s+/g, ' ').trim() ?? '';
  if (said === '') return text.statementOf(name.slice(0, 8));
  return said.length > titleLength ? `${said.slice(0, titleLength)}…` : said;
}

/** Whether an API passed through what was asked for, so that there is something to say. */
export function hasSymptom(reply: Reply<'getDiagnosis'>): reply is Diagnosis {
  return reply.symptom !== null;
}

export interface PartFigure {
  readonly key: string;
  readonly measure: string;
  readonly baseline: string;
  readonly now: string;
  readonly isWorse: boolean;
}

/** Its own figures; of two of one measure (sent, read) the name says which. */
export function partFigures({ evidence, name }: Pick<DiagnosisPart, 'evidence' | 'name'>, text: Text): PartFigure[] {
  return evidence.map((one) => {
    const { baseline = '–', now = '–' } = bothTexts(one);
    const direction = one.of === `${name}: read` ? 'read' : one.of === `${name}: sent` ? 'sent' : undefined;
    return {
      key: `${one.measure} ${one.of}`,
      measure: direction === undefined ? text.measures[one.measure] : text.messages[direction],
      baseline,
      now,
      isWorse: one.says === 'for',
    };
  });
}
