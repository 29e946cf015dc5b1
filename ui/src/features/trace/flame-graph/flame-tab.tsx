import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useMessages } from '../../../base/messages/use-messages.tsx';
import { formatDuration } from '../../../base/quantity.ts';
import { useKeys } from '../../../base/use-keys.ts';
import { FlameCanvas } from '../../../charts/flame/flame-canvas.tsx';
import type { FlameFrame } from '../../../charts/flame/flame-frame.ts';
import type { TooltipContent } from '../../../charts/tooltip.ts';
import { Card } from '../../../widgets/card.tsx';
import { Bones } from '../../../widgets/loaded.tsx';
import widgets from '../../../widgets/widgets.module.css';
import { SpanPanel } from '../span-panel.tsx';
import styles from '../trace.module.css';
import type { LinkingSpans } from '../linking-spans.ts';
import type { TraceView } from '../trace-view.ts';
import { spanFrames } from './span-frames.ts';
import { useSpanRows } from './use-span-rows.ts';

const route = getRouteApi('/traces/$traceId');

/** The spans over time, each below the one that caused it. */
export function FlameTab({ view, linking }: { readonly view: TraceView; readonly linking: LinkingSpans }) {
  const { common, trace: text, traceViews } = useMessages();
  const { span: spanId } = route.useSearch();
  const navigate = route.useNavigate();
  const [criticalOnly, setCriticalOnly] = useState(false);
  const rows = useSpanRows(view);
  const frames = useMemo(() => rows && spanFrames(view.nodes, rows), [view, rows]);
  const select = useCallback(
    (span: string | undefined) => void navigate({ replace: true, search: (previous) => ({ ...previous, span }) }),
    [navigate],
  );
  const onSelect = useCallback(({ key }: FlameFrame) => select(key), [select]);
  useKeys({ Escape: () => select(undefined) });
  const tooltip = useCallback(
    ({ key, label }: FlameFrame): TooltipContent => {
      const node = view.byId.get(key);
      if (!node) return { title: label, rows: [] };
      const { span, durationNs, color } = node;
      const rowsOf = [
        { color: `var(--c${color})`, name: common.duration, value: formatDuration(durationNs) },
        { name: text.selfColumn, value: formatDuration(span.selfNs) },
        { name: text.criticalPath, value: formatDuration(span.criticalNs) },
        { name: text.startsAt, value: formatDuration(node.startNs) },
      ];
      const failed = span.status.code === 'error';
      return {
        title: label,
        rows: failed
          ? [...rowsOf, { color: 'var(--bad)', name: span.status.message || span.status.code, value: { value: '', unit: '' } }]
          : rowsOf,
      };
    },
    [view, common, text],
  );
  const fromNs = useMemo(() => view.nodes.reduce((first, { startNs }) => Math.min(first, startNs), 0), [view]);
  const selected = spanId === undefined ? undefined : view.byId.get(spanId);
  return (
    <div className={styles['split']}>
      <Card
        className={styles['main']}
        title={text.flame}
        note={traceViews.flameHint}
        aside={
          <button
            type="button"
            className={widgets['pill']}
            aria-pressed={criticalOnly}
            onClick={() => setCriticalOnly(!criticalOnly)}
          >
            {text.criticalPath}
          </button>
        }
      >
        {frames ? (
          <FlameCanvas
            frames={frames}
            from={fromNs}
            to={view.durationNs}
            label={text.flame}
            format={formatDuration}
            tooltip={tooltip}
            selected={selected?.id}
            onSelect={onSelect}
            emphasisOnly={criticalOnly}
          />
        ) : (
          <Bones heightPx={320} />
        )}
      </Card>
      {selected && (
        <SpanPanel
          linking={linking.get(selected.span.spanId) ?? []}
          node={selected}
          view={view}
          onClose={() => select(undefined)}
        />
      )}
    </div>
  );
}
