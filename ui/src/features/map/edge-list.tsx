import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatRate, formatRatio } from '../../base/quantity.ts';
import type { Interval } from '../../base/time-range.ts';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { edgeErrorShare, errorTone, perSecond, toldFigures } from './figures.ts';
import type { MapEdge, MapGraph } from './map-graph.ts';
import { nodeLabel, titleOfId } from './node-names.ts';
import styles from './map.module.css';

export interface EdgeListProps {
  readonly title: string;
  readonly edges: readonly MapEdge[];
  readonly graph: MapGraph;
  /** The end that is named: the other is known. */
  readonly end: 'from' | 'to';
  readonly range: Interval;
  readonly onSelect: (id: string) => void;
  readonly onLight: (id: string | undefined) => void;
}

export function EdgeList({ title, edges, graph, end, range, onSelect, onLight }: EdgeListProps) {
  const { map: text } = useMessages();
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {edges.length === 0 ? (
        <p className={styles['nobody']}>{text.nobody}</p>
      ) : (
        <ul className={styles['edgeList']}>
          {edges.map((edge) => {
            const node = graph.nodes.find(({ id }) => id === edge[end]);
            const label = node ? nodeLabel(node) : titleOfId(edge[end]);
            const errors = edgeErrorShare(edge);
            const tone = errorTone(errors);
            const told = toldFigures(edge);
            return (
              <li key={edge.id}>
                <button
                  type="button"
                  onClick={() => onSelect(edge.id)}
                  onPointerEnter={() => onLight(edge.id)}
                  onPointerLeave={() => onLight(undefined)}
                >
                  <span title={label}>{label}</span>
                  <QuantityText of={formatRate(told && perSecond(told.requests, range))} />
                  <QuantityText of={formatRatio(errors)} tone={tone === 'ok' ? 'dim' : tone} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
