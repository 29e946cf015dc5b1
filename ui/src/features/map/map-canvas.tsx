import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import type { Interval } from '../../base/time-range.ts';
import { useKeys } from '../../base/use-keys.ts';
import { Bones } from '../../widgets/loaded.tsx';
import widgets from '../../widgets/widgets.module.css';
import { pathsThrough } from './highlight.ts';
import { MapEdgeLine, MapMarkers } from './map-edge-line.tsx';
import type { MapGraph } from './map-graph.ts';
import { MapNodeCard } from './map-node-card.tsx';
import { type MapLayout, nodeHeightPx, nodeWidthPx } from './geometry.ts';
import { type Direction, neighbour } from './neighbour.ts';
import type { Headline } from './url.ts';
import { useLayout } from './use-layout.ts';
import { fit, pan, reveal, start, type Zoom, zoomAt } from './zoom.ts';
import styles from './map.module.css';

export interface MapCanvasProps {
  readonly graph: MapGraph;
  readonly range: Interval;
  readonly headline: Headline;
  /** What the search found. */
  readonly found: ReadonlySet<string> | undefined;
  /** What is pointed at here or in a list. */
  readonly lit: string | undefined;
  readonly selected: string | undefined;
  readonly onLight: (id: string | undefined) => void;
  readonly onSelect: (id: string | undefined) => void;
}

export function MapCanvas(props: MapCanvasProps) {
  const { layout, isCurrent } = useLayout(props.graph);
  // What came with the last refresh has no place yet: what had one stays in sight until then.
  const graph = useMemo(() => layout && placed(props.graph, layout), [props.graph, layout]);
  if (layout === undefined || graph === undefined || graph.nodes.length === 0) {
    return (
      <div className={styles['canvas']}>
        <Bones heightPx={320} />
      </div>
    );
  }
  return <Drawing {...props} graph={graph} layout={layout} isCurrent={isCurrent} />;
}

function placed({ nodes, edges }: MapGraph, layout: MapLayout): MapGraph {
  return {
    nodes: nodes.filter(({ id }) => Object.hasOwn(layout.nodes, id)),
    edges: edges.filter(({ id }) => Object.hasOwn(layout.edges, id)),
  };
}

const stepFactor = 1.3;
/** Below this scale a node shows its name only, in letters that can be read. */
const farBelow = 0.8;
const dragFromPx = 4;

interface DrawingProps extends MapCanvasProps {
  readonly layout: MapLayout;
  readonly isCurrent: boolean;
}

