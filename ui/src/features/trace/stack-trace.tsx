import { useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import widgets from '../../widgets/widgets.module.css';
import { stackFrames } from './stack-frames.ts';
import styles from './trace.module.css';

/** Frames, one a line; those of libraries stand back, and can be left out. */
export function StackTrace({ stack }: { readonly stack: string }) {
  const { trace: text } = useMessages();
  const [ownOnly, setOwnOnly] = useState(false);
  const frames = stackFrames(stack);
  const libraries = frames.filter(({ kind }) => kind === 'library').length;
  const hasOwn = frames.some(({ kind }) => kind === 'own');
  return (
    <>
      <div className={styles['stack']}>
        <ol>
          {frames.map(
            (one, index) =>
              (one.kind !== 'library' || !ownOnly) && (
                <li key={index} data-kind={one.kind} title={one.text.trim()}>
                  {one.text.trim()}
                </li>
              ),
          )}
        </ol>
        <CopyButton text={stack} />
      </div>
      {libraries > 0 && hasOwn && (
        <button type="button" className={widgets['link']} aria-expanded={!ownOnly} onClick={() => setOwnOnly(!ownOnly)}>
          {ownOnly ? text.showLibraryFrames(libraries) : text.hideLibraryFrames(libraries)}
        </button>
      )}
    </>
  );
}
