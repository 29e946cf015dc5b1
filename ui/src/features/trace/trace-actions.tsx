import { getRouteApi, Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import widgets from '../../widgets/widgets.module.css';
import { download } from './file/download.ts';
import { traceToOtlp } from './file/trace-to-otlp.ts';
import styles from './trace-actions.module.css';
import type { TraceView } from './trace-view.ts';

const route = getRouteApi('/traces/$traceId');

/** What can be done with a trace as a whole. One from a file has no id to compare by. */
export function TraceActions({ view: { trace } }: { readonly view: TraceView }) {
  const { traceViews: text } = useMessages();
  const { traceId } = route.useParams();
  return (
    <span className={styles['actions']}>
      {traceId !== 'upload' && (
        <Link to="/traces/compare" search={{ a: trace.traceId }} className={widgets['link']}>
          {text.compare}
        </Link>
      )}
      <button
        type="button"
        className={widgets['link']}
        onClick={() => download(`trace-${trace.traceId}.otlp.json`, JSON.stringify(traceToOtlp(trace), null, 2))}
      >
        {text.downloadOtlp}
      </button>
    </span>
  );
}
