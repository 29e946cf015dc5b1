/**
 * Metrics made inside the engine, seeded: of each instance the host agent's series (36, milliseconds, every ten seconds) and its runtime's (24;
 * two of three in milliseconds as JavaScript sends them, the third in nanoseconds), each sender in a rhythm of its own that drifts by
 * milliseconds. One counter in ten starts anew once.
 */
export interface GeneratedMetrics {
  /**
   * Of which series of the 36,000: of `all`, or of one in sixty, no two of one sender: so lie neighbours in a large system, where the series of
   * a sender are far apart and its rhythm is not found again.
   */
  readonly series: 'all' | 'one in sixty';
  readonly pointsEach: number;
}

/** What is inserted at once: `all` the series of an instance, or one series of each kind. */
export const groupsOf = { all: 600, 'one in sixty': 10 } as const;

const fromNs = BigInt(Date.UTC(2026, 2, 10)) * 1_000_000n;
const instancesOfAll = 600;
const seriesEach = 60;

interface Family {
  readonly metric: string;
  readonly type: 'gauge' | 'sum';
  readonly unit: string;
  /** Attribute and its values: a series for each. */
  readonly by: readonly [string, readonly string[]];
  readonly isInt: boolean;
  /** What it grows by from point to point if it counts, its value if not; `k` is the point, `r` random in 0..1, `size` the series' own. */
  readonly value: string;
}

const cores = (names: readonly string[]) => names.flatMap((name) => [`0 ${name}`, `1 ${name}`]);
const walk = 'sin(k / 300 + size) + 0.3 * sin(k / 41 + 3 * size) + 0.05 * r';

export const families: readonly Family[] = [
  { metric: 'system.cpu.time', type: 'sum', unit: 's', by: ['cpu.mode', cores(['user', 'system', 'idle', 'iowait', 'nice', 'irq', 'softirq', 'steal'])],
    isInt: false, value: 'if(size < 0.3, 0, intDiv(toUInt64(r * size * 900), 1) / 100)' },
  { metric: 'system.memory.usage', type: 'gauge', unit: 'By', by: ['system.memory.state', ['used', 'free', 'cached', 'buffers', 'slab', 'active']],
    isInt: true, value: `4096 * round(500000 * size * (3 + ${walk}))` },
  { metric: 'system.memory.limit', type: 'gauge', unit: 'By', by: ['', ['']], isInt: true, value: '17179869184' },
  { metric: 'system.filesystem.usage', type: 'gauge', unit: 'By', by: ['system.filesystem.mountpoint', ['/', '/data', '/boot', '/var']],
    isInt: true, value: '4096 * (round(20000000 * size) + intDiv(k, 5) * round(size * 10))' },
  { metric: 'system.network.io', type: 'sum', unit: 'By', by: ['network.interface.name', ['eth0 in', 'eth0 out', 'lo in', 'lo out']],
    isInt: true, value: 'round(size * 4000000 * exp(2 * r))' },
  { metric: 'system.disk.operations', type: 'sum', unit: '{operation}', by: ['system.device', ['sda read', 'sda write', 'sdb read', 'sdb write', 'sdc read']],
    isInt: true, value: 'if(size < 0.5, if(r < 0.02, 3, 0), round(size * 800 * r))' },
  { metric: 'v8js.memory.heap.used', type: 'gauge', unit: 'By', by: ['v8js.heap.space.name', ['new', 'old', 'code', 'map', 'large', 'shared', 'trusted', 'read_only']],
    isInt: true, value: 'if(size < 0.3, round(size * 4000000), round(size * 90000000 + 16000000 * ((k * (1 + size)) % 7) + 400000 * r))' },
  { metric: 'nodejs.eventloop.delay', type: 'gauge', unit: 's', by: ['quantile', ['min', 'max', 'mean', 'p50', 'p90', 'p99']],
    isInt: false, value: '(10 + size + 5 * r * r) / 1000' },
  { metric: 'process.cpu.utilization', type: 'gauge', unit: '1', by: ['cpu.mode', ['user', 'system', 'wait']],
    isInt: false, value: `0.3 * size * (2 + ${walk})` },
  { metric: 'http.server.requests', type: 'sum', unit: '{request}', by: ['http.route', ['/a', '/b', '/c', '/d']],
    isInt: true, value: `round(size * 60 * (2 + ${walk}) + 12 * r)` },
  { metric: 'db.client.connection.count', type: 'gauge', unit: '{connection}', by: ['state', ['idle', 'used']], isInt: true, value: 'round(10 * size + 2 * r * r)' },
  { metric: 'process.uptime', type: 'gauge', unit: 's', by: ['', ['']], isInt: false, value: 'k * 10 + size' },
]; // prettier-ignore

