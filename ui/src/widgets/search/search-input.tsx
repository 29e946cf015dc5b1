import { completeSearch, type SearchProblem } from '@sonde/model';
import { IconSearch, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useReducer, useRef, useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, quantityText } from '../../base/quantity.ts';
import { useKeys } from '../../base/use-keys.ts';
import widgets from '../widgets.module.css';
import { closedAt, type CompletionOption, nextCompletion, visibleProblem } from './completion-state.ts';
import { rememberSearch } from './search-history.ts';
import styles from './search-input.module.css';
import { useSearchCompletion } from './use-search-completion.ts';

export interface SearchInputProps {
  /** The search in force. */
  readonly value: string;
  readonly onApply: (search: string) => void;
  /** What the API said is wrong with `value`: a pattern, say, which only the engine can judge. */
  readonly refused?: SearchProblem | undefined;
}

/**
 * The search language in one box (a combobox of ARIA 1.2 with a listbox). Enter runs what is written; what cannot be read does not run, and
 * the part that is wrong is underlined, with the reason.
 */
export function SearchInput({ value, onApply, refused }: SearchInputProps) {
  const { search: text, common } = useMessages();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const [state, send] = useReducer(nextCompletion, value, closedAt);
  const [isFinished, setFinished] = useState(true);
  const [applied, setApplied] = useState(value);
  if (applied !== value) {
    // The search was changed elsewhere: by a facet, a link, or "back".
    setApplied(value);
    send({ kind: 'replaced', text: value });
  }
  const { options, isFetching } = useSearchCompletion(state);
  useKeys({ '/': () => input.current?.select() });
  useLayoutEffect(() => {
    const element = input.current;
    if (!element || document.activeElement !== element || element.selectionStart === state.caret) return;
    if (element.selectionStart === element.selectionEnd) element.setSelectionRange(state.caret, state.caret);
  }, [state]);
  useEffect(() => {
    if (mirror.current && input.current) mirror.current.scrollLeft = input.current.scrollLeft;
  });

  const problem = visibleProblem(state, isFinished) ?? (state.text === value ? refused : undefined);
  const isOpen = state.open && options.length > 0;
  const optionId = (index: number) => `${id}-option-${index}`;
  const active = isOpen ? options[state.active] : undefined;
  const take = (option: CompletionOption) => {
    send({ kind: 'taken', option });
    input.current?.focus();
  };
  const run = (written: string) => {
    const trimmed = written.trim();
    setFinished(true);
    send({ kind: 'closed' });
    if (visibleProblem(closedAt(trimmed), true)) return;
    rememberSearch(trimmed);
    if (trimmed === value) send({ kind: 'replaced', text: trimmed });
    else onApply(trimmed);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      send({ kind: 'stepped', by: key === 'ArrowDown' ? 1 : -1, options: options.length });
    } else if (key === 'Enter') {
      if (active?.kind === 'history') run(active.text);
      else if (active) take(active);
      else run(state.text);
    } else if (key === 'Tab' && !event.shiftKey && isOpen) {
      // Without a choice Tab leaves, unless something is half written.
      const option = active ?? (completeSearch(state.text, state.caret).prefix === '' ? undefined : options[0]);
      if (!option) return;
      event.preventDefault();
      take(option);
    } else if (key === 'Escape') {
      event.stopPropagation();
      if (isOpen) send({ kind: 'closed' });
      else if (state.text !== value) send({ kind: 'replaced', text: value });
      else event.currentTarget.blur();
    }
  };
  return (
    <div className={styles['search']}>
      <div className={styles['box']} data-wrong={problem ? true : undefined}>
        <IconSearch size={14} aria-hidden />
        <div className={styles['field']}>
          {problem && (
            <div ref={mirror} className={styles['mirror']} aria-hidden>
              {state.text.slice(0, problem.start)}
              <u>{state.text.slice(problem.start, problem.end) || ' '}</u>
              {state.text.slice(problem.end)}
            </div>
          )}
          <input
            ref={input}
            type="text"
            role="combobox"
            aria-label={text.label}
            aria-autocomplete="list"
            aria-expanded={isOpen}
            aria-controls={`${id}-list`}
            aria-activedescendant={active ? optionId(state.active) : undefined}
            aria-invalid={problem !== undefined}
            aria-describedby={problem ? `${id}-problem` : undefined}
            value={state.text}
            placeholder={text.example}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            onChange={({ currentTarget }) => {
              setFinished(false);
              const { value: written, selectionStart } = currentTarget;
              send({ kind: 'typed', text: written, caret: selectionStart ?? written.length });
            }}
            onSelect={({ currentTarget }) => {
              const { value: written, selectionStart } = currentTarget;
              if (!state.open || selectionStart === null || selectionStart === state.caret) return;
              send({ kind: 'pointed at', text: written, caret: selectionStart });
            }}
            onClick={({ currentTarget }) =>
              send({ kind: 'pointed at', text: state.text, caret: currentTarget.selectionStart ?? state.text.length })
            }
            onScroll={({ currentTarget }) => {
              if (mirror.current) mirror.current.scrollLeft = currentTarget.scrollLeft;
            }}
            onBlur={() => {
              send({ kind: 'closed' });
              setFinished(true);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        {state.text === '' ? (
          <kbd className={widgets['kbd']}>/</kbd>
        ) : (
          <button type="button" className={widgets['iconButton']} aria-label={common.clear} onClick={() => onApply('')}>
            <IconX size={13} />
          </button>
        )}
      </div>
      {problem && (
        <p id={`${id}-problem`} className={styles['wrong']} role="alert">
          <code>
            {state.text.slice(0, problem.start)}
            <mark>{state.text.slice(problem.start, problem.end) || '\u2038'}</mark>
            {state.text.slice(problem.end)}
          </code>{' '}
          {problem.message}
        </p>
      )}
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={text.choices}
        aria-busy={isFetching}
        className={styles['list']}
        hidden={!isOpen}
      >
        {options.map((option, index) => (
          <Option
            key={`${option.kind} ${option.text}`}
            id={optionId(index)}
            option={option}
            isActive={index === state.active}
            onTake={() => (option.kind === 'history' ? run(option.text) : take(option))}
          />
        ))}
      </ul>
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly option: CompletionOption;
  readonly isActive: boolean;
  readonly onTake: () => void;
}

function Option({ id, option: { kind, text, count }, isActive, onTake }: OptionProps) {
  const { search } = useMessages();
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    <li
      ref={element}
      id={id}
      role="option"
      aria-selected={isActive}
      data-kind={kind}
      // The caret stays in the box.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onTake}
    >
      <span>{text}</span>
      <small>{count === undefined ? search.kinds[kind] : quantityText(formatCount(count))}</small>
    </li>
  );
}
