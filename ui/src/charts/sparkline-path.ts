export interface SparklineSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The SVG path of a small line from zero to its maximum; a gap where a value is unknown, a dot where one stands alone. */
export function sparklinePath(values: readonly (number | null)[], { widthPx, heightPx }: SparklineSize): string {
  const known = values.filter((value) => value !== null);
  const max = Math.max(0, ...known);
  const inset = 2;
  const stepPx = values.length > 1 ? (widthPx - 2 * inset) / (values.length - 1) : 0;
  const yOf = (value: number) => heightPx - inset - (max === 0 ? 0 : value / max) * (heightPx - 2 * inset);
  let path = '';
  let drawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const point = `${round(inset + index * stepPx)} ${round(yOf(value))}`;
    const alone = !drawing && (values[index + 1] ?? null) === null;
    path += alone ? `M${point}h.01` : `${drawing ? 'L' : 'M'}${point}`;
    drawing = true;
  });
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
