import { Sparkline } from '../../charts/sparkline.tsx';
import type { Quantity } from '../../base/quantity.ts';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import styles from './trace.module.css';

const widthPx = 110;

/** One figure in the minutes around a span, with a mark at the span. */
export function MomentRow({
  name,
  values,
  markShare,
  now,
  isBad = false,
}: {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** Null: nothing is known. */
  readonly markShare: number | null;
  readonly now: Quantity;
  readonly isBad?: boolean;
}) {
  return (
    <div className={styles['moment']}>
      <span>{name}</span>
      <span className={styles['trend']}>
        <Sparkline values={values} widthPx={widthPx} tone={isBad ? 'bad' : 'quiet'} />
        {markShare !== null && values.some((value) => value !== null) && (
          <i style={{ left: `${markShare * 100}%` }} aria-hidden />
        )}
      </span>
      <span>
        <QuantityText of={now} tone={isBad ? 'bad' : undefined} />
      </span>
    </div>
  );
}
