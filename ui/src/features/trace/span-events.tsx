import type { Span } from '@sonde/api';
import { formatDuration, quantityText } from '../../base/quantity.ts';
import { nanosBetween } from '../../base/time.ts';
import { Tag } from '../../widgets/tag.tsx';
import { attributeRow, attributeText } from './attribute-groups.ts';
import { AttributeList } from './attribute-list.tsx';
import { StackTrace } from './stack-trace.tsx';
import styles from './trace.module.css';

/** Source: OpenTelemetry semantic conventions, "Recording exceptions on spans". */
const exceptionKeys = ['exception.type', 'exception.message', 'exception.stacktrace'];

export function SpanEvents({ events, spanStart }: { readonly events: Span['events']; readonly spanStart: string }) {
  return events.map((event, index) => <Event key={index} event={event} spanStart={spanStart} />);
}

function Event({ event, spanStart }: { readonly event: Span['events'][number]; readonly spanStart: string }) {
  const [type, message, stack] = exceptionKeys.map((key) => event.attributes[key]);
  const isException = event.name === 'exception' || type !== undefined;
  const rows = Object.entries(event.attributes).filter(([key]) => !isException || !exceptionKeys.includes(key));
  const sinceNs = nanosBetween(spanStart, event.timeUnixNano);
  return (
    <article className={styles['event']}>
      <header>
        {isException ? <Tag tone="bad">{attributeText(type ?? event.name)}</Tag> : <span>{event.name}</span>}
        <time>
          {sinceNs < 0 ? '−' : '+'}
          {quantityText(formatDuration(Math.abs(sinceNs)))}
        </time>
      </header>
      {isException && message !== undefined && <p className={styles['message']}>{attributeText(message)}</p>}
      {isException && stack !== undefined && <StackTrace stack={attributeText(stack)} />}
      <AttributeList rows={rows.map(([key, value]) => attributeRow(key, value))} />
    </article>
  );
}
