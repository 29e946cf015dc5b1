import { IconBroadcast, IconDatabase, IconStack2, IconWorld } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../../base/messages/use-messages.tsx';
import { formatCount, formatDuration, quantityText } from '../../../base/quantity.ts';
import { Card } from '../../../widgets/card.tsx';
import page from '../trace.module.css';
import type { TraceView } from '../trace-view.ts';
import { layeredLayout } from './layered-layout.ts';
import styles from './trace-map.module.css';
import { type GraphEdge, type GraphNode, traceGraph } from './trace-graph.ts';

const route = getRouteApi('/traces/$traceId');

const node = { widthPx: 184, heightPx: 52 };
const step = { x: 300, y: 84 };
const marginPx = 24;
/** It shrinks this far to fit; then it scrolls. */
const smallest = 0.72;
const icons = { service: IconStack2, database: IconDatabase, queue: IconBroadcast, remote: IconWorld };

/** Who called what in this trace, left to right. */
export function TraceMapTab({ view }: { readonly view: TraceView }) {
  const { trace: text, traceViews } = useMessages();
  const navigate = route.useNavigate();
  const graph = useMemo(() => traceGraph(view.nodes), [view]);
  const layout = useMemo(
    () =>
      layeredLayout(
        graph.nodes.map(({ key }) => key),
        graph.edges,
      ),
    [graph],
  );
  const widthPx = (layout.layers - 1) * step.x + node.widthPx + 2 * marginPx;
  const heightPx = (layout.places - 1) * step.y + node.heightPx + 2 * marginPx;
  const xOf = (layer: number) => marginPx + layer * step.x + node.widthPx / 2;
  const yOf = (place: number) => heightPx / 2 + place * step.y;
  const busiest = Math.max(1, ...graph.edges.map(({ totalNs }) => totalNs));
  const show = ({ slowest }: GraphNode) =>
    void navigate({ search: (previous) => ({ ...previous, tab: undefined, span: slowest.id }) });
  return (
    <Card className={page['main']} title={text.map} note={traceViews.mapHint}>
      <div className={styles['scroller']} tabIndex={0} role="region" aria-label={text.map}>
        <svg
          viewBox={`0 0 ${widthPx} ${heightPx}`}
          style={{ width: widthPx, minWidth: widthPx * smallest }}
          role="group"
          aria-label={text.map}
        >
          {graph.edges.map((edge, at) => {
            const points = (layout.routes[at] ?? []).map(({ layer, place }) => ({ x: xOf(layer), y: yOf(place) }));
            const atFrom = graph.edges.filter(({ from }) => from === edge.from).length;
            const atTo = graph.edges.filter(({ to }) => to === edge.to).length;
            return (
              <Edge
                key={`${edge.from}\n${edge.to}`}
                edge={edge}
                points={points}
                share={edge.totalNs / busiest}
                busyEnd={atFrom > atTo ? 'from' : atTo > atFrom ? 'to' : undefined}
              />
            );
          })}
          {graph.nodes.map((one) => {
            const at = layout.nodes.get(one.key);
            return <Node key={one.key} node={one} x={xOf(at?.layer ?? 0)} y={yOf(at?.place ?? 0)} onShow={() => show(one)} />;
          })}
        </svg>
      </div>
    </Card>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function Edge({
  edge,
  points,
  share,
  busyEnd,
}: {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
  readonly share: number;
  /** Where more edges meet: the label keeps away from it. */
  readonly busyEnd: 'from' | 'to' | undefined;
}) {
  const { traceViews } = useMessages();
  const middle = labelPlace(points, busyEnd);
  if (!middle) return null;
  const calls = traceViews.mapCalls(quantityText(formatCount(edge.calls)));
  const time = quantityText(formatDuration(edge.totalNs));
  const failed = edge.errors > 0 ? traceViews.mapErrors(edge.errors) : '';
  return (
    <g className={styles['edge']} data-bad={edge.errors > 0 || undefined} data-edge={`${edge.from} > ${edge.to}`}>
      <title>{[calls, time, failed].filter(Boolean).join(' · ')}</title>
      <path d={curve(points)} style={{ strokeWidth: 1.2 + 4 * Math.sqrt(share) }} />
      <text x={middle.x} y={middle.y - (failed ? 12 : 6)}>
        {calls} <tspan>· {time}</tspan>
      </text>
      {failed !== '' && (
        <text x={middle.x} y={middle.y + 2} data-bad>
          {failed}
        </text>
      )}
    </g>
  );
}

/** At the end where fewer edges meet; of one that goes around others, where it passes them. */
function labelPlace(points: readonly Point[], busyEnd: 'from' | 'to' | undefined): Point | undefined {
  const last = points.length - 2;
  if (last > 0) return points[Math.ceil(last / 2)];
  const [from, to] = points;
  if (!from || !to) return undefined;
  const half = node.widthPx / 2;
  const startX = from.x + half;
  const endX = to.x - half;
  const share = busyEnd === 'from' ? 0.66 : busyEnd === 'to' ? 0.34 : 0.5;
  // The curve's own height there: a cubic whose inner points are level with its ends.
  const bend = 3 * share * share - 2 * share * share * share;
  return { x: startX + (endX - startX) * share, y: from.y + (to.y - from.y) * bend };
}

/** From the right edge of the first node to the left edge of the last, level where it leaves and arrives. */
function curve(points: readonly Point[]): string {
  const half = node.widthPx / 2;
  return points
    .slice(1)
    .map((to, at) => {
      const from = points[at] as Point;
      const forth = to.x >= from.x ? 1 : -1;
      const startX = at === 0 ? from.x + forth * half : from.x;
      const endX = at === points.length - 2 ? to.x - forth * half : to.x;
      const bend = ((endX - startX) * forth) / 2;
      return `M${startX} ${from.y}C${startX + forth * bend} ${from.y} ${endX - forth * bend} ${to.y} ${endX} ${to.y}`;
    })
    .join('');
}

function Node({
  node: one,
  x,
  y,
  onShow,
}: {
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
  readonly onShow: () => void;
}) {
  const { trace: text, traceViews } = useMessages();
  const { subject, color, spans, errors, selfNs } = one;
  const Icon = icons[subject.kind];
  const self = text.self(quantityText(formatDuration(selfNs)));
  return (
    <foreignObject x={x - node.widthPx / 2} y={y - node.heightPx / 2} width={node.widthPx} height={node.heightPx}>
      <button
        type="button"
        className={styles['node']}
        data-bad={errors > 0 || undefined}
        title={[subject.label, traceViews.mapSpans(spans), self, errors > 0 ? traceViews.mapErrors(errors) : '']
          .filter(Boolean)
          .join('\n')}
        onClick={onShow}
      >
        <i style={{ background: `var(--c${color})` }} aria-hidden />
        <Icon size={16} stroke={1.6} aria-hidden />
        <span>
          <b>{subject.label}</b>
          <small>
            {traceViews.mapSpans(spans)} · {self}
          </small>
        </span>
      </button>
    </foreignObject>
  );
}