function Drawing({ graph, range, headline, found, lit, selected, onLight, onSelect, layout, isCurrent }: DrawingProps) {
  const { map: text } = useMessages();
  const [view, size] = useSize();
  // Until someone zooms, it fills the window, however large.
  const [moved, setMoved] = useState<Zoom>();
  const zoom = moved ?? start(layout, size);
  const middle = { x: size.width / 2, y: size.height / 2 };
  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setMoved(zoomAt(zoom, Math.exp(-event.deltaY * 0.0016), { x: event.clientX - box.left, y: event.clientY - box.top }));
  });
  useEffect(() => {
    const element = view.current;
    const listener = (event: WheelEvent) => onWheel(event);
    element?.addEventListener('wheel', listener, { passive: false });
    return () => element?.removeEventListener('wheel', listener);
  }, [view]);
  const larger = () => setMoved(zoomAt(zoom, stepFactor, middle));
  const smaller = () => setMoved(zoomAt(zoom, 1 / stepFactor, middle));
  useKeys({ '+': larger, '=': larger, '-': smaller, '0': () => setMoved(fit(layout, size)) });
  const drag = useDrag((by) => setMoved(pan(zoom, by)));

  const path = useMemo(() => {
    const from = lit ?? selected;
    return from === undefined ? undefined : pathsThrough(graph, from);
  }, [graph, lit, selected]);
  const isDim = (id: string) => (path ? !path.has(id) : found !== undefined && !found.has(id));
  const inOrder = useMemo(
    () =>
      graph.nodes.toSorted((a, b) => {
        const [one, other] = [layout.nodes[a.id], layout.nodes[b.id]];
        return (one?.x ?? 0) - (other?.x ?? 0) || (one?.y ?? 0) - (other?.y ?? 0);
      }),
    [graph, layout],
  );
  const goTo = (id: string) => {
    const at = layout.nodes[id];
    if (at) setMoved(reveal(zoom, at, { width: nodeWidthPx / 2, height: nodeHeightPx / 2 }, size));
    view.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const from = (event.target as HTMLElement).dataset['node'];
    if (from === undefined || !event.key.startsWith('Arrow')) return;
    const next = neighbour(layout.nodes, from, event.key as Direction);
    event.preventDefault();
    if (next !== undefined) goTo(next);
  };
  return (
    <div className={styles['canvas']} aria-busy={!isCurrent}>
      <div
        ref={view}
        className={styles['view']}
        role="group"
        aria-label={text.asMap}
        onKeyDown={onKeyDown}
        {...drag.handlers}
        onClick={(event) => {
          if (!drag.hasDragged() && !(event.target as Element).closest('[data-node], [data-edge]')) onSelect(undefined);
        }}
      >
        <div
          className={styles['world']}
          data-far={zoom.scale < farBelow || undefined}
          style={{ transform: `translate(${zoom.dx}px, ${zoom.dy}px) scale(${zoom.scale})` }}
        >
          <svg width={layout.width} height={layout.height} aria-hidden>
            <MapMarkers />
            {graph.edges.map((edge) => (
              <MapEdgeLine
                key={edge.id}
                edge={edge}
                points={layout.edges[edge.id] ?? []}
                range={range}
                isDim={isDim(edge.id)}
                isLit={edge.id === selected || edge.id === lit}
                onLight={onLight}
                onSelect={onSelect}
              />
            ))}
          </svg>
          {inOrder.map((node) => (
            <MapNodeCard
              key={node.id}
              node={node}
              at={layout.nodes[node.id] ?? { x: 0, y: 0 }}
              range={range}
              headline={headline}
              isDim={isDim(node.id)}
              isFound={found?.has(node.id) ?? false}
              isSelected={node.id === selected}
              onLight={onLight}
              onSelect={onSelect}
            />
          ))}
        </div>
      </div>
      <div className={styles['zoom']}>
        <button
          type="button"
          className={widgets['pill']}
          data-icon
          aria-label={text.zoomIn}
          title={`${text.zoomIn} (+)`}
          onClick={larger}
        >
          <IconPlus size={14} />
        </button>
        <button
          type="button"
          className={widgets['pill']}
          data-icon
          aria-label={text.zoomOut}
          title={`${text.zoomOut} (−)`}
          onClick={smaller}
        >
          <IconMinus size={14} />
        </button>
        <button
          type="button"
          className={widgets['pill']}
          data-icon
          aria-label={text.fit}
          title={`${text.fit} (0)`}
          onClick={() => setMoved(fit(layout, size))}
        >
          <IconFocusCentered size={14} />
        </button>
      </div>
    </div>
  );
}

function useSize() {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size] as const;
}

/** Dragging the ground; a click that moved less than a few pixels is a click. */
function useDrag(onMove: (by: { readonly x: number; readonly y: number }) => void) {
  const state = useRef<{ x: number; y: number; far: number } | undefined>(undefined);
  const dragged = useRef(false);
  const end = () => {
    state.current = undefined;
  };
  return {
    hasDragged: () => dragged.current,
    handlers: {
      onPointerDown: (event: React.PointerEvent) => {
        if (event.button !== 0) return;
        dragged.current = false;
        state.current = { x: event.clientX, y: event.clientY, far: 0 };
      },
      onPointerMove: (event: React.PointerEvent<HTMLElement>) => {
        const last = state.current;
        if (!last) return;
        const by = { x: event.clientX - last.x, y: event.clientY - last.y };
        const far = last.far + Math.abs(by.x) + Math.abs(by.y);
        if (far < dragFromPx) return;
        // Captured only now, so that a click still reaches what it is on.
        if (!dragged.current) event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = true;
        state.current = { x: event.clientX, y: event.clientY, far };
        onMove(by);
      },
      onPointerUp: end,
      onPointerCancel: end,
    },
  };
}
