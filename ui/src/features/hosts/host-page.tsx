import { getRouteApi, Link } from '@tanstack/react-router';
import type { HostDetail } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatBytes, formatCount, formatRatio, formatterOf } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { Figure, Figures } from '../../widgets/figures.tsx';
import { LastSeen } from '../../widgets/last-seen.tsx';
import layout from '../../widgets/layout.module.css';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { Command, EmptyState, hostAgentCommand, SendSomething } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { HostCharts } from './host-charts.tsx';
import { sendsMetrics, utilizationTone } from './host-rows.ts';
import { HostApis } from './host-apis.tsx';
import { HostProcesses } from './host-processes.tsx';
import { HostServices } from './host-services.tsx';

const route = getRouteApi('/hosts/$host');

export function HostPage() {
  const { nav, host: text } = useMessages();
  const { host } = route.useParams();
  const query = useApi('getHost', { params: { host } });
  return (
    <>
      <PageTitle title={host} crumb={<Link to="/hosts">{nav.hosts}</Link>} />
      {query.error?.status === 404 && !query.data ? (
        <SendSomething reason={text.noneOf(host)} what="host" />
      ) : (
        <Loaded query={query} heightPx={620}>
          {(detail) => <HostContent detail={detail} />}
        </Loaded>
      )}
    </>
  );
}

function HostContent({ detail }: { readonly detail: HostDetail }) {
  const { hosts: text } = useMessages();
  return (
    <>
      <HostHeader detail={detail} />
      <HostServices detail={detail} />
      <HostApis host={detail.summary.host} />
      {sendsMetrics(detail.summary) ? (
        <HostCharts detail={detail} />
      ) : (
        <EmptyState reason={text.noMetrics}>
          <Command text={hostAgentCommand()} />
        </EmptyState>
      )}
      {sendsMetrics(detail.summary) && <HostProcesses host={detail.summary.host} />}
    </>
  );
}

function HostHeader({ detail: { summary } }: { readonly detail: HostDetail }) {
  const { common, host: text, hosts, nav } = useMessages();
  const { host, os, cpu, memory, filesystem, lastSeenMs } = summary;
  return (
    <div className={layout['toolbar']}>
      <Figures>
        <Figure name={hosts.cpu}>
          <QuantityText of={formatRatio(cpu.utilization)} tone={utilizationTone(cpu.utilization)} />
        </Figure>
        <Figure name={text.cores}>
          <QuantityText of={formatCount(cpu.cores)} />
        </Figure>
        <Figure name={text.load}>
          <QuantityText of={formatterOf('')(cpu.load1m)} />
        </Figure>
        <Figure name={hosts.memory}>
          <QuantityText of={formatBytes(memory.usedBytes)} tone={utilizationTone(memory.utilization)} />{' '}
          {memory.totalBytes !== null && (
            <small>
              {common.of} <QuantityText of={formatBytes(memory.totalBytes)} tone="quiet" />
            </small>
          )}
        </Figure>
        <Figure name={filesystem.mountpoint ?? hosts.filesystem} title={hosts.filesystem}>
          <QuantityText of={formatRatio(filesystem.utilization)} tone={utilizationTone(filesystem.utilization)} />
        </Figure>
        {os !== '' && (
          <Figure name={text.os}>
            <Ellipsis text={os} />
          </Figure>
        )}
        <Figure name={common.lastSeen}>
          <LastSeen ms={lastSeenMs} />
        </Figure>
      </Figures>
      <span className={layout['grow']} />
      <Link to="/diagnose" search={{ host }} className={widgets['pill']}>
        {nav.diagnose}
      </Link>
      <Link to="/traces" search={{ host }} className={widgets['pill']}>
        {text.traces}
      </Link>
      <Link to="/top" search={{ host }} className={widgets['pill']}>
        {text.top}
      </Link>
    </div>
  );
}
