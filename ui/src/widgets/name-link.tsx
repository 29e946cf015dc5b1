import type { ReactNode } from 'react';
import styles from './name-link.module.css';
import { Swatch } from './tag.tsx';

/** The name that a row is about, with the colour that it has everywhere. */
export function NameLink({
  color,
  name,
  children,
}: {
  readonly color?: number;
  readonly name: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={styles['name']} title={name}>
      {color !== undefined && <Swatch color={color} />}
      {children}
    </span>
  );
}
