import type { DiagnosisEvidence } from '@sonde/api';
import {
  formatChange,
  formatCount,
  formatNumber,
  formatterOf,
  type Quantity,
  quantityText,
  unknownQuantity,
} from '../../base/quantity.ts';

/** A measure in its unit; what counts things has none. */
export function measureQuantity(unit: string, value: number | null): Quantity {
  if (value === null) return unknownQuantity;
  if (unit === '{request}/s') return formatterOf(unit)(value);
  return unit.startsWith('{') ? formatCount(value) : formatterOf(unit)(value);
}

/** `×5.7`; from less than twice on in percent. undefined where it cannot be told. */
export function factorText(now: number | null, baseline: number | null): string | undefined {
  if (now === null || baseline === null || baseline === 0) return undefined;
  const factor = now / baseline;
  return factor >= 2 ? `×${quantityText(formatNumber(factor))}` : quantityText(formatChange(now, baseline));
}

/** Both periods as text; undefined where nothing is known. */
export function bothTexts({ baseline, now, unit }: Pick<DiagnosisEvidence, 'baseline' | 'now' | 'unit'>) {
  const said = (value: number | null) => (value === null ? undefined : quantityText(measureQuantity(unit, value)));
  return { baseline: said(baseline), now: said(now) };
}
