import { Modal } from '@mantine/core';
import { useMessages } from '../base/messages/use-messages.tsx';
import widgets from '../widgets/widgets.module.css';
import styles from './shell.module.css';

export function Shortcuts({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { keys, common } = useMessages();
  const list: readonly (readonly [string, readonly string[]])[] = [
    [keys.palette, ['Ctrl', 'K']],
    [keys.search, ['/']],
    [keys.rows, ['j', 'k']],
    [keys.open, ['Enter']],
    [keys.close, ['Esc']],
    [keys.collapse, ['←', '→']],
    [keys.matches, ['n', 'N']],
    [keys.beside, ['←', '↑', '↓', '→']],
    [keys.zoom, ['+', '−', '0']],
    [keys.help, ['?']],
  ];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={keys.title}
      size={420}
      padding="md"
      closeButtonProps={{ 'aria-label': common.close }}
      classNames={{ content: styles['modal'] ?? '' }}
    >
      <dl className={styles['keys']}>
        {list.map(([what, with_]) => [
          <dt key={what}>{what}</dt>,
          <dd key={`${what} keys`}>
            {with_.map((key) => (
              <kbd key={key} className={widgets['kbd']}>
                {key}
              </kbd>
            ))}
          </dd>,
        ])}
      </dl>
    </Modal>
  );
}
