import { IconAlertTriangle } from '@tabler/icons-react';
import type { Trace } from '@sonde/api';
import type { ReactNode } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatDuration } from '../../base/quantity.ts';
import { formatFullMoment, formatMoment, unixNanoToMs } from '../../base/time.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { Figure, Figures } from '../../widgets/figures.tsx';
import layout from '../../widgets/layout.module.css';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { Tag } from '../../widgets/tag.tsx';
import styles from './trace.module.css';
import type { TraceView } from './trace-view.ts';

export function TraceFigures({ view, onFirstError }: { readonly view: TraceView; readonly onFirstError: () => void }) {
  const { common, trace: text } = useMessages();
  const startMs = unixNanoToMs(view.trace.startTimeUnixNano);
  return (
    <>
      <Figures>
        <Figure name={common.duration}>
          <QuantityText of={formatDuration(view.trace.durationNs)} />
        </Figure>
        <Figure name={common.spans}>
          <QuantityText of={formatCount(view.nodes.length)} />
        </Figure>
        <Figure name={common.services} title={view.services.join('\n')}>
          <QuantityText of={formatCount(view.services.length)} />
        </Figure>
        <Figure name={text.depth}>
          <QuantityText of={formatCount(view.depth)} />
        </Figure>
        <Figure name={text.started} title={formatFullMoment(startMs)}>
          <time>{formatMoment(startMs, true)}</time>
        </Figure>
      </Figures>
      <span className={styles['traceId']}>
        <span title={view.trace.traceId}>{view.trace.traceId}</span>
        <CopyButton text={view.trace.traceId} />
      </span>
      <span className={layout['grow']} />
      {view.errorCount > 0 && (
        <button type="button" onClick={onFirstError}>
          <Tag tone="bad">{text.errors(view.errorCount)}</Tag>
        </button>
      )}
    </>
  );
}

/** What is uncertain about this trace, in plain words. */
export function TraceWarnings({
  warnings,
  onShow,
  times,
}: {
  readonly warnings: Trace['warnings'];
  readonly onShow: (spanId: string) => void;
  /** The choice between the times as sent and as corrected, where they differ. */
  readonly times: ReactNode;
}) {
  const { trace: text } = useMessages();
  return warnings.map((warning) => {
    const [first] = warning.spanIds;
    return (
      <div key={warning.code} className={styles['warning']} role="note" title={warning.message}>
        <IconAlertTriangle size={16} stroke={1.6} aria-hidden />
        <span>{text.warning[warning.code]}</span>
        {first !== undefined && (
          <button type="button" onClick={() => onShow(first)}>
            {text.show}
          </button>
        )}
        {warning.code === 'clock-skew' && times !== undefined && <span className={styles['times']}>{times}</span>}
      </div>
    );
  });
}
