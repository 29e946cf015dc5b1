import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { Quantity } from '../../base/quantity.ts';
import { readPalette } from '../palette.ts';
import { tooltipElement, type TooltipContent } from '../tooltip.ts';
import { axisPx, drawFlame, rowPx, smallestPx } from './flame-draw.ts';
import type { FlameFrame } from './flame-frame.ts';
import { flameIndex, frameAt, frameBeside, type FlameStep } from './flame-index.ts';
import { type FlameWindow, moved, shown, zoomed } from './flame-window.ts';
import styles from './flame.module.css';

export interface FlameCanvasProps {
  readonly frames: readonly FlameFrame[];
  readonly from: number;
  readonly to: number;
  /** What the graph shows, for those who cannot see it. */
  readonly label: string;
  /** Says a place or a length of the axis. */
  readonly format: (value: number) => Quantity;
  readonly tooltip: (frame: FlameFrame) => TooltipContent;
  readonly selected?: string | undefined;
  readonly onSelect?: (frame: FlameFrame) => void;
  /** Quiet what has no part in the emphasis. */
  readonly emphasisOnly?: boolean;
}

interface Pointer {
  readonly x: number;
  readonly y: number;
}

const steps: Readonly<Record<string, FlameStep>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
/** The pointer moves as far as this before a click becomes a drag. */
const dragFromPx = 4;
const reachPx = 2;

/**
 * A flame graph on a canvas. Wheel: nearer or farther at the pointer; with Shift, sideways. Drag: move. Double click or 0: all of it.
 * Arrows move the selection, + and - zoom around it. What is drawn depends on the pixels, not on the number of frames.
 */
