import type { StateChange } from '@sonde/api';
import type { Messages } from '../../base/messages/en.ts';
import { bothTexts } from './measure.ts';
import { canFill } from './sentence.ts';
import type { DiagnoseUrl } from './url.ts';
import type { Told } from './verdict-view.ts';

export interface ChangeRow extends Told {
  readonly key: string;
  readonly atMs: number | null;
  /** What changed: the link to its diagnosis. */
  readonly target: Pick<DiagnoseUrl, 'service' | 'host' | 'statement' | 'queue' | 'database' | 'remote'>;
}

const units: Partial<Record<StateChange['kind'], string>> = {
  'traffic step': '{request}/s',
  'resource saturated': '1',
  'statement slower': 'ns',
  'database slower': 'ns',
  'remote slower': 'ns',
  'queue waits longer': 'ns',
  'queue read less': '1',
  'fails more': '1',
  'passes failures on': '1',
};

/** The newest first; those of which no moment is known after them. */
export function changeRows(changes: readonly StateChange[], text: Messages['diagnose']): ChangeRow[] {
  return changes
    .map((change) => {
      const { atMs, baseline, kind, measure, name, now, service, statement, system } = change;
      const values = {
        service,
        name: system === '' || system === name ? name : `${system} ${name}`,
        statement: statement?.text,
        ...bothTexts({ unit: units[kind] ?? '{item}', baseline, now }),
      };
      const said = measure === undefined || measure === 'CPU utilization' ? kind : measure;
      const template = text.changeKinds[said];
      return {
        key: JSON.stringify([kind, service, name, statement?.hash, measure]),
        atMs,
        template: canFill(template, values) ? template : (text.changeKindsUnknown[said] ?? template),
        values,
        target: targetOf(change),
      };
    })
    .toSorted((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0));
}

function targetOf({ kind, name, service, statement }: StateChange): ChangeRow['target'] {
  switch (kind) {
    case 'resource saturated':
      return { host: name };
    case 'statement slower':
      return statement ? { statement: statement.hash } : { service };
    case 'database slower':
      return { database: name };
    case 'remote slower':
      return { remote: name };
    case 'queue waits longer':
    case 'queue read less':
      return { queue: name };
    default:
      return { service };
  }
}
