import { classNames } from '../base/class-names.ts';
import styles from './widgets.module.css';

/** Text of unknown length in a place of known width; the whole of it is its title. */
export function Ellipsis({ text, mono = false }: { readonly text: string; readonly mono?: boolean }) {
  return (
    <span className={classNames(styles['ellipsis'], mono && styles['mono'])} title={text}>
      {text}
    </span>
  );
}
