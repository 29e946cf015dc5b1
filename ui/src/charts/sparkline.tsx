import styles from './charts.module.css';
import { sparklinePath, type SparklineSize } from './sparkline-path.ts';

export interface SparklineProps extends Partial<SparklineSize> {
  readonly values: readonly (number | null)[];
  readonly tone?: 'quiet' | 'bad';
}

/** A trend in a table's row; what it shows is said by the column. */
export function Sparkline({ values, widthPx = 84, heightPx = 20, tone = 'quiet' }: SparklineProps) {
  return (
    <svg className={styles['sparkline']} data-tone={tone} width={widthPx} height={heightPx} aria-hidden>
      <path d={sparklinePath(values, { widthPx, heightPx })} />
    </svg>
  );
}
