import { IconSearch } from '@tabler/icons-react';
import { useRef } from 'react';
import { useKeys } from '../base/use-keys.ts';
import styles from './widgets.module.css';

export interface SearchBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly widthPx?: number;
  readonly onKeyDown?: (event: React.KeyboardEvent<HTMLInputElement>) => void;
}

/** The search of a page: `/` puts the cursor here, Esc leaves it. */
export function SearchBox({ value, onChange, placeholder, widthPx = 220, onKeyDown }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => input.current?.select() });
  return (
    <label className={styles['filter']} style={{ width: widthPx }}>
      <IconSearch size={14} aria-hidden />
      <input
        ref={input}
        type="text"
        value={value}
        placeholder={placeholder}
        aria-label={placeholder}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          onKeyDown?.(event);
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (value === '') event.currentTarget.blur();
          else onChange('');
        }}
      />
      <kbd className={styles['kbd']}>/</kbd>
    </label>
  );
}
