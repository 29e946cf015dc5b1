import type { Reply } from '../../base/api-client.ts';

type Flames = Reply<'compareTraceFlames'>;

export interface FlameBox {
  readonly index: number;
  readonly service: string;
  readonly name: string;
  readonly depth: number;
  /** Of the whole width, 0..1. */
  readonly left: number;
  readonly width: number;
  /** Time per trace of each side; null: the side has no traces, so that nothing is known. */
  readonly selectionNs: number | null;
  readonly restNs: number | null;
  /** -1 much faster .. 1 much slower than in the rest, by self time, as a part of the largest such difference. */
  readonly change: number;
}

export interface FlameRow {
  readonly index: number;
  readonly service: string;
  readonly name: string;
  readonly selectionSelfNs: number | null;
  readonly restSelfNs: number | null;
  /** Self time per trace, selection less rest; null where one side has no traces. */
  readonly changeNs: number | null;
}

/** What is narrower is not seen. */
const widthMin = 0.0015;

export function perTrace(sumNs: number, traces: number): number | null {
  return traces === 0 ? null : sumNs / traces;
}

/**
 * An icicle: each frame as wide as the time per trace of the selection, below its parent. Children that ran side by side may have more time
 * together than their parent; they share its width.
 */
export function flameBoxes({ frames, selection, rest }: Flames): FlameBox[] {
  const rows = flameRows({ frames, selection, rest });
  const changeMax = Math.max(1, ...rows.map(({ changeNs }) => Math.abs(changeNs ?? 0)));
  const childrenOf = new Map<number | null, number[]>();
  frames.forEach(({ parent }, index) => childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), index]));
  const boxes: FlameBox[] = [];
  const place = (indices: readonly number[], left: number, width: number, depth: number, parentNs: number) => {
    const total = indices.reduce((sum, index) => sum + (frames[index]?.selection.totalNs ?? 0), 0);
    const scale = width / Math.max(total, parentNs, 1);
    let at = left;
    for (const index of indices) {
      const frame = frames[index] as Flames['frames'][number];
      const own = frame.selection.totalNs * scale;
      if (own >= widthMin) {
        boxes.push({
          index,
          service: frame.service,
          name: frame.name,
          depth,
          left: at,
          width: own,
          selectionNs: perTrace(frame.selection.totalNs, selection.examined),
          restNs: perTrace(frame.rest.totalNs, rest.examined),
          change: (rows[index]?.changeNs ?? 0) / changeMax,
        });
        place(childrenOf.get(index) ?? [], at, own, depth + 1, frame.selection.totalNs);
      }
      at += own;
    }
  };
  place(childrenOf.get(null) ?? [], 0, 1, 0, 0);
  return boxes;
}

/** Every frame by its own time, in the order of the frames. */
export function flameRows({ frames, selection, rest }: Pick<Flames, 'frames' | 'selection' | 'rest'>): FlameRow[] {
  return frames.map((frame, index) => {
    const selectionSelfNs = perTrace(frame.selection.selfNs, selection.examined);
    const restSelfNs = perTrace(frame.rest.selfNs, rest.examined);
    const changeNs = selectionSelfNs === null || restSelfNs === null ? null : selectionSelfNs - restSelfNs;
    return { index, service: frame.service, name: frame.name, selectionSelfNs, restSelfNs, changeNs };
  });
}

/** What makes the selection slower first. */
export function slowestRows(flames: Flames, limit: number): FlameRow[] {
  const weight = ({ changeNs, selectionSelfNs }: FlameRow) => changeNs ?? selectionSelfNs ?? 0;
  return flameRows(flames)
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, limit);
}
