import type { DiagnosisEvidence } from '@sonde/api';
import { formatCount, formatterOf, type Quantity, quantityText, unknownQuantity } from '../../base/quantity.ts';

/** A measure in its unit; what counts things has none. */
export function measureQuantity(unit: string, value: number | null): Quantity {
  if (value === null) return unknownQuantity;
  if (unit === '{request}/s') return formatterOf(unit)(value);
  return unit.startsWith('{') ? formatCount(value) : formatterOf(unit)(value);
}

/** Both periods as text; undefined where nothing is known. */
export function bothTexts({ baseline, now, unit }: Pick<DiagnosisEvidence, 'baseline' | 'now' | 'unit'>) {
  const said = (value: number | null) => (value === null ? undefined : quantityText(measureQuantity(unit, value)));
  return { baseline: said(baseline), now: said(now) };
}