export function FlameCanvas(props: FlameCanvasProps) {
  const { frames, from, to, label, format, tooltip, selected, onSelect, emphasisOnly = false } = props;
  const scheme = useComputedColorScheme('dark');
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ widthPx: 0, heightPx: 0 });
  const whole = useMemo(() => ({ from, to: to > from ? to : from + 1 }), [from, to]);
  const [view, setView] = useState<{ readonly of: FlameWindow; readonly window: FlameWindow }>({ of: whole, window: whole });
  // What was in sight of another graph says nothing about this one.
  const inSight = view.of === whole ? view.window : whole;
  const setWindow = (change: (now: FlameWindow) => FlameWindow) =>
    setView((now) => ({ of: whole, window: change(now.of === whole ? now.window : whole) }));
  const [scroll, setScroll] = useState(0);
  const [hovered, setHovered] = useState<{ frame: FlameFrame; at: Pointer }>();
  const drag = useRef<{ at: Pointer; window: FlameWindow; scrollPx: number; far: boolean }>(undefined);
  const index = useMemo(() => flameIndex(frames), [frames]);
  const scrollMax = Math.max(0, index.rows.length * rowPx - (size.heightPx - axisPx));
  const scrollPx = Math.min(scroll, scrollMax);
  const perPx = (inSight.to - inSight.from) / Math.max(1, size.widthPx);

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ widthPx: entry.contentRect.width, heightPx: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || size.widthPx === 0) return undefined;
    const request = requestAnimationFrame(() => {
      const ratio = devicePixelRatio || 1;
      const [width, height] = [Math.round(size.widthPx * ratio), Math.round(size.heightPx * ratio)];
      if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height];
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const palette = {
        ...readPalette(scheme),
        critical: getComputedStyle(document.documentElement).getPropertyValue('--critical').trim(),
      };
      drawFlame(context, {
        index,
        window: inSight,
        scrollPx,
        ...size,
        palette,
        format,
        selected,
        hovered: hovered?.frame.key,
        emphasisOnly,
      });
    });
    return () => cancelAnimationFrame(request);
  }, [index, inSight, scrollPx, size, scheme, format, selected, hovered, emphasisOnly]);

  useEffect(() => {
    tip.current?.replaceChildren(...(hovered ? [tooltipElement(tooltip(hovered.frame))] : []));
  }, [hovered, tooltip]);

  const reveal = (frame: FlameFrame) => {
    setWindow((now) => shown(now, whole, frame.from, frame.to));
    const top = frame.depth * rowPx;
    const room = size.heightPx - axisPx - rowPx;
    setScroll(Math.max(0, top - room, Math.min(scrollPx, top)));
  };

  const pointerOf = (event: { clientX: number; clientY: number }): Pointer => {
    const box = host.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const frameUnder = ({ x, y }: Pointer) =>
    y < axisPx
      ? undefined
      : frameAt(
          index.rows[Math.floor((y - axisPx + scrollPx) / rowPx)],
          inSight.from + x * perPx,
          perPx * reachPx * smallestPx,
        );

  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const sideways = event.shiftKey
      ? event.deltaY || event.deltaX
      : Math.abs(event.deltaX) > Math.abs(event.deltaY)
        ? event.deltaX
        : 0;
    if (sideways !== 0) setWindow((now) => moved(now, whole, sideways * scale * perPx));
    else {
      const place = inSight.from + pointerOf(event).x * perPx;
      setWindow((now) => zoomed(now, whole, place, Math.exp(event.deltaY * scale * 0.002)));
    }
    setHovered(undefined);
  });
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    // React's own listener is passive: it could not keep the page from scrolling.
    const listener = (event: WheelEvent) => onWheel(event);
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  }, []);

  const onPointerMove = (event: React.PointerEvent) => {
    const at = pointerOf(event);
    const start = drag.current;
    if (!start) {
      const frame = frameUnder(at);
      setHovered(frame && { frame, at });
      return;
    }
    if (!start.far && Math.hypot(at.x - start.at.x, at.y - start.at.y) < dragFromPx) return;
    start.far = true;
    setHovered(undefined);
    setWindow(() => moved(start.window, whole, (start.at.x - at.x) * perPx));
    setScroll(Math.min(scrollMax, Math.max(0, start.scrollPx + start.at.y - at.y)));
  };
  const zoomBy = (factor: number) => {
    const frame = selected === undefined ? undefined : index.byKey.get(selected);
    const middle = frame ? (frame.from + frame.to) / 2 : (inSight.from + inSight.to) / 2;
    setWindow((now) => zoomed(now, whole, Math.min(Math.max(middle, inSight.from), inSight.to), factor));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = steps[event.key];
    const current = selected === undefined ? undefined : index.byKey.get(selected);
    if (step !== undefined) {
      const next = current ? frameBeside(index, current, step) : index.rows[0]?.[0];
      if (next) {
        reveal(next);
        onSelect?.(next);
      }
    } else if (event.key === '+' || event.key === '=') zoomBy(0.6);
    else if (event.key === '-') zoomBy(1 / 0.6);
    else if (event.key === '0') setWindow(() => whole);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const current = selected === undefined ? undefined : index.byKey.get(selected);
  return (
    <div
      ref={host}
      className={styles['flame']}
      // Arrow keys are the graph's own while it has the focus.
      role="application"
      aria-label={label}
      tabIndex={0}
      data-frames={frames.length}
      data-from={inSight.from}
      data-to={inSight.to}
      onKeyDown={onKeyDown}
      onPointerMove={onPointerMove}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { at: pointerOf(event), window: inSight, scrollPx, far: false };
      }}
      onPointerUp={(event) => {
        const start = drag.current;
        drag.current = undefined;
        if (!start || start.far) return;
        const frame = frameUnder(pointerOf(event));
        if (frame) onSelect?.(frame);
      }}
      onPointerCancel={() => {
        drag.current = undefined;
      }}
      onPointerLeave={() => setHovered(undefined)}
      onDoubleClick={() => setWindow(() => whole)}
    >
      <canvas ref={canvas} aria-hidden />
      <div ref={tip} className={styles['tip']} hidden={!hovered} style={hovered && tipPlace(hovered.at, size)} role="tooltip" />
      <span className={styles['spoken']} aria-live="polite">
        {current?.label}
      </span>
    </div>
  );
}

/** Beside the pointer, on the side where there is room. */
function tipPlace({ x, y }: Pointer, { widthPx, heightPx }: { widthPx: number; heightPx: number }): React.CSSProperties {
  return {
    ...(x > widthPx / 2 ? { right: widthPx - x + 12 } : { left: x + 12 }),
    ...(y > heightPx / 2 ? { bottom: heightPx - y + 12 } : { top: y + 12 }),
  };
}
