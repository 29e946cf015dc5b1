import { Link } from '@tanstack/react-router';
import type { TopItem } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatMilliseconds, formatRatio } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { type NeighbourRow, neighbours, nodeIdOf } from './neighbours.ts';
import styles from './top.module.css';

const shown = 5;

/** Who calls the chosen, and what it calls. */
export function PanelNeighbours({ of }: { readonly of: TopItem['key'] }) {
  const { top: text } = useMessages();
  const node = nodeIdOf(of);
  const around = useApi(
    'getDependencies',
    { query: { level: node?.level ?? 'service', focus: node?.id ?? 'service:', depth: 1, edgePercentiles: true } },
    { enabled: node !== undefined },
  );
  if (node === undefined) return null;
  return (['callers', 'callees'] as const).map((which) => (
    <section key={which} aria-label={text[which]}>
      <h3>{text[which]}</h3>
      <Loaded query={around} heightPx={32}>
        {(data) => (
          <Neighbours rows={neighbours(data, node.id, which)} empty={which === 'callers' ? text.noCallers : text.noCallees} />
        )}
      </Loaded>
    </section>
  ));
}

function Neighbours({ rows, empty }: { readonly rows: readonly NeighbourRow[]; readonly empty: string }) {
  const { top: text } = useMessages();
  if (rows.length === 0) return <p className={styles['nothing']}>{empty}</p>;
  return (
    <ul className={styles['rows']}>
      {rows.slice(0, shown).map(({ node, label, calls, p95Ns }) => (
        <li key={node.id} title={[node.service, label].filter(Boolean).join(' ')}>
          <NeighbourName row={{ node, label, calls, p95Ns }} />
          <QuantityText of={formatCount(calls)} tone="quiet" />
          <QuantityText of={formatMilliseconds(p95Ns)} />
        </li>
      ))}
      {rows.length > shown && <li className={styles['nothing']}>{text.more(rows.length - shown)}</li>}
    </ul>
  );
}

function NeighbourName({ row: { node, label } }: { readonly row: NeighbourRow }) {
  if (node.kind === 'endpoint') {
    const search = {
      ...(node.service !== undefined && { service: node.service }),
      ...(node.name !== undefined && { name: node.name }),
    };
    return (
      <Link to="/latency" search={search}>
        <small>{node.service}</small> {label}
      </Link>
    );
  }
  if (node.service !== undefined) {
    return (
      <Link to="/services/$service" params={{ service: node.service }}>
        {label}
      </Link>
    );
  }
  return <span>{label}</span>;
}

/** Of what no request is one span: the APIs that pass through it, those that lose most time first. */
export function PanelImpact({ of }: { readonly of: TopItem['key'] }) {
  const { top: text } = useMessages();
  const injured = injuredOf(of);
  const impact = useApi('getImpact', { query: { ...injured, limit: shown } }, { enabled: injured !== undefined });
  if (injured === undefined) return null;
  return (
    <section aria-label={text.waiting}>
      <h3>{text.waiting}</h3>
      <Loaded query={impact} heightPx={32 * 3}>
        {({ apis }) =>
          apis.length === 0 ? (
            <EmptyState quiet reason={text.nobodyWaits} />
          ) : (
            <ul className={styles['rows']}>
              {apis.map(({ service, name, criticalShare, affectedRequests }) => (
                <li key={JSON.stringify([service, name])} title={`${service} ${name}`}>
                  <Link to="/latency" search={{ service, name }}>
                    <small>{service}</small> {name}
                  </Link>
                  <QuantityText of={formatCount(affectedRequests)} tone="quiet" />
                  <QuantityText of={formatRatio(criticalShare)} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

/** As /impact and /diagnosis take it. */
export function injuredOf({ kind, statementHash, destination, address, host }: TopItem['key']) {
  if (kind === 'statement' && statementHash !== undefined) return { statement: statementHash };
  if (kind === 'queue' && destination) return { queue: destination };
  if (kind === 'remote' && address) return { remote: address };
  return kind === 'host' && host ? { host } : undefined;
}
