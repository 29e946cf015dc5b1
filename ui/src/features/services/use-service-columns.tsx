import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import { useServiceColors } from '../../base/use-service-colors.ts';
import type { Column } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { LastSeen } from '../../widgets/last-seen.tsx';
import { NameLink } from '../../widgets/name-link.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { checkedParts, partsOf } from './instrumentation.ts';
import { errorTone, type ServiceRow } from './service-rows.ts';
import styles from './services.module.css';

export function useServiceColumns(): Column<ServiceRow>[] {
  const { common, services: text, registry: words } = useMessages();
  const colorOf = useServiceColors();
  return useMemo(() => {
    const percentile = (id: 'p50' | 'p95' | 'p99', drop: number): Column<ServiceRow> => ({
      id,
      header: id,
      hint: text.percentileHint(Number(id.slice(1))),
      align: 'right',
      width: 88,
      ...(drop > 0 && { drop }),
      sortKey: (row) => row[`${id}Ns`],
      cell: (row) => <QuantityText of={formatMilliseconds(row[`${id}Ns`])} />,
    });
    return [
      {
        id: 'service',
        header: common.service,
        sortKey: ({ service }) => service,
        minWidth: 170,
        cell: ({ service }) => (
          <NameLink color={colorOf(service)} name={service}>
            <Link to="/services/$service" params={{ service }}>
              {service}
            </Link>
          </NameLink>
        ),
      },
      {
        id: 'state',
        header: words.state,
        hint: words.stateHint,
        width: 96,
        drop: 9,
        sortKey: (row) => row.state,
        cell: ({ state }) =>
          state === null ? (
            '–'
          ) : (
            <span className={styles['state']} data-state={state} title={words.stateHints[state]}>
              {words.states[state]}
            </span>
          ),
      },
      {
        id: 'requests',
        header: common.requestsPerSecond,
        hint: text.requestsHint,
        align: 'right',
        width: 92,
        drop: 11,
        sortKey: (row) => row.requestsPerSecond,
        cell: ({ requestsPerSecond }) => <QuantityText of={formatNumber(requestsPerSecond)} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 84,
        sortKey: (row) => row.errorShare,
        cell: ({ errorShare }) => <QuantityText of={formatRatio(errorShare)} tone={errorTone(errorShare)} />,
      },
      percentile('p50', 7),
      percentile('p95', 10),
      percentile('p99', 8),
      {
        id: 'trend',
        header: common.trend,
        hint: common.requestsPerSecond,
        width: 108,
        drop: 6,
        cell: ({ trend, signals: { traces } }) =>
          traces ? <Sparkline values={trend} /> : <span className={styles['unknown']}>–</span>,
      },
      {
        id: 'instances',
        header: text.instances,
        align: 'right',
        width: 84,
        drop: 5,
        sortKey: (row) => row.instances,
        cell: ({ instances, silentInstances }) => (
          <span title={silentInstances > 0 ? words.silentOf(silentInstances, instances) : undefined}>
            <QuantityText of={formatCount(instances)} tone={silentInstances > 0 ? 'warn' : undefined} />
          </span>
        ),
      },
      { id: 'hosts', header: common.hosts, width: 130, drop: 3, cell: ({ hosts }) => <Names names={hosts} /> },
      { id: 'versions', header: text.versions, width: 88, drop: 1, cell: ({ versions }) => <Names names={versions} /> },
      { id: 'signals', header: text.signals, width: 186, drop: 2, cell: (row) => <Parts row={row} /> },
      {
        id: 'lastSeen',
        header: common.lastSeen,
        align: 'right',
        width: 88,
        drop: 4,
        sortKey: (row) => row.lastSeenMs,
        cell: ({ lastSeenMs }) => <LastSeen ms={lastSeenMs} />,
      },
    ];
  }, [common, text, words, colorOf]);
}

function Names({ names }: { readonly names: readonly string[] }) {
  const { common } = useMessages();
  return names.length === 0 ? (
    <span className={styles['unknown']}>–</span>
  ) : (
    <Ellipsis text={names.join(', ') || common.unknown} />
  );
}

/** Which parts of the picture a service sends; what it does not send is shown as missing, because that is what one would mend. */
function Parts({ row }: { readonly row: ServiceRow }) {
  const { serviceParts: text } = useMessages();
  const sent = partsOf(row);
  return (
    <span className={styles['signals']}>
      {checkedParts.map((part) => (
        <span
          key={part}
          data-missing={!sent[part] || undefined}
          title={sent[part] ? text.sends(text.parts[part]) : text.lacks(text.parts[part])}
        >
          {text.parts[part]}
        </span>
      ))}
    </span>
  );
}
