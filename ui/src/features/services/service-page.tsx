import { getRouteApi, Link } from '@tanstack/react-router';
import type { ServiceDetail } from '@sonde/api';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import { errorShare, perSecond } from '../../base/rates.ts';
import { useApi } from '../../base/use-api.ts';
import { Figure, Figures } from '../../widgets/figures.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import layout from '../../widgets/layout.module.css';
import { LastSeen } from '../../widgets/last-seen.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { SendSomething } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { EndpointTable, QueueTable, StatementTable } from './busiest-tables.tsx';
import { DependencyTable } from './dependency-table.tsx';
import { ErrorTable } from './error-table.tsx';
import { InstanceMatrix } from './instance-matrix.tsx';
import { InstanceTable } from './instance-table.tsx';
import { InstrumentationCheck } from './instrumentation-check.tsx';
import { RuntimeCharts } from './runtime-charts.tsx';
import { LatestLogs, LatestTraces } from './service-logs.tsx';
import { ServiceTabs } from './service-tabs.tsx';
import { deployments } from './version-rows.ts';
import { VersionTable } from './version-table.tsx';
import { ServiceCharts } from './service-charts.tsx';
import { errorTone } from './service-rows.ts';

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
  const { serviceParts: text } = useMessages();
  const { tab = 'summary' } = route.useSearch();
  const versions = useApi('listServiceVersions', { params: { service } });
  const marks = useMemo(
    () =>
      versions.data &&
      deployments(versions.data).map(({ version, atMs }) => ({ ms: atMs, name: text.deployed(version || text.noVersion) })),
    [versions.data, text],
  );
  return (
    <>
      <ServiceHeader detail={detail} />
      <ServiceTabs tab={tab} />
      {(tab === 'summary' || tab === 'versions') && <ServiceCharts detail={detail} marks={marks} />}
      {tab === 'summary' && (
        <>
          <InstanceMatrix detail={detail} />
          <InstanceTable detail={detail} />
          <div className={layout['columns']}>
            <EndpointTable service={service} />
            <StatementTable service={service} />
          </div>
          <RuntimeCharts detail={detail} />
          <InstrumentationCheck detail={detail} />
        </>
      )}
      {tab === 'dependencies' && (
        <>
          <DependencyTable detail={detail} />
          <div className={layout['columns']}>
            <StatementTable service={service} />
            <QueueTable service={service} />
          </div>
        </>
      )}
      {tab === 'errors' && <ErrorTable service={service} />}
      {tab === 'versions' && (
        <Loaded query={versions} heightPx={160}>
          {(data) => <VersionTable versions={data} />}
        </Loaded>
      )}
      {tab === 'logs' && (
        <>
          <LatestLogs service={service} />
          <LatestTraces service={service} />
        </>
      )}
    </>
  );
}

function ServiceHeader({ detail: { summary, range } }: { readonly detail: ServiceDetail }) {
  const { common, nav, service: text, services } = useMessages();
  const { service, requests, p50Ns, p95Ns, p99Ns, versions, lastSeenMs, signals } = summary;
  const failed = errorShare(summary);
  return (
    <div className={layout['toolbar']}>
      <Figures>
        <Figure name={common.requestsPerSecond}>
          <QuantityText of={formatNumber(signals.traces ? perSecond(requests, range) : null)} />
        </Figure>
        <Figure name={common.errors}>
          <QuantityText of={formatRatio(failed)} tone={errorTone(failed) === 'quiet' ? undefined : errorTone(failed)} />
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
      <Link to="/diagnose" search={{ service }} className={widgets['pill']}>
        {nav.diagnose}
      </Link>
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
