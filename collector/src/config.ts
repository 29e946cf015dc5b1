import { isAbsolute, resolve } from 'node:path';
import { retentionProblem, type RetentionSettings } from '@sonde/api';

/**
 * Every setting: its variable, its default, what it may be, and one sentence. The parser, the type and docs/configuration.md are
 * this table; nothing else reads the environment.
 */
export const settings = {
  dataDir: {
    variable: 'SONDE_DATA_DIR',
    default: './data',
    range: 'a folder',
    sentence: 'Where the spool, the quarantine and the embedded database live; made if it is missing.',
    parse: (text: string) => (isAbsolute(text) ? text : resolve(text)),
  },
  clickhouseUrl: {
    variable: 'SONDE_CLICKHOUSE_URL',
    default: '',
    range: 'an http or https URL, or empty',
    sentence: 'A ClickHouse server to use, with user and password in the URL; empty means the embedded engine.',
    secret: true,
    parse: httpUrlOrEmpty,
  },
  clickhouseCluster: {
    variable: 'SONDE_CLICKHOUSE_CLUSTER',
    default: '',
    range: 'letters, digits, `_` and `-`, or empty; only with SONDE_CLICKHOUSE_URL',
    sentence:
      'A cluster of that server (its `remote_servers`) over which the tables are laid, replicated and sharded: docs/scale.md.',
    parse: clusterNameOrEmpty,
  },
  host: {
    variable: 'SONDE_HOST',
    default: '127.0.0.1',
    range: 'an address or host name',
    sentence: 'The address that every port listens on; 0.0.0.0 or :: opens them to the network.',
    parse: nonEmpty,
  },
  port: {
    variable: 'SONDE_PORT',
    default: '4320',
    range: '0 to 65535',
    sentence: 'The port of the dashboard and the API; 0 means any free one.',
    parse: wholeBetween(0, 65_535),
  },
  otlpHttpPort: {
    variable: 'SONDE_OTLP_HTTP_PORT',
    default: '4318',
    range: '0 to 65535',
    sentence: 'The port that takes OTLP over HTTP; 0 means any free one.',
    parse: wholeBetween(0, 65_535),
  },
  otlpGrpcPort: {
    variable: 'SONDE_OTLP_GRPC_PORT',
    default: '4317',
    range: '0 to 65535',
    sentence: 'The port that takes OTLP over gRPC; 0 means any free one.',
    parse: wholeBetween(0, 65_535),
  },
  corsOrigins: {
    variable: 'SONDE_CORS_ORIGINS',
    default: '',
    range: 'origins such as `https://shop.example` with commas between them, or `*` alone, or empty',
    sentence: 'The web pages whose browsers may send OTLP/HTTP and Zipkin; `*` means any page, empty means none.',
    parse: origins,
  },
  spoolMaxBytes: {
    variable: 'SONDE_SPOOL_MAX_BYTES',
    default: '2147483648',
    range: '16777216 (16 MiB) or more',
    sentence: 'What acknowledged but not yet stored data may take on disk; above it senders are told to try later.',
    parse: wholeBetween(16_777_216, Number.MAX_SAFE_INTEGER),
  },
  ingestMaxBytes: {
    variable: 'SONDE_INGEST_MAX_BYTES',
    default: '268435456',
    range: '67108864 (64 MiB) or more',
    sentence: 'What the bodies of all requests under way may take in memory, unpacked; above it senders are told to try later.',
    parse: wholeBetween(67_108_864, Number.MAX_SAFE_INTEGER),
  },
  settleDelaySeconds: {
    variable: 'SONDE_SETTLE_DELAY_SECONDS',
    default: '10',
    range: '0 to 3600',
    sentence:
      'How long a trace may take to complete after one of its spans came, before it is judged for the rankings, the map and impact.',
    parse: wholeBetween(0, 3_600),
  },
  settleWindowSeconds: {
    variable: 'SONDE_SETTLE_WINDOW_SECONDS',
    default: '10',
    range: '1 to 60',
    sentence: 'How many seconds of traces are judged at a time; fewer are seen sooner and cost more.',
    parse: wholeBetween(1, 60),
  },
  settleShard: {
    variable: 'SONDE_SETTLE_SHARD',
    default: '0/1',
    range: 'i/n with 0 <= i < n <= 1024',
    sentence: 'Which part of the traces this collector judges, where several share a server: 0/3, 1/3 and 2/3 for three.',
    parse: shardOf,
  },
  loadPauseMs: {
    variable: 'SONDE_LOAD_PAUSE_MS',
    default: '1500',
    range: '100 to 600000',
    sentence:
      'The least time between two loads into the database, unless a full one waits; longer is fewer and larger parts: docs/scale.md.',
    parse: wholeBetween(100, 600_000),
  },
  ownMetricsSeconds: {
    variable: 'SONDE_OWN_METRICS_SECONDS',
    default: '15',
    range: '0 to 3600',
    sentence: 'How often the collector stores metrics of its own, as service `sonde`; 0 means never.',
    parse: wholeBetween(0, 3_600),
  },
  retentionSpansDays: {
    variable: 'SONDE_RETENTION_SPANS_DAYS',
    default: '7',
    range: '1 to 3650',
    sentence: 'Days that all spans are kept.',
    parse: wholeBetween(1, 3_650),
  },
  retentionKeptSpansDays: {
    variable: 'SONDE_RETENTION_KEPT_SPANS_DAYS',
    default: '30',
    range: '1 to 3650, no less than `SONDE_RETENTION_SPANS_DAYS`',
    sentence: 'Days that the spans of failed, slow and sampled traces are kept.',
    parse: wholeBetween(1, 3_650),
  },
  retentionLogsDays: {
    variable: 'SONDE_RETENTION_LOGS_DAYS',
    default: '14',
    range: '1 to 3650',
    sentence: 'Days that log records are kept.',
    parse: wholeBetween(1, 3_650),
  },
  retentionMetricsDays: {
    variable: 'SONDE_RETENTION_METRICS_DAYS',
    default: '30',
    range: '1 to 3650',
    sentence: 'Days that data points and exemplars are kept.',
    parse: wholeBetween(1, 3_650),
  },
  retentionMinuteRollupsDays: {
    variable: 'SONDE_RETENTION_MINUTE_ROLLUPS_DAYS',
    default: '30',
    range: '1 to 3650',
    sentence: 'Days that rollups by the minute are kept.',
    parse: wholeBetween(1, 3_650),
  },
  retentionHourRollupsDays: {
    variable: 'SONDE_RETENTION_HOUR_ROLLUPS_DAYS',
    default: '400',
    range: '1 to 3650',
    sentence: 'Days that rollups by the hour are kept.',
    parse: wholeBetween(1, 3_650),
  },
  retentionDayRollupsDays: {
    variable: 'SONDE_RETENTION_DAY_ROLLUPS_DAYS',
    default: '1100',
    range: '1 to 3650',
    sentence: 'Days that rollups by the day are kept.',
    parse: wholeBetween(1, 3_650),
  },
  retentionSlowMs: {
    variable: 'SONDE_RETENTION_SLOW_MS',
    default: '1000',
    range: '1 to 86400000',
    sentence: 'A trace that lasted more milliseconds than this is slow.',
    parse: wholeBetween(1, 86_400_000),
  },
  retentionSamplePercent: {
    variable: 'SONDE_RETENTION_SAMPLE_PERCENT',
    default: '1',
    range: '0 to 100, with up to two decimals',
    sentence: 'The share of all traces that is kept as long as slow ones.',
    parse: percent,
  },
  diskFreeMinBytes: {
    variable: 'SONDE_DISK_FREE_MIN_BYTES',
    default: 'auto',
    range: 'auto, 0 or a number of bytes',
    sentence:
      'What must stay free on the disk of the database; below it the oldest days are dropped. `auto` is 2 GiB, or a tenth of a disk smaller than 20 GiB; 0 is no guard.',
    parse: (text: string) => (text === 'auto' ? text : wholeBetween(0, Number.MAX_SAFE_INTEGER)(text)),
  },
  logLevel: {
    variable: 'SONDE_LOG_LEVEL',
    default: 'info',
    range: 'debug, info, warn, error or silent',
    sentence: 'How much the collector says about itself; the line with its addresses is always printed.',
    parse: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  },
} as const satisfies Record<string, Setting>;

