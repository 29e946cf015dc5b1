import type { Reply } from '../../base/api-client.ts';
import { formatNumber, quantityText } from '../../base/quantity.ts';
import { rangeCondition, valueCondition, type Wanted } from './search-edit.ts';

type Compared = Reply<'compareTraces'>;
type Item = Compared['items'][number];

export interface DifferenceBar {
  readonly text: string;
  /** Of the spans of each side, 0..1. */
  readonly selection: number;
  readonly rest: number;
  /** Condition that a click adds; undefined: it cannot be asked for. */
  readonly filter: Readonly<Record<Wanted, string>> | undefined;
}

export interface DifferenceRow {
  readonly key: string;
  /** -1..1, of what differs most. */
  readonly difference: number;
  readonly score: number;
  readonly bars: readonly DifferenceBar[];
}

const barsMax = 5;
const cutCharacters = 257;

/** Keys whose difference chance does not explain, the furthest apart first; `same`: how many keys do not differ. */
export function differenceRows({ items, leftOut, selection, rest }: Compared): {
  readonly rows: readonly DifferenceRow[];
  readonly same: number;
} {
  const share = (count: number, of: number) => (of === 0 ? 0 : Math.min(1, count / of));
  const barOf = (text: string, own: number, others: number, filter: DifferenceBar['filter']): DifferenceBar => ({
    text,
    selection: share(own, selection.examined),
    rest: share(others, rest.examined),
    filter,
  });
  const rows = items
    .filter(({ score }) => score > 0)
    .map((item) => ({
      key: item.key,
      difference: item.difference,
      score: item.score,
      bars: [
        ...valueBars(item, barOf),
        ...bucketBars(item, barOf),
        ...absentBar(item, selection.examined, rest.examined, barOf),
      ]
        .toSorted((a, b) => Math.abs(b.selection - b.rest) - Math.abs(a.selection - a.rest))
        .slice(0, barsMax),
    }));
  return { rows, same: items.length - rows.length + leftOut.length };
}

type BarOf = (text: string, own: number, others: number, filter: DifferenceBar['filter']) => DifferenceBar;

function valueBars({ key, values }: Item, barOf: BarOf): DifferenceBar[] {
  return values.map(({ value, selection, rest }) => {
    const isCut = value.length === cutCharacters && value.endsWith('…');
    const filter = { in: valueCondition(key, value, 'in'), out: valueCondition(key, value, 'out') };
    return barOf(value, selection, rest, isCut ? undefined : filter);
  });
}

function bucketBars({ key, buckets }: Item, barOf: BarOf): DifferenceBar[] {
  return buckets.map(({ from, to, selection, rest }) => {
    const range = rangeCondition(key, from, to);
    const number = (bound: number | null) => (bound === null ? '∞' : quantityText(formatNumber(bound)));
    return barOf(`${number(from)} – ${number(to)}`, selection, rest, { in: range, out: `not (${range})` });
  });
}

/** Being absent is a value too, where either side has spans without the key. */
function absentBar({ key, selection, rest, scope }: Item, own: number, others: number, barOf: BarOf): DifferenceBar[] {
  const without = [own - selection, others - rest].map((count) => Math.max(0, count)) as [number, number];
  if (scope === 'intrinsic' || (without[0] === 0 && without[1] === 0)) return [];
  const filter = { in: `${keyText(key)} not exists`, out: `${keyText(key)} exists` };
  return [barOf('', without[0], without[1], filter)];
}

/** The key as `valueCondition` writes it. */
function keyText(key: string): string {
  return valueCondition(key, 'x', 'in').slice(0, -' = x'.length);
}
