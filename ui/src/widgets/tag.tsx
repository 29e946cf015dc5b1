import type { ReactNode } from 'react';
import styles from './widgets.module.css';

export interface TagProps {
  readonly tone?: 'bad' | 'warn' | 'ok';
  readonly title?: string;
  readonly children: ReactNode;
}

export function Tag({ tone, title, children }: TagProps) {
  return (
    <span className={styles['tag']} data-tone={tone} title={title}>
      {children}
    </span>
  );
}

/** The colour of a service or of a line, by its number among `--c1` to `--c8`. */
export function Swatch({ color }: { readonly color: number }) {
  return <i className={styles['swatch']} style={{ background: `var(--c${color})` }} aria-hidden />;
}