interface Setting {
  readonly variable: `SONDE_${string}`;
  readonly default: string;
  readonly range: string;
  readonly sentence: string;
  /** The value may hold a password: it is never shown. */
  readonly secret?: true;
  /** Nothing where the text is not in the range. */
  readonly parse: (text: string) => unknown;
}

export type Config = {
  readonly [Key in keyof typeof settings]: Exclude<ReturnType<(typeof settings)[Key]['parse']>, undefined>;
};

/** A setting that cannot be used; `message` names the variable, what it was (unless it is secret) and what it may be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the settings from an environment. Throws ConfigError for the first wrong one. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const values = Object.entries(settings).map(([key, setting]) => {
    const text = environment[setting.variable] ?? setting.default;
    const value = setting.parse(text);
    if (value === undefined) {
      const given = 'secret' in setting ? 'what it is' : JSON.stringify(text);
      throw new ConfigError(`${setting.variable} cannot be ${given}: it must be ${setting.range}`);
    }
    return [key, value];
  });
  const config = Object.fromEntries(values) as Config;
  if (config.clickhouseCluster !== '' && config.clickhouseUrl === '') {
    const { variable } = settings.clickhouseCluster;
    throw new ConfigError(
      `${variable} needs ${settings.clickhouseUrl.variable}: the embedded engine is no member of a cluster`,
    );
  }
  const problem = retentionProblem(retentionDefaults(config));
  if (problem) {
    throw new ConfigError(
      `${settings.retentionKeptSpansDays.variable} cannot be "${config.retentionKeptSpansDays}": it must be ${settings.retentionKeptSpansDays.range}`,
    );
  }
  return config;
}

function shardOf(text: string): { readonly shard: number; readonly shards: number } | undefined {
  const [shard = NaN, shards = NaN] = /^[0-9]{1,4}\/[0-9]{1,4}$/.test(text) ? text.split('/').map(Number) : [];
  return shard < shards && shards <= 1024 ? { shard, shards } : undefined;
}

/** What is kept how long until it is set at run time. */
export function retentionDefaults(config: Config): RetentionSettings {
  return {
    spansDays: config.retentionSpansDays,
    keptSpansDays: config.retentionKeptSpansDays,
    logsDays: config.retentionLogsDays,
    metricsDays: config.retentionMetricsDays,
    minuteRollupsDays: config.retentionMinuteRollupsDays,
    hourRollupsDays: config.retentionHourRollupsDays,
    dayRollupsDays: config.retentionDayRollupsDays,
    slowMs: config.retentionSlowMs,
    samplePercent: config.retentionSamplePercent,
  };
}

function percent(text: string): number | undefined {
  return /^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) <= 100 ? Number(text) : undefined;
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function wholeBetween(min: number, max: number): (text: string) => number | undefined {
  return (text) => (/^[0-9]{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined);
}

function oneOf<const Choice extends string>(...choices: readonly Choice[]): (text: string) => Choice | undefined {
  return (text) => choices.find((choice) => choice === text);
}

function httpUrlOrEmpty(text: string): string | undefined {
  return text === '' || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) ? text : undefined;
}

function clusterNameOrEmpty(text: string): string | undefined {
  return /^(?:[A-Za-z_][A-Za-z0-9_-]{0,63})?$/.test(text) ? text : undefined;
}

/** `*` stands alone: beside it the other origins would say nothing. */
function origins(text: string): readonly string[] | undefined {
  if (text.trim() === '') return [];
  const given = text.split(',').map((origin) => origin.trim());
  if (given.length === 1 && given[0] === '*') return given;
  return given.every(isOrigin) ? given : undefined;
}

/** As a browser writes it in its Origin header: scheme and host in lower case, no default port, no path. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}
