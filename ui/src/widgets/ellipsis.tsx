import { classNames } from '../base/class-names.ts';
import styles from './widgets.module.css';

interface EllipsisProps {
  readonly text: string;
  readonly mono?: boolean;
  /** Default: the whole text. */
  readonly title?: string;
}

/** Text of unknown length in a place of known width. */
export function Ellipsis({ text, mono = false, title = text }: EllipsisProps) {
  return (
    <span className={classNames(styles['ellipsis'], mono && styles['mono'])} title={title}>
      {text}
    </span>
  );
}
