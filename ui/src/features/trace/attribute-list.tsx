import { IconFilter, IconFilterOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import type { AttributeRow } from './attribute-groups.ts';
import { attributeSearch } from './attribute-search.ts';
import styles from './trace.module.css';

/** Keys and values, each with copy; with `filterable`, a span attribute leads to the traces that share it. */
export function AttributeList({
  rows,
  filterable = false,
}: {
  readonly rows: readonly AttributeRow[];
  readonly filterable?: boolean;
}) {
  return (
    <dl>
      {rows.map(({ key, text: value, filter }) => (
        <div key={key} className={styles['attribute']}>
          <dt title={key}>{key}</dt>
          <dd title={value}>{value}</dd>
          <dd className={styles['actions']}>
            {filterable && filter !== undefined && <Filters name={key} value={value} />}
            <CopyButton text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Filters({ name, value }: { readonly name: string; readonly value: string }) {
  const { trace: text } = useMessages();
  const filters = [
    { search: attributeSearch(name, value, '='), title: text.filterBy, Icon: IconFilter },
    { search: attributeSearch(name, value, '!='), title: text.filterOut, Icon: IconFilterOff },
  ];
  return filters.map(
    ({ search, title, Icon }) =>
      search !== undefined && (
        <Link
          key={title}
          to="/traces"
          search={{ q: search }}
          className={styles['action']}
          title={title}
          aria-label={`${title} ${name}`}
        >
          <Icon size={14} />
        </Link>
      ),
  );
}
