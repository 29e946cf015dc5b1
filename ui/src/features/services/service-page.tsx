import { getRouteApi, Link } from '@tanstack/react-router';
import type { ServiceDetail } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { Figure, Figures } from '../../widgets/figures.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import layout from '../../widgets/layout.module.css';
import { LastSeen } from '../../widgets/last-seen.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { SendSomething } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { EndpointTable, StatementTable } from './busiest-tables.tsx';
import { InstanceTable } from './instance-table.tsx';
import { RuntimeCharts } from './runtime-charts.tsx';
import { ServiceCharts } from './service-charts.tsx';
import { errorTone, perSecond } from './service-rows.ts';

const route = getRouteApi('/services/$service');

export function ServicePage() {
  const { nav, services: text } = useMessages();
  const { service } = route.useParams();
  const query = useApi('getService', { params: { service } });
  return (
    <>
      <PageTitle title={service} crumb={<Link to="/services">{nav.services}</Link>} />
      {query.error?.status === 404 && !query.data ? (
        <SendSomething reason={text.noneOf(service)} what="service" />
      ) : (
        <Loaded query={query} heightPx={620}>
          {(detail) => <ServiceContent detail={detail} />}
        </Loaded>
      )}
    </>
  );
}

function ServiceContent({ detail }: { readonly detail: ServiceDetail }) {
  const { service } = detail.summary;
  return (
    <>
      <ServiceHeader detail={detail} />
      <ServiceCharts detail={detail} />
      <InstanceTable detail={detail} />
      <div className={layout['columns']}>
        <EndpointTable service={service} />
        <StatementTable service={service} />
      </div>
      <RuntimeCharts detail={detail} />
    </>
  );
}

function ServiceHeader({ detail: { summary, range } }: { readonly detail: ServiceDetail }) {
  const { common, service: text, services } = useMessages();
  const { service, requests, errors, p50Ns, p95Ns, p99Ns, versions, lastSeenMs, signals } = summary;
  const errorShare = requests > 0 ? errors / requests : null;
  return (
    <div className={layout['toolbar']}>
      <Figures>
        <Figure name={common.requestsPerSecond}>
          <QuantityText of={formatNumber(signals.traces ? perSecond(requests, range) : null)} />
        </Figure>
        <Figure name={common.errors}>
          <QuantityText
            of={formatRatio(errorShare)}
            tone={errorTone(errorShare) === 'quiet' ? undefined : errorTone(errorShare)}
          />
        </Figure>
        <Figure name="p50">
          <QuantityText of={formatMilliseconds(p50Ns)} />
        </Figure>
        <Figure name="p95">
          <QuantityText of={formatMilliseconds(p95Ns)} />
        </Figure>
        <Figure name="p99">
          <QuantityText of={formatMilliseconds(p99Ns)} />
        </Figure>
        {versions.length > 0 && <Figure name={services.versions}>{versions.join(', ')}</Figure>}
        <Figure name={common.lastSeen}>
          <LastSeen ms={lastSeenMs} />
        </Figure>
      </Figures>
      <span className={layout['grow']} />
      <Link to="/traces" search={{ service }} className={widgets['pill']}>
        {text.traces}
      </Link>
      <Link to="/traces" search={{ service, sort: 'duration' }} className={widgets['pill']}>
        {text.slowTraces}
      </Link>
      <Link to="/traces" search={{ service, status: 'error' }} className={widgets['pill']}>
        {text.failedTraces}
      </Link>
      <Link to="/latency" search={{ service }} className={widgets['pill']}>
        {text.distribution}
      </Link>
    </div>
  );
}
