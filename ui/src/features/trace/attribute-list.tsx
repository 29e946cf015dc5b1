import { IconFilter } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import type { AttributeRow } from './attribute-groups.ts';
import styles from './trace.module.css';

/** Keys and values, each with copy; with `filterable`, a span attribute leads to the traces that share it. */
export function AttributeList({
  rows,
  filterable = false,
}: {
  readonly rows: readonly AttributeRow[];
  readonly filterable?: boolean;
}) {
  const { trace: text } = useMessages();
  return (
    <dl>
      {rows.map(({ key, text: value, filter }) => (
        <div key={key} className={styles['attribute']}>
          <dt title={key}>{key}</dt>
          <dd title={value}>{value}</dd>
          <span className={styles['actions']}>
            {filterable && filter !== undefined && (
              <Link
                to="/traces"
                search={{ attribute: [filter] }}
                className={styles['action']}
                title={text.filterBy}
                aria-label={`${text.filterBy} ${key}`}
              >
                <IconFilter size={14} />
              </Link>
            )}
            <CopyButton text={value} />
          </span>
        </div>
      ))}
    </dl>
  );
}
