import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatRatio, quantityText } from '../../base/quantity.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { type DifferenceBar, type DifferenceRow, differenceRows } from './difference-rows.ts';
import styles from './selection.module.css';
import type { Box, TracesUrl } from './url.ts';
import { useDifferences } from './use-traces.ts';

interface DifferencesProps {
  readonly url: TracesUrl;
  readonly box: Box;
  readonly onFilter: (condition: string) => void;
}

/** Every key, as mini bars of the selection against the rest; the one that tells them apart best first. */
export function Differences({ url, box, onFilter }: DifferencesProps) {
  const query = useDifferences(url, box);
  return (
    <Loaded query={query} heightPx={320}>
      {(data) => <Keys data={data} onFilter={onFilter} />}
    </Loaded>
  );
}

function Keys({ data, onFilter }: { readonly data: Reply<'compareTraces'>; readonly onFilter: (condition: string) => void }) {
  const { traces: text } = useMessages();
  const { rows, same } = useMemo(() => differenceRows(data), [data]);
  const count = (of: number) => quantityText(formatCount(of));
  if (data.selection.count === 0) return <EmptyState reason={text.nothingSelected} quiet />;
  return (
    <>
      <p className={styles['legend']}>
        <i data-side="selection" aria-hidden /> {text.selectionSpans(count(data.selection.count))}
        <i data-side="rest" aria-hidden /> {text.restSpans(count(data.rest.count))}
        <span>{text.sameKeys(same)}</span>
      </p>
      {rows.length === 0 && <EmptyState reason={data.rest.count === 0 ? text.noRest : text.noDifference} quiet />}
      <ul className={styles['keys']}>
        {rows.map((row) => (
          <Key key={row.key} row={row} onFilter={onFilter} />
        ))}
      </ul>
    </>
  );
}

function Key({ row, onFilter }: { readonly row: DifferenceRow; readonly onFilter: (condition: string) => void }) {
  const { traces: text } = useMessages();
  return (
    <li className={styles['key']} data-difference-key={row.key}>
      <h3 title={row.key}>
        <span>{row.key}</span>
        <small title={text.differenceHint}>{quantityText(formatRatio(Math.abs(row.difference)))}</small>
      </h3>
      <ul>
        {row.bars.map((bar) => (
          <Bar key={bar.text} bar={bar} onFilter={onFilter} />
        ))}
      </ul>
    </li>
  );
}

function Bar({ bar, onFilter }: { readonly bar: DifferenceBar; readonly onFilter: (condition: string) => void }) {
  const { traces: text } = useMessages();
  const { selection, rest, filter } = bar;
  const label = bar.text === '' ? text.absent : bar.text;
  const shares = [selection, rest].map((share) => quantityText(formatRatio(share)));
  return (
    <li className={styles['bar']}>
      <span className={styles['value']} title={label} data-absent={bar.text === '' || undefined}>
        {label}
      </span>
      <span className={styles['sides']} role="img" aria-label={text.sides(shares[0] ?? '', shares[1] ?? '')}>
        <i data-side="selection" style={{ width: `${selection * 100}%` }} />
        <i data-side="rest" style={{ width: `${rest * 100}%` }} />
      </span>
      <span className={styles['share']} aria-hidden>
        {shares[0]} <small>{shares[1]}</small>
      </span>
      <span className={styles['actions']}>
        {filter && (
          <>
            <button
              type="button"
              className={widgets['iconButton']}
              title={filter.in}
              aria-label={text.addFilter(filter.in)}
              onClick={() => onFilter(filter.in)}
            >
              <IconPlus size={12} />
            </button>
            <button
              type="button"
              className={widgets['iconButton']}
              title={filter.out}
              aria-label={text.addFilter(filter.out)}
              onClick={() => onFilter(filter.out)}
            >
              <IconMinus size={12} />
            </button>
          </>
        )}
      </span>
    </li>
  );
}
