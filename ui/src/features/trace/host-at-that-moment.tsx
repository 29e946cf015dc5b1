import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatRatio } from '../../base/quantity.ts';
import { timeRangeAround, timeRangeUrl } from '../../base/time-range.ts';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import widgets from '../../widgets/widgets.module.css';
import { hostMoment } from './host-moment.ts';
import styles from './trace.module.css';
import { useHostAround } from './use-trace.ts';

/** The machine that a span ran on, in the minutes around. */
export function HostAtThatMoment({ host, ms }: { readonly host: string; readonly ms: number }) {
  const { trace: text } = useMessages();
  const { data } = useHostAround(host, ms);
  const moment = useMemo(() => data && hostMoment(data, ms), [data, ms]);
  if (host === '') return null;
  const rows = [
    { name: text.cpu, values: moment?.cpu ?? [], now: moment?.cpuNow ?? null },
    { name: text.memory, values: moment?.memory ?? [], now: moment?.memoryNow ?? null },
  ];
  return (
    <section className={styles['section']}>
      <h3>
        {text.hostAtThatMoment}
        <Link
          to="/hosts/$host"
          params={{ host }}
          search={timeRangeUrl(timeRangeAround(ms, 15 * 60_000))}
          className={widgets['link']}
        >
          {host}
        </Link>
      </h3>
      {rows.map(({ name, values, now }) => (
        <div key={name} className={styles['moment']}>
          <span>{name}</span>
          <Sparkline values={values} widthPx={110} tone={now !== null && now > 0.9 ? 'bad' : 'quiet'} />
          <span>
            <QuantityText of={formatRatio(now)} tone={now !== null && now > 0.9 ? 'bad' : undefined} />
          </span>
        </div>
      ))}
    </section>
  );
}
