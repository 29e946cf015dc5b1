import type { StateChange } from '@sonde/api';
import type { Messages } from '../../base/messages/en.ts';
import { bothTexts } from './measure.ts';
import { canFill } from './sentence.ts';
import type { Told } from './verdict-view.ts';

export interface ChangeRow extends Told {
  readonly key: string;
  readonly atMs: number | null;
  readonly target: { readonly service: string } | { readonly host: string };
}

const units: Partial<Record<StateChange['kind'], string>> = { 'traffic step': '{request}/s', 'resource saturated': '1' };

/** The newest first; those of which no moment is known after them. */
export function changeRows(changes: readonly StateChange[], text: Messages['diagnose']): ChangeRow[] {
  return changes
    .map(({ atMs, baseline, kind, name, now, service }) => {
      const values = { service, name, ...bothTexts({ unit: units[kind] ?? '{item}', baseline, now }) };
      const template = text.changeKinds[kind];
      return {
        key: JSON.stringify([kind, service, name]),
        atMs,
        template: canFill(template, values) ? template : (text.changeKindsUnknown[kind] ?? template),
        values,
        target: kind === 'resource saturated' ? { host: name } : { service },
      };
    })
    .toSorted((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0));
}
