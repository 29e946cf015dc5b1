import type { StateChange } from '@sonde/api';
import type { StateChange as Found } from '@sonde/model';

export function toldChange({ hash, measure, ...change }: Found, texts: ReadonlyMap<string, string>): StateChange {
  return {
    ...change,
    ...(hash === '' ? {} : { statement: { hash, text: texts.get(hash) ?? '' } }),
    ...(measure === null ? {} : { measure }),
  };
}
