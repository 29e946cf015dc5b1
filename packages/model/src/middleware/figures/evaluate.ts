import type { Chart, Formula, KindPage, Line, Reading, Table } from './figure.ts';

/** What series of one metric with the same attributes measured in one step. */
export interface Measured {
  readonly metric: string;
  readonly as: Reading['as'];
  readonly attributes: Readonly<Record<string, string>>;
  readonly step: number;
  readonly value: number;
  /** Of levels of series that are not told apart, whose sum the value is: the highest. */
  readonly highest?: number;
}

type Attributes = Measured['attributes'];
type Values = (number | null)[];

function matches({ as, metric, where = {} }: Reading, row: Measured, own: Attributes): boolean {
  return (
    row.metric === metric &&
    row.as === as &&
    Object.entries({ ...where, ...own }).every(([key, value]) => (row.attributes[key] ?? '') === value)
  );
}

function total(
  rows: readonly Measured[],
  readings: readonly Reading[],
  steps: number,
  own: Attributes,
  isMax: boolean,
): Values {
  const values: Values = Array.from({ length: steps }, () => null);
  for (const row of rows) {
    if (!readings.some((reading) => matches(reading, row, own))) continue;
    const before = values[row.step] ?? null;
    const value = isMax ? (row.highest ?? row.value) : row.value;
    values[row.step] = before === null ? value : isMax ? Math.max(before, value) : before + value;
  }
  return values;
}

/** `own`: only of series with these attributes. null: nothing was measured. */
export function evaluate(formula: Formula, rows: readonly Measured[], steps: number, own: Attributes = {}): Values {
  const { combine, complement, of, over, scale = 1 } = formula;
  const parts = total(rows, of, steps, own, combine === 'max');
  const wholes = over && total(rows, over, steps, own, combine === 'max');
  return parts.map((part, step) => {
    if (part === null) return null;
    const whole = wholes ? (wholes[step] ?? null) : 1;
    if (whole === null || whole === 0) return null;
    const value = (part / whole) * scale;
    return complement ? 1 - value : value;
  });
}

/** Lines of one chart beyond these say nothing any more: the largest are shown. */
const linesMax = 8;

export interface Drawn {
  readonly name: string;
  readonly values: Values;
}

export function chartLines({ lines }: Chart, rows: readonly Measured[], steps: number): Drawn[] {
  return lines.flatMap((line) => linesOf(line, rows, steps)).filter(({ values }) => values.some((value) => value !== null));
}

function linesOf(line: Line, rows: readonly Measured[], steps: number): Drawn[] {
  const { by, name } = line;
  if (by === undefined) {
    const values = evaluate(line, rows, steps);
    return [{ name, values: line.zeroIsNone ? values.map((value) => value || null) : values }];
  }
  const size = ({ values }: Drawn) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return groupsOf(line, by, rows)
    .map((own) => ({ name: by.map((key) => own[key]).join(' '), values: evaluate(line, rows, steps, own) }))
    .toSorted((a, b) => size(b) - size(a) || (a.name < b.name ? -1 : 1))
    .slice(0, linesMax);
}

function groupsOf({ of }: Formula, by: readonly string[], rows: readonly Measured[]): Attributes[] {
  const groups = new Map<string, Attributes>();
  for (const row of rows) {
    if (!of.some((reading) => matches(reading, row, {}))) continue;
    const own = Object.fromEntries(by.map((key) => [key, row.attributes[key] ?? '']));
    groups.set(JSON.stringify(own), own);
  }
  return [...groups.values()];
}

export interface TableRow {
  readonly names: readonly string[];
  readonly values: readonly (number | null)[];
}

/** Over rows of one step: the highest in the first column first. */
export function tableRows({ by, columns }: Table, rows: readonly Measured[]): TableRow[] {
  const groups = new Map(
    columns.flatMap((column) => groupsOf(column, by, rows)).map((own) => [JSON.stringify(own), own] as const),
  );
  return [...groups.values()]
    .map((own) => ({
      names: by.map((key) => own[key] ?? ''),
      values: columns.map((column) => evaluate(column, rows, 1, own)[0] ?? null),
    }))
    .filter(({ names }) => names.some((name) => name !== ''))
    .toSorted((a, b) => (b.values[0] ?? -1) - (a.values[0] ?? -1) || (a.names.join() < b.names.join() ? -1 : 1));
}

/** What has to be read: metrics by how they are read, and the attributes that tell series apart. */
export function needed(formulas: readonly (Formula & { readonly by?: readonly string[] })[]) {
  const readings = formulas.flatMap(({ of, over = [] }) => [...of, ...over]);
  const metricsAs = (as: Reading['as']) => [...new Set(readings.filter((one) => one.as === as).map(({ metric }) => metric))];
  return {
    rates: metricsAs('rate'),
    levels: metricsAs('level'),
    keys: [
      ...new Set([...readings.flatMap(({ where = {} }) => Object.keys(where)), ...formulas.flatMap(({ by = [] }) => by)]),
    ].toSorted(),
  };
}

/** Formulas of a page's charts, and those that are read over the whole range. */
export function formulasOf({ charts, figures, tables }: KindPage) {
  return {
    overTime: charts.flatMap(({ lines }) => lines),
    atOnce: [...figures, ...tables.flatMap(({ by, columns }) => columns.map((column) => ({ ...column, by })))],
  };
}
