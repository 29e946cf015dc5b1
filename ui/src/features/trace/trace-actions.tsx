import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import widgets from '../../widgets/widgets.module.css';
import type { TraceView } from './trace-view.ts';

/** What can be done with a trace as a whole. */
export function TraceActions({ view }: { readonly view: TraceView }) {
  const { traceViews: text } = useMessages();
  return (
    <span className={widgets['pills']}>
      <Link to="/traces/compare" search={{ a: view.trace.traceId }} className={widgets['link']}>
        {text.compare}
      </Link>
    </span>
  );
}
