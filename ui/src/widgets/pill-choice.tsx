import { Tooltip } from '@mantine/core';
import styles from './widgets.module.css';

export interface PillChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string; readonly hint?: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, all in sight. */
export function PillChoice<T extends string>({ label, value, options, onChange }: PillChoiceProps<T>) {
  return (
    <span className={styles['pills']} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <Tooltip key={option.value} label={option.hint} disabled={option.hint === undefined}>
          <button
            type="button"
            role="radio"
            aria-checked={option.value === value}
            className={styles['pill']}
            onClick={() => onChange(option.value)}
          >
            {option.text}
          </button>
        </Tooltip>
      ))}
    </span>
  );
}
