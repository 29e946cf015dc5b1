import { defineQuery } from './define.ts';
import { moment, rangeTypes } from './range.ts';
import { stepIndex, stepTypes } from './steps.ts';

/**
 * What tells the series of one metric apart, under the names of today's semantic conventions and of the ones before (v1.21), which
 * the OpenTelemetry Collector still sends.
 */
const labels = {
  device: ['network.interface.name', 'system.device', 'device'],
  state: [
    'cpu.mode',
    'system.memory.state',
    'system.filesystem.state',
    'system.paging.state',
    'system.linux.pressure.stall_type',
    'network.connection.state',
    'cpu.state',
    'state',
  ],
  direction: ['network.io.direction', 'disk.io.direction', 'direction'],
  mountpoint: ['system.filesystem.mountpoint', 'mountpoint'],
} as const;

const labelNames = Object.keys(labels).join(', ');
const labelColumns = Object.entries(labels)
  .map(([name, keys]) => `coalesce(${keys.map((key) => `nullIf(attributes['${key}'], '')`).join(', ')}, '') AS ${name}`)
  .join(', ');
const labelTypes = { device: 'String', state: 'String', direction: 'String', mountpoint: 'String' } as const;

const seriesTypes = { metrics: 'Array(String)', hosts: 'Array(String)', service: 'String' } as const;

/** The series that are asked for; several rows of one until the table's parts are merged. `own`: the same attributes on one sender. */
function chosen(sender: Sender, condition = 'true'): string {
  return `
    SELECT DISTINCT metric, series_id, ${sender}, ${labelColumns}, sipHash64(${sender}, mapKeys(attributes), mapValues(attributes)) AS own
    FROM metric_series
    WHERE metric IN {metrics:Array(String)}
      AND (empty({hosts:Array(String)}) OR host IN {hosts:Array(String)})
      AND ({service:String} = '' OR service = {service:String}) AND ${condition}`;
}

/** A host's agent may be restarted under another instance id and goes on counting for the host; a process counts for itself. */
type Sender = 'host' | 'instance';

/** What tells a row from another. */
const named = (sender: Sender) => `${sender}, metric, ${labelNames}`;

/** A counter says nothing about a gap longer than this. */
export const staleNs = 300_000_000_000n;

const counterRow = { metric: 'LowCardinality(String)', ...labelTypes, step: 'UInt32', rate: 'Float64' } as const;
const counterTypes = { ...rangeTypes, ...stepTypes, ...seriesTypes, staleNs: 'Int64' } as const;

/**
 * How fast counters (cumulative sums) grew in each step of the range, a second; series that differ in no label are added up.
 *
 * Between two successive samples of a series the growth is taken to be even, so that each step is given the part that lies in it and
 * no sender's rhythm shows. Left out: a pair with a reset between (the value fell, or the later one counts from a start after the
 * earlier), and a pair more than five minutes apart. The time that no pair covers does not count.
 */
export const counterQuery = defineQuery({
  name: 'counters',
  subqueries: 'own shard',
  params: counterTypes,
  row: { host: 'LowCardinality(String)', ...counterRow },
  sql: counterSql(named('host'), chosen('host', 'temporality = 2'), 'metric_samples', 'any(value)'),
});

/** The same of the sums of cumulative histograms. */
export const histogramSumQuery = defineQuery({
  name: 'histogramSums',
  subqueries: 'own shard',
  params: counterTypes,
  row: { instance: 'LowCardinality(String)', ...counterRow },
  sql: counterSql(named('instance'), chosen('instance', 'temporality = 2'), 'metric_histograms', 'any(ifNull(sum, 0))'),
});

