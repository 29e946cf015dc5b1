import { type Comparison, printSearch, searchLimits } from '@sonde/model';

/** What the traces page is asked for, for spans with this value of the attribute or with another; none where it cannot be asked so. */
export function attributeSearch(key: string, value: string, operator: Comparison): string | undefined {
  const text = printSearch({ kind: 'compare', field: { scope: 'attribute', key }, operator, value });
  return text.length <= searchLimits.charactersMax ? text : undefined;
}
