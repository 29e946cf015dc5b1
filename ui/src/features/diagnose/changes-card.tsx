import type { StateChange } from '@sonde/api';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatFullMoment, formatMoment } from '../../base/time.ts';
import { Card } from '../../widgets/card.tsx';
import { changeRows } from './change-rows.ts';
import styles from './diagnose.module.css';
import { Sentence } from './sentence-text.tsx';

/** Only what changed its state can be a cause: here is all that did. */
export function ChangesCard({ changes }: { readonly changes: readonly StateChange[] }) {
  const { diagnose: text } = useMessages();
  return (
    <Card title={text.changes} note={text.changesHint}>
      <ul className={styles['changes']} aria-label={text.changes}>
        {changeRows(changes, text).map(({ atMs, key, target, template, values }) => {
          const said = <Sentence template={template} values={values} />;
          return (
            <li key={key}>
              <time title={atMs === null ? undefined : formatFullMoment(atMs)}>{atMs === null ? '–' : formatMoment(atMs)}</time>
              {'host' in target ? (
                <Link to="/hosts/$host" params={{ host: target.host }}>
                  {said}
                </Link>
              ) : (
                <Link to="/services/$service" params={{ service: target.service }} search={{ tab: 'versions' }}>
                  {said}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