const list = (values: readonly string[]) => `[${values.map((value) => `'${value}'`).join(', ')}]`;
const ofSeries = (field: (family: Family) => string) => families.flatMap((one) => one.by[1].map(() => field(one)));
const pick = (values: readonly string[]) => `transform(s, range(${values.length}), ${list(values)}, '')`;

/** Who sends, and when: of the sender `sender` (0 the host agent, 1 the runtime) of an instance its `k`th point. */
const sent = `cityHash64(i, sender, 1) % 10000 AS phase_ms, cityHash64(i, sender, k) AS jitter,
    toInt64(${fromNs} + (phase_ms + k * step_ms + jitter % 3) * 1000000 + if(sender = 1 AND i % 3 = 0, intDiv(jitter, 8) % 1000000, 0)) AS time_ns,
    intDiv(time_ns, 1000000) + 3 + intDiv(jitter, 64) % 20 AS received_ms`;
const instanceColumns = `concat('service-', toString(intDiv(i, 3))) AS service, concat(service, '-', toString(i % 3)) AS instance`;

/** 200 services, three instances each, 60 series of numbers each. */
export const insertSeries = `
INSERT INTO metric_series (metric, series_id, type, unit, description, temporality, is_monotonic, service, version, instance, host, environment, resource_id, scope_name,
  attributes, attribute_types, received_at)
SELECT ${pick(ofSeries(({ metric }) => metric))} AS metric, cityHash64(i, s), ${pick(ofSeries(({ type }) => type))} AS type, ${pick(ofSeries(({ unit }) => unit))},
  concat('What ', metric, ' says of its instance.'), if(type = 'sum', 2, 0), type = 'sum', service, '1.4.2', instance, concat('host-', toString(i % 60)), 'production',
  cityHash64(i), if(s < 36, '@sonde/host-agent', '@opentelemetry/instrumentation-runtime-node'),
  if(${pick(ofSeries(({ by }) => by[0]))} = '', map(), map(${pick(ofSeries(({ by }) => by[0]))}, ${pick(families.flatMap(({ by }) => by[1]))})), 's', toDateTime64(${Number(fromNs / 1_000_000_000n)}, 3, 'UTC')
FROM (SELECT intDiv(number, ${seriesEach}) AS i, number % ${seriesEach} AS s, ${instanceColumns} FROM numbers(${instancesOfAll * seriesEach}))`;

/** The points of some of the groups, from the number `from` on. */
export function insertSamples({ pointsEach, series }: GeneratedMetrics, from: number, count: number): string {
  const isSum = pick(ofSeries(({ type }) => (type === 'sum' ? '1' : '')));
  const value = `multiIf(${families.map((one) => `metric = '${one.metric}', toFloat64(${one.value})`).join(', ')}, 0)`;
  return `
INSERT INTO metric_samples (metric, series_id, timestamp, start_timestamp, received_at, flags, value, value_int, value_kind)
SELECT metric, series_id, fromUnixTimestamp64Nano(time_ns, 'UTC'),
  fromUnixTimestamp64Nano(if(counts, toInt64(${fromNs} - 1000000 * (cityHash64(i, sender) % 400000000)) + if(k >= reset_at, toInt64(reset_at * 10000 + 400000000) * 1000000, 0), 0), 'UTC'),
  fromUnixTimestamp64Milli(toInt64(received_ms), 'UTC'), 0, reading, if(is_int, toInt64(reading), 0), if(is_int, 2, 1)
FROM (
  SELECT *, if(counts, sum(number_value) OVER (PARTITION BY i, s, k >= reset_at ORDER BY k ROWS UNBOUNDED PRECEDING) + if(k < reset_at, floor(size * 1e8), 0), number_value) AS summed,
    if(is_int, round(summed), if(metric = 'system.cpu.time', round(summed, 2), summed)) AS reading
  FROM (
    SELECT *, ${value} AS number_value
    FROM (
      SELECT intDiv(number, ${seriesEach * pointsEach}) + ${from} AS placed, intDiv(number, ${pointsEach}) % ${seriesEach} AS s, number % ${pointsEach} AS k,
        ${series === 'all' ? 'placed' : `${groupsOf[series]} * s + placed`} AS i,
        s >= 36 AS sender, 10000 AS step_ms, ${sent},
        ${pick(ofSeries(({ metric }) => metric))} AS metric, ${isSum} = '1' AS counts, ${pick(ofSeries(({ isInt }) => (isInt ? '1' : '')))} = '1' AS is_int,
        cityHash64(i, s) AS series_id, (cityHash64(i, s, 2) % 1000) / 1000 AS size, (cityHash64(i, s, k) % 1000003) / 1000003 AS r,
        if(i % 10 = 3, toUInt64(${Math.floor(pointsEach * 0.6)}), 1000000) AS reset_at
      FROM numbers(${count * seriesEach * pointsEach})
    )
  )
)`;
}

