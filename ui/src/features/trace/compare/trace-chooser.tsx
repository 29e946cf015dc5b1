import { useState } from 'react';
import { useMessages } from '../../../base/messages/use-messages.tsx';
import { formatDuration } from '../../../base/quantity.ts';
import { formatMoment, unixNanoToMs } from '../../../base/time.ts';
import { Card } from '../../../widgets/card.tsx';
import { Bones } from '../../../widgets/loaded.tsx';
import { QuantityText } from '../../../widgets/quantity-text.tsx';
import { EmptyState } from '../../../widgets/states.tsx';
import { Tag } from '../../../widgets/tag.tsx';
import widgets from '../../../widgets/widgets.module.css';
import type { TraceView } from '../trace-view.ts';
import styles from './compare.module.css';
import { readTraceId } from './url.ts';
import { useSimilarTraces } from './use-similar-traces.ts';

const words = {
  slowest: 'compareSlowest',
  typical: 'compareTypical',
  fastest: 'compareFastest',
  recent: 'compareRecent',
} as const;

/** A trace by its id, or one of those that began as the other one did. */
export function TraceChooser({
  letter,
  other,
  onChoose,
}: {
  readonly letter: 'A' | 'B';
  readonly other: TraceView | undefined;
  readonly onChoose: (traceId: string) => void;
}) {
  const { traceViews: text, common } = useMessages();
  const [pasted, setPasted] = useState('');
  const [wrong, setWrong] = useState(false);
  const root = other?.root?.span;
  const { items, error } = useSimilarTraces(
    other && root && { traceId: other.trace.traceId, service: root.service, name: root.name },
  );
  return (
    <Card title={text.compareChoose(letter)} note={other && root ? `${text.compareSimilar}: ${root.name}` : undefined}>
      <form
        className={styles['paste']}
        onSubmit={(event) => {
          event.preventDefault();
          const id = readTraceId(pasted);
          setWrong(id === undefined);
          if (id !== undefined) onChoose(id);
        }}
      >
        <label className={widgets['filter']}>
          <input
            value={pasted}
            placeholder={text.comparePaste}
            aria-label={text.comparePaste}
            aria-invalid={wrong}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setPasted(event.currentTarget.value)}
          />
        </label>
        <button type="submit" className={widgets['pill']}>
          {text.compareOpen}
        </button>
        {wrong && <span role="alert">{text.comparePasteWrong}</span>}
      </form>
      {other &&
        (items === undefined ? (
          error ? (
            <EmptyState quiet reason={common.failed} />
          ) : (
            <Bones heightPx={160} />
          )
        ) : items.length === 0 ? (
          <EmptyState quiet reason={text.compareNoSimilar} />
        ) : (
          <ul className={styles['similar']}>
            {items.map(({ role, trace }) => (
              <li key={trace.traceId}>
                <button type="button" onClick={() => onChoose(trace.traceId)}>
                  <Tag>{text[words[role]]}</Tag>
                  <time>{formatMoment(unixNanoToMs(trace.startTimeUnixNano))}</time>
                  <code>{trace.traceId}</code>
                  <span>{text.mapSpans(trace.spanCount)}</span>
                  <QuantityText of={formatDuration(trace.durationNs)} tone={trace.errorCount > 0 ? 'bad' : undefined} />
                </button>
              </li>
            ))}
          </ul>
        ))}
    </Card>
  );
}
