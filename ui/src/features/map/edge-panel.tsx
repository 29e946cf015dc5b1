import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatDuration, formatRate, formatRatio, type Quantity, unknownQuantity } from '../../base/quantity.ts';
import type { Interval } from '../../base/time-range.ts';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { Tag } from '../../widgets/tag.tsx';
import widgets from '../../widgets/widgets.module.css';
import { errorTone, meanNs, networkNs, perSecond, ratio } from './figures.ts';
import type { MapEdge, MapNode } from './map-graph.ts';
import { nodeLabel } from './node-names.ts';
import { SlowestTraces } from './slowest-traces.tsx';
import { edgeTraces } from './trace-filters.ts';
import type { MapUrl } from './url.ts';
import { useEdgeSides } from './use-edge-sides.ts';
import styles from './map.module.css';

export interface EdgePanelProps {
  readonly edge: MapEdge;
  readonly from: MapNode;
  readonly to: MapNode;
  readonly range: Interval;
  readonly url: MapUrl;
  readonly onSelect: (id: string) => void;
}

/** Each figure as both sides measured it, and what lies between. */
export function EdgePanel({ edge, from, to, range, url, onSelect }: EdgePanelProps) {
  const { map: text } = useMessages();
  const traces = edgeTraces(from, to);
  const sides = useEdgeSides(edge, url);
  const { client, server, strength } = edge;
  const told = client ?? server;
  const failures = told?.errors ?? 0;
  return (
    <>
      <dl className={styles['ends']}>
        {(
          [
            ['from', from],
            ['to', to],
          ] as const
        ).map(([which, node]) => (
          <div key={which}>
            <dt>{text[which]}</dt>
            <dd>
              <button type="button" className={widgets['link']} onClick={() => onSelect(node.id)}>
                {nodeLabel(node)}
              </button>
              <small>{text.kinds[node.kind]}</small>
            </dd>
          </div>
        ))}
      </dl>
      <SidesTable edge={{ ...edge, ...sides }} range={range} />
      <dl className={styles['figures']}>
        <Row name={text.criticalShare} hint={text.criticalShareHint}>
          <QuantityText of={formatRatio(edge.criticalShare)} />
        </Row>
        {edge.waitNs > 0 && (
          <Row name={text.waited}>
            <QuantityText of={formatDuration(server && server.requests > 0 ? edge.waitNs / server.requests : null)} />
          </Row>
        )}
        <Row name={text.callerFails} hint={text.callerFailsHint}>
          <QuantityText of={formatRatio(edge.callerFailureShare)} />{' '}
          {strength === null ? (
            failures > 0 && <small>{text.undecided}</small>
          ) : (
            <Tag tone={strength === 'strong' ? 'bad' : 'ok'} title={strength === 'strong' ? text.strongHint : text.weakHint}>
              {text[strength]}
            </Tag>
          )}
        </Row>
      </dl>
      {traces && (
        <>
          <SlowestTraces filters={traces.filters} both={traces.both} />
          <div className={styles['links']}>
            <Link to="/traces" search={traces.filters} className={widgets['pill']}>
              {text.allTraces}
            </Link>
            {failures > 0 && (
              <Link to="/traces" search={{ ...traces.filters, status: 'error' }} className={widgets['pill']}>
                {text.failedTraces}
              </Link>
            )}
          </div>
        </>
      )}
    </>
  );
}

export function Row({
  name,
  hint,
  children,
}: {
  readonly name: string;
  readonly hint?: string;
  readonly children: React.ReactNode;
}) {
  return (
    <div>
      <dt>
        <Tooltip label={hint} disabled={hint === undefined} multiline w={260}>
          <span>{name}</span>
        </Tooltip>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

type Side = MapEdge['client'];

function SidesTable({ edge, range }: { readonly edge: MapEdge; readonly range: Interval }) {
  const { common, map: text } = useMessages();
  const { client, server } = edge;
  const duration = (name: string, nsOf: (side: NonNullable<Side>) => number | null, gapNs?: number | null) => {
    const sides = [client && nsOf(client), server && nsOf(server)] as const;
    const between = sides[0] !== null && sides[1] !== null ? sides[0] - sides[1] : null;
    return {
      name,
      client: formatDuration(sides[0]),
      server: formatDuration(sides[1]),
      gap: signedDuration(gapNs === undefined ? between : gapNs),
    };
  };
  const errorsOf = (side: Side) => (side ? ratio(side.errors, side.requests) : null);
  const rows: readonly {
    name: string;
    client: Quantity;
    server: Quantity;
    gap?: Quantity;
    tones?: readonly ReturnType<typeof errorTone>[];
  }[] = [
    { name: common.requests, client: formatCount(client?.requests), server: formatCount(server?.requests) },
    {
      name: common.requestsPerSecond,
      client: formatRate(client && perSecond(client.requests, range)),
      server: formatRate(server && perSecond(server.requests, range)),
    },
    {
      name: common.errors,
      client: formatRatio(errorsOf(client)),
      server: formatRatio(errorsOf(server)),
      tones: [errorTone(errorsOf(client)), errorTone(errorsOf(server))],
    },
    duration(text.mean, meanNs, networkNs(edge)),
    duration('p50', ({ p50Ns }) => p50Ns),
    duration('p95', ({ p95Ns }) => p95Ns),
    duration('p99', ({ p99Ns }) => p99Ns),
    duration(text.max, ({ maxNs }) => maxNs),
  ];
  const toneOf = (tone: ReturnType<typeof errorTone>) => (tone === 'ok' ? undefined : tone);
  return (
    <table className={styles['sides']} aria-label={text.figures}>
      <thead>
        <tr>
          <td />
          {(
            [
              ['client', text.clientHint],
              ['server', text.serverHint],
              ['gap', text.gapHint],
            ] as const
          ).map(([side, hint]) => (
            <th key={side} scope="col">
              <Tooltip label={hint} multiline w={260}>
                <span>{text[side]}</span>
              </Tooltip>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            <td>
              <QuantityText of={row.client} tone={toneOf(row.tones?.[0])} />
            </td>
            <td>
              <QuantityText of={row.server} tone={toneOf(row.tones?.[1])} />
            </td>
            <td>{row.gap && <QuantityText of={row.gap} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Clocks of two machines, and percentiles of two sides, may differ the other way round. */
function signedDuration(ns: number | null): Quantity {
  if (ns === null) return unknownQuantity;
  const { unit, value } = formatDuration(Math.abs(ns));
  return { value: ns < 0 ? `−${value}` : value, unit };
}
