import { Outlet } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMessages } from '../base/messages/use-messages.tsx';
import { useKeys } from '../base/use-keys.ts';
import { TitleSlotProvider } from '../widgets/page-title.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Rail } from './rail.tsx';
import styles from './shell.module.css';
import { Shortcuts } from './shortcuts.tsx';
import { TopBar } from './top-bar.tsx';

export function Shell() {
  const { nav } = useMessages();
  const [open, setOpen] = useState<'palette' | 'shortcuts'>();
  const close = () => setOpen(undefined);
  useKeys({ '?': () => setOpen('shortcuts') });
  useEffect(() => {
    // Works from within fields too, unlike the keys of useKeys.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      setOpen('palette');
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <TitleSlotProvider>
      <a className={styles['skip']} href="#content">
        {nav.skip}
      </a>
      <div className={styles['shell']}>
        <Rail onShortcuts={() => setOpen('shortcuts')} />
        <div className={styles['main']}>
          <TopBar onJump={() => setOpen('palette')} />
          <main id="content" className={styles['body']} tabIndex={-1}>
            <Outlet />
          </main>
        </div>
      </div>
      <CommandPalette opened={open === 'palette'} onClose={close} />
      <Shortcuts opened={open === 'shortcuts'} onClose={close} />
    </TitleSlotProvider>
  );
}
