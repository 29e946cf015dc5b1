import { IconArrowsLeftRight } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../../base/messages/use-messages.tsx';
import { formatDuration, quantityText } from '../../../base/quantity.ts';
import { formatMoment, unixNanoToMs } from '../../../base/time.ts';
import { useServiceColors } from '../../../base/use-service-colors.ts';
import { Bones } from '../../../widgets/loaded.tsx';
import { PageTitle } from '../../../widgets/page-title.tsx';
import { QuantityText } from '../../../widgets/quantity-text.tsx';
import { EmptyState, ErrorState } from '../../../widgets/states.tsx';
import widgets from '../../../widgets/widgets.module.css';
import { type TraceView, traceView } from '../trace-view.ts';
import { useStoredTrace } from '../use-stored-trace.ts';
import styles from './compare.module.css';
import { CompareTable } from './compare-table.tsx';
import { type Cause, compareRows, summarize, type Summary } from './compare-rows.ts';
import { TraceChooser } from './trace-chooser.tsx';

const route = getRouteApi('/traces/compare');

/** Two traces as one tree: what differs, and where the time went. */
export function ComparePage() {
  const { nav, traceViews: text } = useMessages();
  const url = route.useSearch();
  const navigate = route.useNavigate();
  const one = useSide(url.a);
  const other = useSide(url.b);
  const set = (change: Partial<typeof url>) => void navigate({ search: (previous) => ({ ...previous, ...change }) });
  const sides = [
    { key: 'a', letter: 'A', side: one },
    { key: 'b', letter: 'B', side: other },
  ] as const;
  return (
    <>
      <PageTitle title={text.compareTitle} crumb={<Link to="/traces">{nav.traces}</Link>} />
      <div className={styles['sides']}>
        {sides.map(({ key, letter, side }) => (
          <SideHead key={key} letter={letter} side={side} onClear={() => set({ [key]: undefined })} />
        ))}
        <button
          type="button"
          className={widgets['pill']}
          data-icon
          title={text.compareSwap}
          aria-label={text.compareSwap}
          onClick={() => set({ a: url.b, b: url.a })}
        >
          <IconArrowsLeftRight size={16} stroke={1.6} />
        </button>
      </div>
      {sides.map(({ key, letter, side }, at) => {
        if (side.view) return null;
        if (side.traceId !== undefined && !side.error) return <Bones key={key} heightPx={320} />;
        if (side.error && side.error.status !== 404) {
          return <ErrorState key={key} error={side.error} onRetry={side.retry} />;
        }
        return (
          <TraceChooser key={key} letter={letter} other={sides[1 - at]?.side.view} onChoose={(id) => set({ [key]: id })} />
        );
      })}
      {one.view && other.view && <Comparison a={one.view} b={other.view} />}
    </>
  );
}

function useSide(traceId: string | undefined) {
  const query = useStoredTrace(traceId);
  const colorOf = useServiceColors();
  const data = traceId === undefined ? undefined : query.data;
  const view = useMemo(() => data && traceView(data, colorOf), [data, colorOf]);
  return { traceId, view, error: query.error ?? undefined, retry: () => void query.refetch() };
}

function SideHead({
  letter,
  side,
  onClear,
}: {
  readonly letter: 'A' | 'B';
  readonly side: ReturnType<typeof useSide>;
  readonly onClear: () => void;
}) {
  const { traceViews: text } = useMessages();
  const { view, traceId, error } = side;
  const root = view?.root;
  return (
    <div className={styles['side']} data-letter={letter}>
      <b>{letter}</b>
      {view && root ? (
        <>
          <Link
            to="/traces/$traceId"
            params={{ traceId: view.trace.traceId }}
            className={widgets['link']}
            title={view.trace.traceId}
          >
            {root.subject.label} {root.span.name}
          </Link>
          <QuantityText of={formatDuration(root.durationNs)} />
          <time>{formatMoment(unixNanoToMs(view.trace.startTimeUnixNano))}</time>
          <button type="button" className={widgets['link']} onClick={onClear}>
            {text.compareOther}
          </button>
        </>
      ) : (
        <span>{error?.status === 404 ? `${text.compareMissing} ${traceId ?? ''}` : '–'}</span>
      )}
    </div>
  );
}

function Comparison({ a, b }: { readonly a: TraceView; readonly b: TraceView }) {
  const { traceViews: text } = useMessages();
  const rows = useMemo(() => compareRows(a, b), [a, b]);
  const summary = useMemo(() => summarize(rows, a, b), [rows, a, b]);
  if (rows.length === 0) return <EmptyState reason={text.compareNothing} />;
  return (
    <>
      <p className={styles['summary']} role="status">
        <SummaryText summary={summary} />
      </p>
      <CompareTable rows={rows} a={a} b={b} />
    </>
  );
}

function SummaryText({ summary: { durationNs, causes, against } }: { readonly summary: Summary }) {
  const { traceViews: text } = useMessages();
  const duration = (ns: number) => quantityText(formatDuration(Math.abs(ns)));
  if (durationNs === 0) return text.summarySame;
  const where = ({ label, name, calls }: Cause) => `${label} ${name}${calls > 1 ? ` (${text.summaryCount(calls)})` : ''}`;
  // What was lost in one place and won back in another is more than the whole, and no part of it.
  const beyond = causes.some(({ criticalNs }) => Math.abs(criticalNs) > Math.abs(durationNs));
  const alone = (cause: Cause) =>
    text.summaryAlone(`${cause.criticalNs > 0 ? '+' : '−'}${duration(cause.criticalNs)}`, where(cause));
  const parts = causes.map((cause) => (beyond ? alone(cause) : text.summaryIn(duration(cause.criticalNs), where(cause))));
  if (against && beyond) parts.push(alone(against));
  else if (against) parts.push(text.summaryAgainst(duration(against.criticalNs), where(against)));
  return (
    <>
      <strong>{durationNs > 0 ? text.summaryMore(duration(durationNs)) : text.summaryLess(duration(durationNs))}</strong>
      {parts.length > 0 && `: ${parts.join(', ')}`}.
    </>
  );
}
