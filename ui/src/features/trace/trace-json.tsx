import { useVirtualizer } from '@tanstack/react-virtual';
import type { Trace } from '@sonde/api';
import { useMemo, useRef } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Card } from '../../widgets/card.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import widgets from '../../widgets/widgets.module.css';
import styles from './trace.module.css';

const linePx = 18;

/** The trace as the API answers it, line by line: only the lines in sight exist. */
export function TraceJson({ trace }: { readonly trace: Trace }) {
  const { trace: text } = useMessages();
  const scroller = useRef<HTMLDivElement>(null);
  const json = useMemo(() => JSON.stringify(trace, null, 2), [trace]);
  const lines = useMemo(() => json.split('\n'), [json]);
  // The virtualizer changes in place; nothing here is memoized by it.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: lines.length,
    estimateSize: () => linePx,
    overscan: 30,
    getScrollElement: () => scroller.current,
  });
  return (
    <Card
      className={styles['main']}
      title={text.json}
      aside={
        <>
          <CopyButton text={json} />
          <button type="button" className={widgets['pill']} onClick={() => download(`trace-${trace.traceId}.json`, json)}>
            {text.download}
          </button>
        </>
      }
    >
      <div ref={scroller} className={styles['json']} tabIndex={0} role="region" aria-label={text.json}>
        <div style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => (
            <pre key={index} style={{ transform: `translateY(${start}px)` }}>
              {lines[index]}
            </pre>
          ))}
        </div>
      </div>
    </Card>
  );
}

function download(fileName: string, json: string): void {
  const url = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
