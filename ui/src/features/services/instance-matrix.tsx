import { getRouteApi, Link } from '@tanstack/react-router';
import type { ServiceDetail } from '@sonde/api';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatMilliseconds, formatRatio, quantityText } from '../../base/quantity.ts';
import { Card } from '../../widgets/card.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { apartFromPeers, hostRows, type PeerCell, type PeerMeasure, peerMeasures } from './peers.ts';
import styles from './services.module.css';

const route = getRouteApi('/services/$service');

/** A row for each host, a cell for each instance on it, coloured by how far it is from its peers: one bad instance stands out. */
export function InstanceMatrix({ detail }: { readonly detail: ServiceDetail }) {
  const { serviceParts: text } = useMessages();
  const { peers: measure = 'p95' } = route.useSearch();
  const navigate = route.useNavigate();
  const rows = useMemo(() => hostRows(apartFromPeers(detail.instances, measure)), [detail.instances, measure]);
  const apart = rows.flatMap(({ cells }) => cells).filter(({ apart: how }) => how === 'bad' || how === 'warn');
  const verdict =
    apart.length === 0 ? text.alike : text.apart([...new Set(apart.map(({ instance }) => nameOf(instance)))].join(', '));
  const withVersion = new Set(detail.instances.map(({ version }) => version)).size > 1;
  if (detail.instances.length < 2) return null;
  return (
    <Card
      title={text.matrix}
      note={`${text.matrixHint} · ${verdict}`}
      aside={
        <PillChoice
          label={text.matrix}
          value={measure}
          options={peerMeasures.map((value) => ({ value, text: text.measures[value] }))}
          onChange={(next) =>
            void navigate({ search: (previous) => ({ ...previous, peers: next === 'p95' ? undefined : next }) })
          }
        />
      }
    >
      <div className={styles['matrix']}>
        {rows.map(({ host, hostCpu, cells }) => (
          <div key={host}>
            <h3>
              {host === '' ? (
                '–'
              ) : (
                <Link to="/hosts/$host" params={{ host }}>
                  {host}
                </Link>
              )}
              {hostCpu !== null && <small>CPU {quantityText(formatRatio(hostCpu))}</small>}
            </h3>
            <ul>
              {cells.map((cell) => (
                <li key={JSON.stringify([cell.instance.instance, cell.instance.version])}>
                  <Cell cell={cell} measure={measure} service={detail.summary.service} withVersion={withVersion} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Card>
  );
}

function nameOf({ instance, host }: PeerCell['instance']): string {
  return instance || host || '–';
}

function Cell({
  cell: { instance, value, median, apart },
  measure,
  service,
  withVersion,
}: {
  readonly cell: PeerCell;
  readonly measure: PeerMeasure;
  readonly service: string;
  /** The same instance may have run several. */
  readonly withVersion: boolean;
}) {
  const { serviceParts: text } = useMessages();
  const format = measure === 'p95' ? formatMilliseconds : formatRatio;
  const name = nameOf(instance);
  const peers = value === null ? text.fewRequests : text.peers(quantityText(format(median)));
  const label = [quantityText(format(value)), name, instance.version, peers].filter(Boolean).join(', ');
  return (
    <Link
      to="/traces"
      search={{
        service,
        ...(instance.instance && { q: `service.instance.id = ${JSON.stringify(instance.instance)}` }),
        sort: 'duration',
      }}
      className={styles['cell']}
      data-apart={apart}
      title={label}
      aria-label={apart === 'bad' || apart === 'warn' ? `${label}: ${text.apart(name)}` : label}
    >
      <b>
        <QuantityText of={format(value)} />
      </b>{' '}
      <span>{withVersion && instance.version ? `${name} · ${instance.version}` : name}</span>
    </Link>
  );
}
