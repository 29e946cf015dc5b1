export interface FitColumn {
  /** px; a column without one grows, from `minWidth` on. */
  readonly width?: number;
  readonly minWidth?: number;
  /** Given up where there is no room, 1 first; a column without a number stays. */
  readonly drop?: number;
}

const minWidthDefault = 140;

/** What they take at least. */
export function neededPx(columns: readonly FitColumn[]): number {
  return columns.reduce((sum, { width, minWidth = minWidthDefault }) => sum + (width ?? minWidth), 0);
}

/** What each takes where those that grow would otherwise share alike what is left, and some get less than they need. */
export function columnsPx(columns: readonly FitColumn[], widthPx: number): (number | undefined)[] {
  const leastPx = ({ minWidth = minWidthDefault }: FitColumn) => minWidth;
  let growing = columns.filter(({ width }) => width === undefined);
  let leftPx = widthPx - columns.reduce((sum, { width = 0 }) => sum + width, 0);
  for (;;) {
    const sharePx = leftPx / growing.length;
    const needy = growing.filter((column) => leastPx(column) > sharePx);
    if (needy.length === 0 || needy.length === growing.length) break;
    growing = growing.filter((column) => !needy.includes(column));
    leftPx -= needy.reduce((sum, column) => sum + leastPx(column), 0);
  }
  return columns.map((column) => column.width ?? (growing.includes(column) ? undefined : leastPx(column)));
}

/** The columns for which a table has room. */
export function fitColumns<T extends FitColumn>(columns: readonly T[], widthPx: number): T[] {
  let shown = [...columns];
  const droppable = columns.filter(({ drop }) => drop !== undefined).toSorted((a, b) => (a.drop ?? 0) - (b.drop ?? 0));
  for (const column of droppable) {
    if (neededPx(shown) <= widthPx) break;
    shown = shown.filter((one) => one !== column);
  }
  return shown;
}