/** `series`: rows of metric, series_id and what of `keys` is of the series. */
export function counterSql(keys: string, series: string, table: string, reading: string): string {
  return `
SELECT ${keys}, step,
  sum(growth * (part_to_ns - part_from_ns) / (later_ns - earlier_ns)) / intervalLengthSum(part_from_ns, part_to_ns) * 1e9 AS rate
FROM (
  SELECT ${keys}, earlier_ns, later_ns, growth,
    arrayJoin(range(
      toUInt32(intDiv(greatest(earlier_ns, {fromNs:Int64}) - {fromNs:Int64}, {stepNs:Int64})),
      toUInt32(intDiv(least(later_ns, {toNs:Int64}) - 1 - {fromNs:Int64}, {stepNs:Int64})) + 1)) AS part,
    toUInt32(part) AS step,
    greatest(earlier_ns, {fromNs:Int64} + toInt64(part) * {stepNs:Int64}) AS part_from_ns,
    least(later_ns, {toNs:Int64}, {fromNs:Int64} + toInt64(part + 1) * {stepNs:Int64}) AS part_to_ns
  FROM (
    SELECT metric, series_id, toUnixTimestamp64Nano(timestamp) AS later_ns,
      lagInFrame(toUnixTimestamp64Nano(timestamp)) OVER one_series AS earlier_ns,
      reading - lagInFrame(reading) OVER one_series AS growth,
      toUnixTimestamp64Nano(counts_from) > earlier_ns AS restarted
    FROM (
      SELECT metric, series_id, timestamp, ${reading} AS reading, any(start_timestamp) AS counts_from
      FROM ${table}
      WHERE metric IN {metrics:Array(String)} AND series_id IN (SELECT series_id FROM (${series}))
        AND timestamp >= ${moment('{fromNs:Int64} - {staleNs:Int64}')} AND timestamp < ${moment('{toNs:Int64} + {staleNs:Int64}')}
      GROUP BY metric, series_id, timestamp
    )
    WINDOW one_series AS (PARTITION BY metric, series_id ORDER BY timestamp ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
  ) AS pairs
  INNER JOIN (${series}) AS series USING (metric, series_id)
  WHERE growth >= 0 AND NOT restarted AND later_ns - earlier_ns <= {staleNs:Int64} AND later_ns > {fromNs:Int64} AND earlier_ns < {toNs:Int64}
)
GROUP BY ${keys}, step`;
}

const gaugeRow = {
  metric: 'LowCardinality(String)',
  ...labelTypes,
  step: 'UInt32',
  mean: 'Float64',
  newest: 'Float64',
} as const;
const gaugeTypes = { ...rangeTypes, ...stepTypes, ...seriesTypes } as const;

/** Gauges (and sums that may fall) in each step: the mean and the newest of each series; series that differ in no label are added up. */
export const hostGaugeQuery = defineQuery({
  name: 'hostGauges',
  subqueries: 'own shard',
  params: gaugeTypes,
  row: { host: 'LowCardinality(String)', ...gaugeRow },
  sql: gaugeSql(named('host'), chosen('host')),
});

export const instanceGaugeQuery = defineQuery({
  name: 'instanceGauges',
  subqueries: 'own shard',
  params: gaugeTypes,
  row: { instance: 'LowCardinality(String)', ...gaugeRow },
  sql: gaugeSql(named('instance'), chosen('instance')),
});

/** `series`: as above, with `own`, the same attributes on one sender. `more` of those: other sums of theirs. */
export function gaugeSql(keys: string, series: string, more = ''): string {
  return `
SELECT ${keys}, step, sum(own_mean) AS mean, sum(own_newest) AS newest${more}
FROM (
  SELECT ${keys}, own, step, sum(total) / sum(samples) AS own_mean, argMax(series_newest, newest_at) AS own_newest
  FROM (
    SELECT metric, series_id, ${stepIndex} AS step, sum(value) AS total, count() AS samples,
      argMax(value, timestamp) AS series_newest, max(timestamp) AS newest_at
    FROM metric_samples
    WHERE metric IN {metrics:Array(String)} AND series_id IN (SELECT series_id FROM (${series}))
      AND timestamp >= ${moment('{fromNs:Int64}')} AND timestamp < ${moment('{toNs:Int64}')}
    GROUP BY metric, series_id, step
  ) AS points
  INNER JOIN (${series}) AS series USING (metric, series_id)
  GROUP BY ${keys}, own, step
)
GROUP BY ${keys}, step`;
}
