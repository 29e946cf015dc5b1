import type { ReactNode } from 'react';
import { classNames } from '../base/class-names.ts';
import styles from './widgets.module.css';

export interface CardProps {
  readonly title?: ReactNode;
  /** A few plain words beside the title. */
  readonly note?: ReactNode;
  /** At the right end of the header. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  readonly label?: string;
  /** The pointer left the card. */
  readonly onLeave?: () => void;
}

/** A surface with a hairline around it; cards are never nested. */
export function Card({ title, note, aside, children, className, label, onLeave }: CardProps) {
  return (
    <section
      className={classNames(styles['card'], className)}
      aria-label={label ?? (typeof title === 'string' ? title : undefined)}
      onPointerLeave={onLeave}
    >
      {title !== undefined && (
        <header>
          <h2>{title}</h2>
          {note !== undefined && <span className={styles['cardNote']}>{note}</span>}
          {aside !== undefined && <div className={styles['cardAside']}>{aside}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
