import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatBytesPerSecond, formatRatio } from '../../base/quantity.ts';
import { timeRangeAround, timeRangeUrl } from '../../base/time-range.ts';
import widgets from '../../widgets/widgets.module.css';
import { hostMoment } from './host-moment.ts';
import { MomentRow } from './moment-row.tsx';
import styles from './trace.module.css';
import { useHostAround } from './use-trace.ts';

/** The machine that a span ran on, in the minutes around. */
export function HostAtThatMoment({ host, ms }: { readonly host: string; readonly ms: number }) {
  const { trace: text } = useMessages();
  const { data } = useHostAround(host, ms);
  const moment = useMemo(() => data && hostMoment(data, ms), [data, ms]);
  if (host === '') return null;
  const rows = [
    { name: text.cpu, values: moment?.cpu ?? [], now: moment?.cpuNow ?? null, format: formatRatio },
    { name: text.memory, values: moment?.memory ?? [], now: moment?.memoryNow ?? null, format: formatRatio },
    { name: text.disk, values: moment?.disk ?? [], now: moment?.diskNow ?? null, format: formatBytesPerSecond },
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
      {rows.map(({ name, values, now, format }) => (
        <MomentRow
          key={name}
          name={name}
          values={values}
          markShare={moment?.markShare ?? null}
          now={format(now)}
          isBad={format === formatRatio && now !== null && now > 0.9}
        />
      ))}
    </section>
  );
}
