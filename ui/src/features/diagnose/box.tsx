import type { ReactNode } from 'react';
import { classNames } from '../../base/class-names.ts';
import widgets from '../../widgets/widgets.module.css';
import styles from './diagnose.module.css';

interface BoxProps {
  readonly of: 'cause' | 'propagation' | 'impact' | 'remedy';
  readonly title: string;
  readonly children: ReactNode;
}

/** One of the four answers; its upper edge says which. */
export function Box({ children, of, title }: BoxProps) {
  return (
    <section className={classNames(widgets['card'], styles['box'])} data-box={of} aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <div className={styles['body']}>{children}</div>
    </section>
  );
}
