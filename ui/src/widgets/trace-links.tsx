import { Link } from '@tanstack/react-router';
import type { TraceSummary } from '@sonde/api';
import { formatDuration } from '../base/quantity.ts';
import { formatFullMoment, formatMoment, unixNanoToMs } from '../base/time.ts';
import { QuantityText } from './quantity-text.tsx';
import styles from './trace-links.module.css';

/** A few traces, where there is room for little more than when and how long. */
export function TraceLinks({ items }: { readonly items: readonly TraceSummary[] }) {
  return (
    <ul className={styles['list']}>
      {items.map(({ traceId, startTimeUnixNano, durationNs, root, errorCount }) => {
        const startMs = unixNanoToMs(startTimeUnixNano);
        return (
          <li key={traceId}>
            <Link
              to="/traces/$traceId"
              params={{ traceId }}
              title={`${root.service} ${root.name}\n${formatFullMoment(startMs)}`}
            >
              <time>{formatMoment(startMs)}</time>
              <span>{root.name}</span>
              <QuantityText of={formatDuration(durationNs)} tone={errorCount > 0 ? 'bad' : undefined} />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
