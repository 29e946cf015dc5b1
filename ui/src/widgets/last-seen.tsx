import { useMessages } from '../base/messages/use-messages.tsx';
import { formatFullMoment, formatMoment, isWithin } from '../base/time.ts';
import styles from './name-link.module.css';

const justNowMs = 60_000;

/** When something was last heard of; "now" within the last minute. */
export function LastSeen({ ms }: { readonly ms: number }) {
  const { common } = useMessages();
  return (
    <span className={styles['quiet']} title={formatFullMoment(ms)}>
      {isWithin(ms, justNowMs) ? common.justNow : formatMoment(ms)}
    </span>
  );
}
