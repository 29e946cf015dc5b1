import type { ReactNode } from 'react';
import layout from './layout.module.css';

/** A line of figures, each with its name dim before it. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return <dl className={layout['figures']}>{children}</dl>;
}

export function Figure({
  name,
  title,
  children,
}: {
  readonly name: string;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
