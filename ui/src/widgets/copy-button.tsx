import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useMessages } from '../base/messages/use-messages.tsx';
import styles from './widgets.module.css';

/** Copies, and says so for a moment. */
export function useCopied() {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string) => void writeClipboard(text).then(() => setCopied(true));
  return { copied, copy };
}

/** The clipboard API exists on secure origins only; a collector on the local network is often none. */
async function writeClipboard(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const { common, range } = useMessages();
  const { copied, copy } = useCopied();
  const title = copied ? range.copied : (label ?? common.copy);
  return (
    <button type="button" className={styles['iconButton']} title={title} aria-label={title} onClick={() => copy(text)}>
      {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
    </button>
  );
}
