import { useId, useRef, useState } from 'react';
import { classNames } from '../base/class-names.ts';
import styles from './filter-input.module.css';

export interface FilterInputProps {
  readonly label: string;
  readonly value: string;
  /** Called with what was typed, on Enter and on leaving; `false`: that cannot be read. */
  readonly onApply: (value: string) => boolean | void;
  /** Called when nothing changes: on Escape, and where what was typed is what was there. */
  readonly onCancel?: () => void;
  readonly suggestions?: readonly string[];
  readonly placeholder?: string;
  readonly widthPx: number;
  readonly hint?: string;
}

/** One filter: its name, and a field that applies on Enter. */
export function FilterInput({ label, value, onApply, onCancel, suggestions, placeholder, widthPx, hint }: FilterInputProps) {
  const listId = useId();
  const [draft, setDraft] = useState<string>();
  const [wrong, setWrong] = useState(false);
  const cancelled = useRef(false);
  const apply = (typed: string) => {
    const trimmed = typed.trim();
    if (trimmed !== value && onApply(trimmed) === false) {
      setWrong(true);
      return;
    }
    if (trimmed === value) onCancel?.();
    setWrong(false);
    setDraft(undefined);
  };
  return (
    <label
      className={classNames(styles['field'], value !== '' && styles['set'])}
      style={{ width: widthPx }}
      title={hint}
      data-wrong={wrong || undefined}
    >
      {label !== '' && <span>{label}</span>}
      <input
        type="text"
        value={draft ?? value}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        aria-label={label || placeholder}
        aria-invalid={wrong}
        list={suggestions ? listId : undefined}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          setDraft(typed);
          setWrong(false);
          // Choosing from the list is one step: no Enter afterwards.
          if (suggestions?.includes(typed) && (event.nativeEvent as InputEvent).inputType === 'insertReplacementText')
            apply(typed);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply(event.currentTarget.value);
          if (event.key === 'Escape') {
            cancelled.current = true;
            setDraft(undefined);
            setWrong(false);
            onCancel?.();
            event.currentTarget.blur();
          }
        }}
        onBlur={(event) => {
          if (!cancelled.current) apply(event.currentTarget.value);
          cancelled.current = false;
        }}
      />
      {suggestions && (
        <datalist id={listId}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </label>
  );
}

export interface FilterSelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly onChange: (value: T) => void;
}

export function FilterSelect<T extends string>({ label, value, options, onChange }: FilterSelectProps<T>) {
  return (
    <label className={classNames(styles['field'], value !== options[0]?.value && styles['set'])}>
      <span>{label}</span>
      <select
        value={value}
        aria-label={label}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.currentTarget.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}