/**
 * Distributions of 21 series an instance, a minute apart, cumulative: how long requests took, log-normal. `buckets`: into which one falls.
 * Rows of `inner`: instance, series, point, time, and the calls of the minute by bucket.
 */
function distributions(pointsEach: number, instances: number, seriesOf: number, buckets: number): string {
  return `
  SELECT intDiv(number, ${pointsEach}) AS i, i % ${seriesOf} AS s, number % ${pointsEach} AS k, 1 AS sender, 60000 AS step_ms, ${sent},
    cityHash64(i, s, ${buckets}) AS series_id, (series_id % 1000) / 1000 AS size,
    arrayMap(b -> toUInt64(floor(400 * size * size * exp(-pow((b - ${buckets} * (0.3 + 0.3 * size)) / (${buckets} * 0.12), 2)) * (0.6 + 0.8 * (cityHash64(i, s, k, b) % 1000) / 1000)
      + (cityHash64(i, s, k, b, 1) % 1000) / 2000)), range(${buckets})) AS calls,
    arraySum(calls) AS calls_of_minute, calls_of_minute * 0.02 * (0.5 + size) * (1 + (jitter % 1000) / 3000) AS seconds, 0.3 * (1 + size) * (1 + (jitter % 997) / 300) AS longest
  FROM numbers(${instances * seriesOf * pointsEach})`;
}

const window = 'OVER (PARTITION BY i, s ORDER BY k ROWS UNBOUNDED PRECEDING)';
const pointKeys = 'metric, series_id, timestamp, start_timestamp, received_at, flags';
const point = (
  metric: string,
) => `'${metric}', series_id, fromUnixTimestamp64Nano(time_ns, 'UTC'), fromUnixTimestamp64Nano(toInt64(${fromNs} - 1000000 * (cityHash64(i, sender) % 400000000)), 'UTC'),
  fromUnixTimestamp64Milli(toInt64(received_ms), 'UTC'), 0`;
const figures = `sum(calls_of_minute) ${window}, sum(seconds) ${window}, 0.0004 + size / 1000, max(longest) ${window}`;
const bounds = '[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]';

/** 300,000 histograms and 60,000 each of exponential ones and summaries; 200,000 exemplars. */
export const insertDistributions: readonly string[] = [
  `INSERT INTO metric_histograms (${pointKeys}, count, sum, min, max, explicit_bounds, bucket_counts)
SELECT ${point('http.server.request.duration')}, ${figures}, ${bounds}, sumForEach(calls) ${window} FROM (${distributions(1440, 10, 21, 15)})`,
  `INSERT INTO metric_exponential_histograms (${pointKeys}, count, sum, min, max, scale, zero_count, zero_threshold, positive_offset, positive_bucket_counts)
SELECT ${point('rpc.server.duration')}, ${figures}, 3, 0, 0, -60, sumForEach(calls) ${window} FROM (${distributions(1440, 10, 4, 60)})`,
  `INSERT INTO metric_summaries (${pointKeys}, count, sum, quantiles, quantile_values)
SELECT ${point('go_gc_duration_seconds')}, sum(calls_of_minute) ${window}, sum(seconds) ${window}, [0, 0.25, 0.5, 0.75, 1],
  arrayMap(q -> round((1 + q + ((cityHash64(i, s, intDiv(k, 3)) % 1000) / 1000)) * size * 1e-4, 9), [0, 1, 2, 4, 9]) FROM (${distributions(1440, 10, 4, 5)})`,
  `INSERT INTO metric_exemplars (metric, series_id, timestamp, point_timestamp, received_at, value, value_int, value_kind, trace_id, span_id)
SELECT 'http.server.request.duration', series_id, fromUnixTimestamp64Nano(time_ns - toInt64(cityHash64(series_id, k, 5) % 60000000000), 'UTC'), fromUnixTimestamp64Nano(time_ns, 'UTC'),
  fromUnixTimestamp64Milli(toInt64(received_ms), 'UTC'), longest * size, 0, 1,
  toFixedString(reinterpretAsString(sipHash128(series_id, k, 1)), 16), toFixedString(reinterpretAsString(sipHash64(series_id, k, 2)), 8)
FROM (${distributions(960, 10, 21, 15)})`,
];
