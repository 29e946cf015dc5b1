import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatFullMoment, formatMoment } from '../../base/time.ts';
import type { ChangeRow } from './change-rows.ts';
import styles from './diagnose.module.css';
import { Sentence } from './sentence-text.tsx';

interface ChangeListProps {
  readonly label: string;
  readonly rows: readonly ChangeRow[];
  /** The page of the service or host; or the diagnosis of what changed. */
  readonly leadsTo: 'page' | 'diagnosis';
}

/** Only what changed its state can be a cause. */
export function ChangeList({ label, leadsTo, rows }: ChangeListProps) {
  return (
    <ul className={styles['changes']} aria-label={label}>
      {rows.map(({ atMs, key, target, template, values }) => (
        <li key={key}>
          <time title={atMs === null ? undefined : formatFullMoment(atMs)}>{atMs === null ? '–' : formatMoment(atMs)}</time>
          <ChangeLink leadsTo={leadsTo} target={target}>
            <Sentence template={template} values={values} />
          </ChangeLink>
        </li>
      ))}
    </ul>
  );
}

interface ChangeLinkProps extends Pick<ChangeListProps, 'leadsTo'>, Pick<ChangeRow, 'target'> {
  readonly children: ReactNode;
}

function ChangeLink({ children, leadsTo, target }: ChangeLinkProps) {
  const { host, service } = target;
  if (leadsTo === 'page' && host !== undefined) {
    return (
      <Link to="/hosts/$host" params={{ host }}>
        {children}
      </Link>
    );
  }
  if (leadsTo === 'page' && service !== undefined) {
    return (
      <Link to="/services/$service" params={{ service }} search={{ tab: 'versions' }}>
        {children}
      </Link>
    );
  }
  return (
    <Link to="/diagnose" search={({ baselineFrom, baselineTo }) => ({ ...target, baselineFrom, baselineTo })}>
      {children}
    </Link>
  );
}
