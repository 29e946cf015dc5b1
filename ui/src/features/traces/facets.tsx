import { IconChevronRight, IconMinus, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Reply } from '../../base/api-client.ts';
import { classNames } from '../../base/class-names.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, quantityText } from '../../base/quantity.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { type FacetGroup, facetGroups, type FacetRow } from './facet-rows.ts';
import styles from './facets.module.css';
import type { Wanted } from './search-edit.ts';
import type { TracesUrl } from './url.ts';
import { useFacets } from './use-traces.ts';

type Toggle = (key: string, value: string, wanted: Wanted) => void;

/** What the matching spans have in common, value by value. A click filters in; with Alt, or by the minus, out. */
export function Facets({ url, onToggle }: { readonly url: TracesUrl; readonly onToggle: Toggle }) {
  const { traces: text } = useMessages();
  const query = useFacets(url);
  const [isShown, setShown] = useState(false);
  return (
    <aside className={styles['facets']} aria-label={text.facets} data-shown={isShown || undefined}>
      <button type="button" className={styles['reveal']} aria-expanded={isShown} onClick={() => setShown(!isShown)}>
        <IconChevronRight size={13} aria-hidden />
        {text.facets}
      </button>
      <div className={styles['groups']} data-stale={query.isPlaceholderData || undefined}>
        <Loaded query={query} heightPx={480}>
          {(data) => <Groups data={data} search={url.q ?? ''} onToggle={onToggle} />}
        </Loaded>
      </div>
    </aside>
  );
}

interface GroupsProps {
  readonly data: Reply<'listTraceFacets'>;
  readonly search: string;
  readonly onToggle: Toggle;
}

function Groups({ data, search, onToggle }: GroupsProps) {
  const { traces: text } = useMessages();
  const groups = useMemo(() => facetGroups(data.items, search), [data, search]);
  const examined = quantityText(formatCount(data.examined));
  return (
    <>
      <p className={styles['note']}>{data.complete ? text.examinedAll(examined) : text.examinedNewest(examined)}</p>
      {groups.map((group) => (
        <Group key={group.key} group={group} onToggle={onToggle} />
      ))}
    </>
  );
}

function Group({ group, onToggle }: { readonly group: FacetGroup; readonly onToggle: Toggle }) {
  const { traces: text } = useMessages();
  const [chosen, setChosen] = useState<boolean>();
  const isOpen = chosen ?? group.isOpen;
  return (
    <section className={styles['group']}>
      <h3>
        <button type="button" aria-expanded={isOpen} onClick={() => setChosen(!isOpen)}>
          <IconChevronRight size={12} aria-hidden />
          <span title={group.key}>{group.key}</span>
          <small>{quantityText(formatCount(group.rows.length + group.more))}</small>
        </button>
      </h3>
      {isOpen && (
        <ul>
          {group.rows.map((row) => (
            <Value key={row.value} name={group.key} row={row} onToggle={onToggle} />
          ))}
          {group.more > 0 && <li className={styles['more']}>{text.moreValues(group.more)}</li>}
        </ul>
      )}
    </section>
  );
}

function Value({ name, row, onToggle }: { readonly name: string; readonly row: FacetRow; readonly onToggle: Toggle }) {
  const { traces: text } = useMessages();
  const { value, wanted, share, count, isCut } = row;
  return (
    <li className={styles['value']} data-wanted={wanted}>
      <button
        type="button"
        title={value}
        disabled={isCut}
        aria-pressed={wanted === 'in'}
        aria-label={`${text.filterIn(name, value)}, ${quantityText(formatCount(count))}`}
        onClick={(event) => onToggle(name, value, event.altKey ? 'out' : 'in')}
      >
        <i style={{ width: `${Math.max(1, share * 100)}%` }} aria-hidden />
        <span>{value}</span> <QuantityText of={formatCount(count)} />
      </button>
      <button
        type="button"
        className={classNames(styles['out'])}
        disabled={isCut}
        aria-pressed={wanted === 'out'}
        title={text.filterOut(name, value)}
        aria-label={text.filterOut(name, value)}
        onClick={() => onToggle(name, value, 'out')}
      >
        {wanted === 'out' ? <IconPlus size={12} /> : <IconMinus size={12} />}
      </button>
    </li>
  );
}
