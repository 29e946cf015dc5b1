import { Link } from '@tanstack/react-router';
import type { LogRecord } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatFullMoment, formatMoment, unixNanoToMs } from '../../base/time.ts';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { TraceLinks } from '../../widgets/trace-links.tsx';
import widgets from '../../widgets/widgets.module.css';
import styles from './services.module.css';

const logsShown = 30;
const tracesShown = 12;

export function LatestLogs({ service }: { readonly service: string }) {
  const { serviceParts: text } = useMessages();
  const query = useApi('listLogs', { query: { service, limit: logsShown } });
  return (
    <Card title={text.logs}>
      <Loaded query={query} heightPx={28 * logsShown}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState quiet reason={text.noLogs} />
          ) : (
            <ul className={styles['logs']}>
              {items.map((record, index) => (
                <LogLine key={`${record.timeUnixNano} ${index}`} record={record} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function LogLine({ record: { timeUnixNano, severity, body, traceId } }: { readonly record: LogRecord }) {
  const { serviceParts: text } = useMessages();
  const ms = unixNanoToMs(timeUnixNano);
  const said = typeof body === 'string' ? body : JSON.stringify(body);
  return (
    <li title={said}>
      <time title={formatFullMoment(ms)}>{formatMoment(ms, true)}</time>
      <i data-level={severity.level}>{severity.level}</i>
      <span>{said}</span>
      {traceId !== '' && (
        <Link to="/traces/$traceId" params={{ traceId }} className={widgets['link']}>
          {text.openTrace}
        </Link>
      )}
    </li>
  );
}

export function LatestTraces({ service }: { readonly service: string }) {
  const { serviceParts: text } = useMessages();
  const query = useApi('listTraces', { query: { service, limit: tracesShown } });
  const all = (
    <Link to="/traces" search={{ service }} className={widgets['link']}>
      {text.allTraces}
    </Link>
  );
  return (
    <Card title={text.latestTraces} aside={all}>
      <Loaded query={query} heightPx={32 * tracesShown}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState quiet reason={text.noTraces} />
          ) : (
            <div className={styles['padded']}>
              <TraceLinks items={items} />
            </div>
          )
        }
      </Loaded>
    </Card>
  );
}
