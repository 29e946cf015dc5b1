import { IconX } from '@tabler/icons-react';
import { useMessages } from '../base/messages/use-messages.tsx';
import styles from './widgets.module.css';

/** A filter in force, and how to be rid of it. */
export function Chip({
  name,
  value,
  onRemove,
}: {
  readonly name: string;
  readonly value: string;
  readonly onRemove: () => void;
}) {
  const { common } = useMessages();
  const label = `${common.clear} ${name} ${value}`;
  return (
    <span className={styles['chip']}>
      <span title={`${name} ${value}`}>
        <small>{name}</small> {value}
      </span>
      <button type="button" className={styles['iconButton']} title={label} aria-label={label} onClick={onRemove}>
        <IconX size={12} />
      </button>
    </span>
  );
}
