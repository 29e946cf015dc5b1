import type { Measured } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import { counterSql, gaugeSql, staleNs } from '../metric-points.ts';
import { rangeParams, rangeTypes, type TimeRange } from '../range.ts';
import { stepParams, type Steps, stepTypes } from '../steps.ts';

const seriesTypes = {
  metrics: 'Array(String)',
  resources: 'Array(UInt64)',
  subjects: 'Array(UInt32)',
  keys: 'Array(String)',
} as const;

/** A subject may have been several resources in turn: it is what the caller numbers it. */
const series = (condition: string) => `
    SELECT DISTINCT metric, series_id, transform(resource_id, {resources:Array(UInt64)}, {subjects:Array(UInt32)}, toUInt32(0)) AS subject,
      arrayMap(key -> attributes[key], {keys:Array(String)}) AS labels, sipHash64(subject, mapKeys(attributes), mapValues(attributes)) AS own
    FROM metric_series
    WHERE metric IN {metrics:Array(String)} AND resource_id IN {resources:Array(UInt64)} AND ${condition}`;

const keys = 'subject, metric, labels';
const row = { subject: 'UInt32', metric: 'LowCardinality(String)', labels: 'Array(String)', step: 'UInt32' } as const;

/** How fast counters (and gauges that grow: offsets) of some resources grew, told apart by the attributes that are asked for. */
export const middlewareRatesQuery = defineQuery({
  name: 'middlewareRates',
  subqueries: 'own shard',
  params: { ...rangeTypes, ...stepTypes, ...seriesTypes, staleNs: 'Int64' },
  row: { ...row, rate: 'Float64' },
  sql: counterSql(keys, series('temporality != 1'), 'metric_samples', 'any(value)'),
});

export const middlewareLevelsQuery = defineQuery({
  name: 'middlewareLevels',
  subqueries: 'own shard',
  params: { ...rangeTypes, ...stepTypes, ...seriesTypes },
  row: { ...row, mean: 'Float64', newest: 'Float64', highest: 'Float64' },
  sql: gaugeSql(keys, series('true'), ', max(own_mean) AS highest'),
});

export interface Asked {
  readonly rates: readonly string[];
  readonly levels: readonly string[];
  readonly keys: readonly string[];
}

/** What each subject (its resources, newest first) measured. */
export async function measured(
  engine: Engine,
  range: TimeRange,
  steps: Steps,
  subjects: readonly (readonly string[])[],
  asked: Asked,
): Promise<Measured[][]> {
  const own = subjects.map((): Measured[] => []);
  const params = {
    ...rangeParams(range),
    ...stepParams(steps),
    resources: subjects.flat().map((resource) => BigInt(resource)),
    subjects: subjects.flatMap((resources, subject) => resources.map(() => subject)),
    keys: asked.keys,
  };
  if (params.resources.length === 0) return own;
  const [rates, levels] = await Promise.all([
    asked.rates.length === 0 ? [] : ask(engine, middlewareRatesQuery, { ...params, metrics: asked.rates, staleNs }),
    asked.levels.length === 0 ? [] : ask(engine, middlewareLevelsQuery, { ...params, metrics: asked.levels }),
  ]);
  const add = (
    as: Measured['as'],
    { labels, metric, step, subject }: (typeof rates | typeof levels)[number],
    values: Pick<Measured, 'value' | 'highest'>,
  ) => {
    const attributes = Object.fromEntries(asked.keys.map((key, i) => [key, labels[i] ?? '']));
    own[subject]?.push({ metric, as, attributes, step, ...values });
  };
  for (const found of rates) add('rate', found, { value: found.rate });
  for (const found of levels) add('level', found, { value: found.mean, highest: found.highest });
  return own;
}
