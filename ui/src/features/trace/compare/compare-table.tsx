import type { Verdict } from '@sonde/model';
import { verdicts } from '@sonde/model';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { useMessages } from '../../../base/messages/use-messages.tsx';
import { formatCount, formatDuration, formatMilliseconds, quantityText } from '../../../base/quantity.ts';
import { Card } from '../../../widgets/card.tsx';
import { PillChoice } from '../../../widgets/pill-choice.tsx';
import { QuantityText } from '../../../widgets/quantity-text.tsx';
import { EmptyState } from '../../../widgets/states.tsx';
import { Swatch, Tag } from '../../../widgets/tag.tsx';
import widgets from '../../../widgets/widgets.module.css';
import type { SpanNode, TraceView } from '../trace-view.ts';
import styles from './compare.module.css';
import { type CompareRow, countVerdicts, orderRows } from './compare-rows.ts';

const route = getRouteApi('/traces/compare');
const rowPx = 36;

/** One row for each step of the work: its bar in A above its bar in B, and the difference. */
export function CompareTable({
  rows,
  a,
  b,
}: {
  readonly rows: readonly CompareRow[];
  readonly a: TraceView;
  readonly b: TraceView;
}) {
  const { common, traceViews: text } = useMessages();
  const { order = 'tree', only } = route.useSearch();
  const navigate = route.useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const counts = useMemo(() => countVerdicts(rows), [rows]);
  const shown = useMemo(() => orderRows(rows, order, only), [rows, order, only]);
  const longestNs = Math.max(a.durationNs, b.durationNs);
  // The virtualizer changes in place; nothing here is memoized by it.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: shown.length,
    estimateSize: () => rowPx,
    overscan: 16,
    getScrollElement: () => scroller.current,
  });
  const filter = (verdict: Verdict) =>
    void navigate({ replace: true, search: (previous) => ({ ...previous, only: verdict === only ? undefined : verdict }) });
  return (
    <>
      <div className={styles['toolbar']}>
        <PillChoice
          label={text.compareOrder}
          value={order}
          options={[
            { value: 'tree', text: text.compareTree },
            { value: 'worst', text: text.compareWorst },
          ]}
          onChange={(value) =>
            void navigate({
              replace: true,
              search: (previous) => ({ ...previous, order: value === 'worst' ? value : undefined }),
            })
          }
        />
        <span className={widgets['pills']} role="group" aria-label={text.compareFilter}>
          {verdicts.map((verdict) => (
            <button
              key={verdict}
              type="button"
              className={widgets['pill']}
              aria-pressed={verdict === only}
              disabled={counts[verdict] === 0 && verdict !== only}
              onClick={() => filter(verdict)}
            >
              {quantityText(formatCount(counts[verdict]))} {text.verdict[verdict]}
            </button>
          ))}
        </span>
      </div>
      <Card className={styles['table']} label={text.compareTitle}>
        <div ref={scroller} className={styles['scroller']} tabIndex={0} role="table" aria-label={text.compareTitle}>
          <div className={styles['row']} role="row" data-head>
            <span role="columnheader">{text.compareSpan}</span>
            <span role="columnheader">{text.compareTimes}</span>
            <span role="columnheader">A</span>
            <span role="columnheader">B</span>
            <span role="columnheader">{text.difference}</span>
            <span role="columnheader">{text.selfDifference}</span>
          </div>
          {shown.length === 0 && <EmptyState quiet reason={text.compareNothing} />}
          <div className={styles['rows']} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const row = shown[index];
              if (!row) return null;
              return (
                <div
                  key={`${row.a} ${row.b}`}
                  className={styles['row']}
                  role="row"
                  data-verdict={row.verdict}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <span
                    role="cell"
                    className={styles['name']}
                    style={{ paddingLeft: order === 'tree' ? Math.min(row.depth, 16) * 14 : 0 }}
                  >
                    <Swatch color={row.color} />
                    <span title={`${row.label}  ${row.name}`}>
                      {row.label} <small>{row.name}</small>
                    </span>
                    {row.verdict.startsWith('only') && <Tag>{text.verdict[row.verdict]}</Tag>}
                  </span>
                  <span
                    role="cell"
                    className={styles['lane']}
                    title={`${common.duration}: A ${said(row.nodeA)}, B ${said(row.nodeB)}`}
                  >
                    <Bar node={row.nodeA} longestNs={longestNs} side="A" />
                    <Bar node={row.nodeB} longestNs={longestNs} side="B" />
                  </span>
                  <Time node={row.nodeA} view={a} />
                  <Time node={row.nodeB} view={b} />
                  <Difference ns={row.durationNs} same={row.verdict === 'same'} />
                  <Difference ns={row.selfNs} same={row.verdict === 'same'} />
                </div>
              );
            })}
          </div>
        </div>
      </Card>
    </>
  );
}

function said(node: SpanNode | undefined): string {
  return quantityText(formatDuration(node?.durationNs));
}

function Bar({
  node,
  longestNs,
  side,
}: {
  readonly node: SpanNode | undefined;
  readonly longestNs: number;
  readonly side: 'A' | 'B';
}) {
  if (!node) return <i />;
  const left = Math.min(1, Math.max(0, node.startNs / longestNs));
  const width = Math.min(1 - left, node.durationNs / longestNs);
  return (
    <i>
      <u data-side={side} style={{ left: `${left * 100}%`, width: `${width * 100}%` }} />
    </i>
  );
}

/** How long it took, and the way to the span itself. */
function Time({ node, view }: { readonly node: SpanNode | undefined; readonly view: TraceView }) {
  return (
    <span role="cell">
      {node ? (
        <Link to="/traces/$traceId" params={{ traceId: view.trace.traceId }} search={{ span: node.id }}>
          <QuantityText of={formatMilliseconds(node.durationNs)} />
        </Link>
      ) : (
        <QuantityText of={formatMilliseconds(undefined)} />
      )}
    </span>
  );
}

function Difference({ ns, same }: { readonly ns: number; readonly same: boolean }) {
  const { value, unit } = formatMilliseconds(Math.abs(ns));
  const sign = ns > 0 ? '+' : ns < 0 ? '−' : '';
  return (
    <span role="cell">
      <QuantityText of={{ value: `${sign}${value}`, unit }} tone={same || ns === 0 ? 'dim' : ns > 0 ? 'bad' : 'ok'} />
    </span>
  );
}
