import { memo, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { brushed, shareOf, type TimeWindow } from './time-window.ts';
import type { TraceView } from './trace-view.ts';
import { drawMinimap } from './draw-minimap.ts';
import styles from './waterfall.module.css';

/** All of the trace, however large, and which part of its time the rows show. Dragging over it chooses another. */
export const Minimap = memo(function Minimap({
  view,
  window,
  onZoom,
}: {
  readonly view: TraceView;
  readonly window: TimeWindow;
  readonly onZoom: (window: TimeWindow | undefined) => void;
}) {
  const { trace: text } = useMessages();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [brush, setBrush] = useState<readonly [number, number]>();
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const draw = () => drawMinimap(element, view);
    const resized = new ResizeObserver(draw);
    resized.observe(element);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
    };
  }, [view]);

  const all = { fromNs: 0, toNs: view.durationNs };
  const zoomed = window.fromNs > 0 || window.toNs < view.durationNs;
  const [a, b] = brush ?? [shareOf(window.fromNs, all), shareOf(window.toNs, all)];
  const [left, right] = [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
  const shareAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };
  return (
    <div
      className={styles['minimap']}
      role="img"
      aria-label={text.minimap}
      title={text.minimap}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setBrush([shareAt(event), shareAt(event)]);
      }}
      onPointerMove={(event) => brush && setBrush([brush[0], shareAt(event)])}
      onPointerCancel={() => setBrush(undefined)}
      onPointerUp={(event) => {
        if (!brush) return;
        setBrush(undefined);
        const chosen = brushed(brush[0], shareAt(event), view.durationNs);
        if (chosen) onZoom(chosen);
      }}
      onDoubleClick={() => onZoom(undefined)}
    >
      <canvas ref={canvas} />
      {(zoomed || brush) && (
        <>
          <i style={{ left: 0, width: `${left * 100}%` }} />
          <i style={{ left: `${right * 100}%`, right: 0 }} />
          <s style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }} />
        </>
      )}
      {zoomed && (
        <button type="button" onPointerDown={(event) => event.stopPropagation()} onClick={() => onZoom(undefined)}>
          {text.wholeTrace}
        </button>
      )}
    </div>
  );
});
