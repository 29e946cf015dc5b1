import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { HistogramChart } from '../../charts/histogram-chart.tsx';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatDuration, formatRatio, type Quantity } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import layout from '../../widgets/layout.module.css';
import { Loaded } from '../../widgets/loaded.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { TraceLinks } from '../../widgets/trace-links.tsx';
import widgets from '../../widgets/widgets.module.css';
import { rowFilters, type TopRow } from './top-rows.ts';
import { injuredOf, PanelImpact, PanelNeighbours } from './panel-neighbours.tsx';
import styles from './top.module.css';
import { typicalDurationsMs } from './typical.ts';

const slowestShown = 5;
const typicalShown = 2;
const plotHeightPx = 170;

export interface TopPanelProps {
  readonly row: TopRow;
  /** What the page is narrowed to. */
  readonly scope: { readonly service?: string; readonly host?: string };
}

/** What stays beside the ranking while the rows are flipped. */
export function TopPanel({ row, scope }: TopPanelProps) {
  const { nav, top: text } = useMessages();
  const { item, label, isStatement, where, address } = row;
  const filters = rowFilters(row, scope);
  const histogram = useApi('getLatencyHistogram', { query: filters });
  const slowest = useApi('listTraces', { query: { ...filters, sort: 'duration', limit: slowestShown } });
  const typical = histogram.data && typicalDurationsMs(histogram.data);
  const usual = useApi(
    'listTraces',
    {
      query: {
        ...filters,
        ...(typical && { minDurationMs: typical.minMs, maxDurationMs: typical.maxMs }),
        limit: typicalShown,
      },
    },
    { enabled: typical !== undefined },
  );
  const { statementHash: statement, ...rest } = filters as {
    statementHash?: string;
    service?: string;
    name?: string;
    host?: string;
  };
  const ofService = rest.service !== undefined && {
    service: rest.service,
    ...(rest.name !== undefined && { name: rest.name }),
  };
  const diagnosed = injuredOf(item.key) ?? ofService;
  const search = { ...rest, ...(statement !== undefined && { statement }) };
  return (
    <Card
      className={styles['panel']}
      label={label}
      title={
        <span className={widgets['ellipsis']} title={isStatement ? address : label}>
          {isStatement ? where || text.statement : label}
        </span>
      }
      aside={text.flips}
    >
      <div className={layout['panelBody']}>
        {isStatement && <pre className={styles['statement']}>{label}</pre>}
        <section>
          <h3>{text.distribution}</h3>
          <div className={styles['plot']}>
            <Loaded query={histogram} heightPx={plotHeightPx}>
              {(data) => <Distribution data={data} />}
            </Loaded>
          </div>
        </section>
        <section>
          <h3>{text.figures}</h3>
          <RowFigures row={row} />
        </section>
        <PanelImpact of={item.key} />
        <PanelNeighbours of={item.key} />
        <section>
          <h3>{text.slowest}</h3>
          <Loaded query={slowest} heightPx={32 * slowestShown}>
            {({ items }) => (items.length === 0 ? <EmptyState quiet reason={text.noTraces} /> : <TraceLinks items={items} />)}
          </Loaded>
        </section>
        {typical && (
          <section>
            <h3>{text.typical}</h3>
            <Loaded query={usual} heightPx={32 * typicalShown}>
              {({ items }) => (items.length === 0 ? <EmptyState quiet reason={text.noTraces} /> : <TraceLinks items={items} />)}
            </Loaded>
          </section>
        )}
        <div className={layout['links']}>
          <Link to="/traces" search={search} className={widgets['pill']}>
            {text.allTraces}
          </Link>
          {item.errors > 0 && (
            <Link to="/traces" search={{ ...search, status: 'error' }} className={widgets['pill']}>
              {text.failedTraces}
            </Link>
          )}
          <Link to="/latency" search={search} className={widgets['pill']}>
            {text.openDistribution}
          </Link>
          {diagnosed && (
            <Link to="/diagnose" search={diagnosed} className={widgets['pill']}>
              {nav.diagnose}
            </Link>
          )}
          {item.key.service !== undefined && (
            <Link to="/services/$service" params={{ service: item.key.service }} className={widgets['pill']}>
              {text.openService}
            </Link>
          )}
        </div>
      </div>
    </Card>
  );
}

function Distribution({ data }: { readonly data: Reply<'getLatencyHistogram'> }) {
  const { common, top: text } = useMessages();
  const chart = useMemo(
    () => ({
      buckets: data.buckets,
      markers: [
        { name: 'p50', ns: data.p50Ns },
        { name: 'p95', ns: data.p95Ns },
        { name: 'p99', ns: data.p99Ns },
      ].flatMap(({ name, ns }) => (ns === null ? [] : [{ name, ns }])),
      labels: { count: common.requests, errors: common.errors, share: text.share },
    }),
    [data, common, text],
  );
  return <HistogramChart data={chart} label={text.distribution} emptyReason={common.noData} heightPx={plotHeightPx} />;
}

function RowFigures({ row: { item, errorShare } }: { readonly row: TopRow }) {
  const { common, top: text } = useMessages();
  const figures: readonly { name: string; hint?: string; of: Quantity; tone?: 'bad' | undefined }[] = [
    { name: common.requests, of: formatCount(item.requests) },
    {
      name: common.errors,
      of: formatRatio(errorShare),
      tone: errorShare !== null && errorShare >= 0.01 ? 'bad' : undefined,
    },
    { name: 'p50', of: formatDuration(item.p50Ns) },
    { name: 'p95', of: formatDuration(item.p95Ns) },
    { name: 'p99', of: formatDuration(item.p99Ns) },
    { name: text.max, of: formatDuration(item.maxNs) },
    { name: text.total, hint: text.inclusiveHint, of: formatDuration(item.totalNs) },
    { name: text.selfTotal, hint: text.selfHint, of: formatDuration(item.selfNs) },
    { name: text.criticalTotal, hint: text.criticalHint, of: formatDuration(item.criticalNs) },
    ...(item.waitNs === undefined ? [] : [{ name: text.waited, of: formatDuration(item.waitNs) }]),
  ];
  return (
    <dl className={layout['figureList']}>
      {figures.map(({ name, hint, of, tone }) => (
        <div key={name} title={hint}>
          <dt>{name}</dt>
          <dd>
            <QuantityText of={of} tone={tone} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
