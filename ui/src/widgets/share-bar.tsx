import { formatRatio } from '../base/quantity.ts';
import { QuantityText } from './quantity-text.tsx';
import styles from './widgets.module.css';

export interface ShareBarProps {
  /** 0..1; null where it is unknown. */
  readonly share: number | null;
  readonly tone?: 'bad' | 'warn' | undefined;
  /** The share that fills the bar; 1 unless a smaller one makes a ranking easier to read. */
  readonly whole?: number;
}

export function ShareBar({ share, tone, whole = 1 }: ShareBarProps) {
  const width = share === null || whole <= 0 ? 0 : Math.min(1, share / whole) * 100;
  return (
    <span className={styles['share']} data-tone={tone}>
      <i aria-hidden>
        <u style={{ width: `${width}%` }} />
      </i>
      <span>
        <QuantityText of={formatRatio(share)} tone={tone} />
      </span>
    </span>
  );
}
