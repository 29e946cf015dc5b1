import { parseSearch, type SearchProblem } from '@sonde/model';
import { useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { FilterInput } from '../../widgets/filter-input.tsx';
import styles from './trace-search.module.css';

export interface TraceSearchProps {
  readonly value: string;
  readonly onApply: (search: string) => void;
}

interface Wrong {
  readonly typed: string;
  readonly problem: SearchProblem;
}

/** The search language in one box. What cannot be read is not applied: the part that is wrong is marked, with the reason. */
export function TraceSearch({ value, onApply }: TraceSearchProps) {
  const { traces: text } = useMessages();
  const [wrong, setWrong] = useState<Wrong>();
  const apply = (typed: string) => {
    const parsed = parseSearch(typed);
    setWrong(parsed.kind === 'problem' ? { typed, problem: parsed.problem } : undefined);
    if (parsed.kind === 'problem') return false;
    onApply(typed);
    return true;
  };
  return (
    <>
      <FilterInput
        label={text.search}
        value={value}
        placeholder={text.searchExample}
        hint={text.searchHint}
        widthPx={560}
        onApply={apply}
        onCancel={() => setWrong(undefined)}
      />
      {wrong && <WrongPart {...wrong} />}
    </>
  );
}

function WrongPart({ typed, problem: { start, end, message } }: Wrong) {
  return (
    <p className={styles['wrong']} role="alert">
      <code>
        {typed.slice(0, start)}
        <mark>{typed.slice(start, end) || '\u2038'}</mark>
        {typed.slice(end)}
      </code>{' '}
      {message}
    </p>
  );
}
