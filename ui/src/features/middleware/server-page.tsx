import { getRouteApi, Link } from '@tanstack/react-router';
import type { MiddlewareDetail } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import layout from '../../widgets/layout.module.css';
import { ImpactedApis } from '../../widgets/impacted-apis.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { EmptyState, SendSomething } from '../../widgets/states.tsx';
import { kindName, serverName } from './middleware-rows.ts';
import { ServerCharts } from './server-charts.tsx';
import { ServerHeader } from './server-header.tsx';
import { ServerNames } from './server-names.tsx';
import { ServerParts } from './server-parts.tsx';
import { ServerQueues } from './server-queues.tsx';
import { ServerStatements } from './server-statements.tsx';

const route = getRouteApi('/middleware/$id');

export function ServerPage() {
  const { middleware: text, nav } = useMessages();
  const { id } = route.useParams();
  const query = useApi('getMiddleware', { params: { id } });
  const summary = query.data?.summary;
  const title = summary === undefined ? id : `${kindName(summary.kind)} ${summary.address && serverName(summary)}`.trim();
  return (
    <>
      <PageTitle title={title} crumb={<Link to="/middleware">{nav.middleware}</Link>} />
      {query.error?.status === 404 && !query.data ? (
        <SendSomething reason={text.noneOf(id)} what="host" />
      ) : (
        <Loaded query={query} heightPx={620}>
          {(detail) => <ServerContent detail={detail} />}
        </Loaded>
      )}
    </>
  );
}

/** What it is asked and by whom stands before its own figures: whoever comes here in an emergency asks that first. */
function ServerContent({ detail }: { readonly detail: MiddlewareDetail }) {
  const { middleware: text } = useMessages();
  const { apis, charts, queues, statements, summary } = detail;
  const isCalled = summary.seenBy !== 'itself';
  // A statement wants the whole width; a queue's name does not.
  const hasQueues = statements.length === 0 && queues.length > 0;
  return (
    <>
      <ServerHeader summary={summary} />
      <ServerNames detail={detail} />
      {isCalled && (
        <>
          {statements.length > 0 && <ServerStatements detail={detail} />}
          <div className={hasQueues ? layout['columns'] : undefined}>
            {hasQueues && <ServerQueues detail={detail} />}
            <ImpactedApis apis={apis} />
          </div>
        </>
      )}
      {charts.length > 0 ? (
        <ServerCharts detail={detail} />
      ) : (
        summary.seenBy !== 'callers' && <EmptyState reason={summary.up === false ? text.downHint : text.noMetrics} />
      )}
      <ServerParts detail={detail} />
    </>
  );
}
