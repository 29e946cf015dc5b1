import { type Warn } from './warn.ts';

/** One row: an environment variable, its default, what a text must be to count, and a sentence for the README's table. */
interface Setting<T> {
  readonly variable: string;
  readonly default: T;
  /** undefined: not a value of this setting. */
  readonly parse: (text: string) => T | undefined;
  readonly about: string;
}

function setting<T>(variable: string, defaultValue: T, parse: (text: string) => T | undefined, about: string): Setting<T> {
  return { variable, default: defaultValue, parse, about };
}

const text = (value: string): string => value;
const flag = (value: string): boolean | undefined =>
  value.toLowerCase() === 'true' ? true : value.toLowerCase() === 'false' ? false : undefined;
const count =
  (min: number, max = 2 ** 31 - 1) =>
  (value: string): number | undefined => {
    const number = Number(value);
    return Number.isInteger(number) && number >= min && number <= max ? number : undefined;
  };
const list = (value: string): readonly string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
const oneOf =
  <const T extends string>(...allowed: readonly T[]) =>
  (value: string): T | undefined =>
    allowed.find((item) => item === value.toLowerCase());

/**
 * Everything that the agent reads from the environment, in OpenTelemetry's names (specification: "Environment Variable Specification"
 * and "OTLP Exporter"). As that demands, a value that cannot be understood is ignored with one warning: the application goes on.
 * Variables that are read elsewhere, per signal: `OTEL_EXPORTER_OTLP_[TRACES_|METRICS_|LOGS_]{ENDPOINT,HEADERS,TIMEOUT,COMPRESSION}`
 * (export/destination.ts).
 */
export const settings = {
  disabled: setting('OTEL_SDK_DISABLED', false, flag, 'The agent does nothing at all.'),
  serviceName: setting('OTEL_SERVICE_NAME', '', text, "The service's name; by default the name in the nearest package.json."),
  resourceAttributes: setting(
    'OTEL_RESOURCE_ATTRIBUTES',
    '',
    text,
    'Resource attributes `key=value,…`; they win over detected ones.',
  ),
  tracesExporter: setting('OTEL_TRACES_EXPORTER', 'otlp', oneOf('otlp', 'none'), 'Spans: sent, or not recorded.'),
  metricsExporter: setting('OTEL_METRICS_EXPORTER', 'otlp', oneOf('otlp', 'none'), 'Metrics: sent, or not recorded.'),
  logsExporter: setting('OTEL_LOGS_EXPORTER', 'otlp', oneOf('otlp', 'none'), 'Log records: sent, or not recorded.'),
  propagators: setting('OTEL_PROPAGATORS', ['tracecontext', 'baggage'], list, 'Of `tracecontext`, `baggage`, `none`.'),
  sampler: setting(
    'OTEL_TRACES_SAMPLER',
    'parentbased_always_on',
    oneOf(
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ),
    'Which traces are recorded.',
  ),
  samplerArgument: setting('OTEL_TRACES_SAMPLER_ARG', '', text, 'For the ratio samplers: 0 to 1.'),
  spanDelayMs: setting('OTEL_BSP_SCHEDULE_DELAY', 1000, count(1), 'Longest wait of a span before it is sent.'),
  spanBatchMax: setting('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, count(1), 'Spans in one request.'),
  spanQueueMax: setting('OTEL_BSP_MAX_QUEUE_SIZE', 65_536, count(1), 'Spans that may wait.'),
  spanTimeoutMs: setting('OTEL_BSP_EXPORT_TIMEOUT', 30_000, count(1), 'A batch is given up after this time, retries included.'),
  logDelayMs: setting('OTEL_BLRP_SCHEDULE_DELAY', 1000, count(1), 'Longest wait of a log record before it is sent.'),
  logBatchMax: setting('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', 512, count(1), 'Log records in one request.'),
  logQueueMax: setting('OTEL_BLRP_MAX_QUEUE_SIZE', 65_536, count(1), 'Log records that may wait.'),
  logTimeoutMs: setting('OTEL_BLRP_EXPORT_TIMEOUT', 30_000, count(1), 'A batch is given up after this time, retries included.'),
  metricIntervalMs: setting('OTEL_METRIC_EXPORT_INTERVAL', 10_000, count(100), 'Between two exports of metrics.'),
  attributeLengthMax: setting('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', 32_768, count(1), 'Longer text values are cut.'),
  spanAttributesMax: setting('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 128, count(1), 'Attributes of one span.'),
  spanEventsMax: setting('OTEL_SPAN_EVENT_COUNT_LIMIT', 128, count(1), 'Events of one span.'),
  spanLinksMax: setting('OTEL_SPAN_LINK_COUNT_LIMIT', 128, count(1), 'Links of one span.'),
  disabledInstrumentations: setting(
    'OTEL_NODE_DISABLED_INSTRUMENTATIONS',
    [],
    list,
    'Left out, by short name: `pg,express,…`.',
  ),
  logLevel: setting(
    'OTEL_LOG_LEVEL',
    '',
    oneOf('', 'none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'),
    "The agent's own messages, on stderr; `none` silences the drop reports too.",
  ),
} satisfies Record<string, Setting<string> | Setting<boolean> | Setting<number> | Setting<readonly string[]>>;

export type Config = { readonly [K in keyof typeof settings]: (typeof settings)[K]['default'] };

/** Bytes of spans, and again of log records, that may wait in memory; estimates of what they hold on the heap. */
export const bufferBytesMax = 64 * 1024 * 1024;

export function readConfig(environment: NodeJS.ProcessEnv, warn: Warn): Config {
  const entries = Object.entries(settings).map(([key, { variable, default: defaultValue, parse }]) => {
    const given = environment[variable]?.trim();
    // The specification: an empty value is an unset one.
    if (given === undefined || given === '') return [key, defaultValue];
    const value = parse(given);
    if (value === undefined) warn(`${variable}: '${given}' is not understood, using '${String(defaultValue)}'`);
    return [key, value ?? defaultValue];
  });
  return Object.fromEntries(entries) as Config;
}
