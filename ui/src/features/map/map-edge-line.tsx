import { memo } from 'react';
import type { Interval } from '../../base/time-range.ts';
import { edgeErrorShare, edgeWidthPx, errorTone } from './figures.ts';
import type { Point } from './geometry.ts';
import { linePath } from './line-path.ts';
import type { MapEdge } from './map-graph.ts';
import styles from './map.module.css';

export interface MapEdgeLineProps {
  readonly edge: MapEdge;
  readonly points: readonly Point[];
  readonly range: Interval;
  readonly isDim: boolean;
  readonly isLit: boolean;
  readonly onLight: (id: string | undefined) => void;
  readonly onSelect: (id: string) => void;
}

const tones = ['quiet', 'warn', 'bad', 'lit'] as const;

/** One head for each colour: a marker does not inherit its line's everywhere. */
export function MapMarkers() {
  return (
    <defs>
      {tones.map((tone) => (
        <marker
          key={tone}
          id={`map-head-${tone}`}
          viewBox="0 0 10 10"
          refX={9}
          refY={5}
          markerWidth={10}
          markerHeight={10}
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 1 10 5 0 9z" className={styles['head']} data-tone={tone} />
        </marker>
      ))}
    </defs>
  );
}

/** Reached by keyboard through its nodes' panels and the list. */
export const MapEdgeLine = memo(function MapEdgeLine(props: MapEdgeLineProps) {
  const { edge, points, range, isDim, isLit, onLight, onSelect } = props;
  const errors = errorTone(edgeErrorShare(edge));
  const tone = errors === 'bad' || errors === 'warn' ? errors : isLit ? 'lit' : 'quiet';
  const d = linePath(points);
  return (
    <g
      className={styles['edge']}
      data-edge={edge.id}
      data-tone={tone}
      data-dim={isDim || undefined}
      data-lit={isLit || undefined}
      onPointerEnter={() => onLight(edge.id)}
      onPointerLeave={() => onLight(undefined)}
      onClick={() => onSelect(edge.id)}
    >
      <path d={d} strokeWidth={14} data-hit />
      <path d={d} strokeWidth={edgeWidthPx(edge, range)} markerEnd={`url(#map-head-${tone})`} />
    </g>
  );
});
