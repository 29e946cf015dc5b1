import { memo } from 'react';
import type { Quantity } from '../base/quantity.ts';
import styles from './widgets.module.css';

export type FigureTone = 'bad' | 'warn' | 'ok' | 'quiet' | 'dim';

/** A figure with its unit dim beside it. */
export const QuantityText = memo(function QuantityText({
  of,
  tone,
}: {
  readonly of: Quantity;
  readonly tone?: FigureTone | undefined;
}) {
  const shown = of.value === '–' ? 'dim' : of.value === '0' && tone !== undefined && tone !== 'dim' ? 'quiet' : tone;
  return (
    <span className={styles['quantity']} data-tone={shown}>
      {of.value}
      {of.unit !== '' && <small> {of.unit}</small>}
    </span>
  );
});
