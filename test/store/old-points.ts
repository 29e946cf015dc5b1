import type { Engine } from '@sonde/store';

const times = ['0', '-1000000000', '1773133200123000000', '1773133200123456790', '9223372036854775000'];
const wholes = ['0', '18446744073709551615', '9223372036854775808', '1000', '1001'];
const doubles = ['0.1', '-0.', 'nan', '-inf', '1e-300'];
const pick = (values: readonly string[], type: string) => `to${type}([${values.map((one) => `'${one}'`).join(', ')}][n + 1])`;

const timestamp = `fromUnixTimestamp64Nano(${pick(times, 'Int64')}, 'UTC') AS timestamp`;
const count = `${pick(wholes, 'UInt64')} AS count`;
const sum = `${pick(doubles, 'Float64')} AS sum`;
const columns: Readonly<Record<string, string>> = {
  metric_samples: `${timestamp}, ${sum.replace('sum', 'value')}, toInt64(${pick(wholes, 'UInt64')}) AS value_int`,
  metric_histograms: `${timestamp}, ${count}, if(n = 3, NULL, ${sum.replace(' AS sum', '')}) AS sum, [0.005, toFloat64(n)] AS explicit_bounds`,
  metric_summaries: `${timestamp}, ${count}, ${sum}, [0.5, 0.99] AS quantiles, [toFloat64(n), ${sum.replace(' AS sum', '')}] AS quantile_values`,
};
const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };

/** Points at the edges of what their types hold, in blocks that share a factor and in blocks that do not. */
export async function insertPoints(engine: Engine, rows: number): Promise<void> {
  for (const [table, values] of Object.entries(columns)) {
    await engine.command(`
INSERT INTO ${table} (metric, series_id, ${[...values.matchAll(/ AS (\w+)/g)].map(([, name]) => name).join(', ')})
SELECT if(number % 2 = 0, 'a', 'b'), number % 3, ${values} FROM (SELECT number, if(number % 2 = 0, number % 3, number % 5) AS n FROM numbers(${rows}))`);
  }
}

/** How many rows of each table there are, and how many hold every value that was written, bit by bit, where it belongs. */
export async function countPoints(engine: Engine): Promise<Readonly<Record<string, readonly [number, number]>>> {
  const found: Record<string, readonly [number, number]> = {};
  for (const [table, values] of Object.entries(columns)) {
    const stored = [...values.matchAll(/ AS (\w+)/g)].map(([, name]) => name).join(', ');
    const [row] = await engine.query<{ rows: number; same: number }>(
      `SELECT toUInt32(count()) AS rows, toUInt32(countIf(toString((${stored})) IN (SELECT toString((${stored})) FROM (SELECT ${values} FROM (SELECT number AS n FROM numbers(5)))))) AS same FROM ${table}`,
      {},
      budget,
    );
    if (row) found[table] = [row.rows, row.same];
  }
  return found;
}
