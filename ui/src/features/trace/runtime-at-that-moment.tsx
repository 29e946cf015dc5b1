import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, formatRatio } from '../../base/quantity.ts';
import { markShare, nearest } from './host-moment.ts';
import { MomentRow } from './moment-row.tsx';
import styles from './trace.module.css';
import { useServiceAround } from './use-trace.ts';

/** Whether the process was held up by its own runtime; nothing for a service that sends no such metrics. */
export function RuntimeAtThatMoment({ service, ms }: { readonly service: string; readonly ms: number }) {
  const { trace: text } = useMessages();
  const { data } = useServiceAround(service, ms);
  const values = (name: string) => data?.runtime.find((series) => series.name === name)?.values ?? [];
  const delay = values('nodejs.eventloop.delay.p99');
  const collection = values('v8js.gc.duration');
  if (!data || (delay.length === 0 && collection.length === 0)) return null;
  const now = (of: readonly (number | null)[]) => nearest(data.timesMs, data.stepMs, of, ms);
  const [delayNow, collectionNow] = [now(delay), now(collection)];
  const mark = markShare(data.timesMs, ms);
  return (
    <section className={styles['section']}>
      <h3>{text.runtimeAtThatMoment}</h3>
      <MomentRow
        name={text.eventLoopDelay}
        values={delay}
        markShare={mark}
        now={formatDuration(delayNow === null ? null : delayNow * 1e9)}
      />
      <MomentRow name={text.garbageCollection} values={collection} markShare={mark} now={formatRatio(collectionNow)} />
    </section>
  );
}
