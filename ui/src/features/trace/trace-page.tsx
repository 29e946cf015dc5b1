import { getRouteApi, Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { TraceContent } from './trace-content.tsx';
import { useTrace } from './use-trace.ts';

const route = getRouteApi('/traces/$traceId');

export function TracePage() {
  const { nav, trace: text } = useMessages();
  const { traceId } = route.useParams();
  const { query, view } = useTrace(traceId);
  const root = view?.root?.span;
  return (
    <>
      <PageTitle title={root ? root.name : text.title} crumb={<Link to="/traces">{nav.traces}</Link>} />
      {query.error?.status === 404 && !view ? (
        <EmptyState reason={text.missing} />
      ) : (
        <Loaded query={query} heightPx={560}>
          {() => view && <TraceContent key={traceId} view={view} />}
        </Loaded>
      )}
    </>
  );
}
