import { parseResourceAttributes } from '@sonde/agent/host';

/** Everything that the host agent reads from the environment. A value outside its range stops the start. */
export const settings = {
  configFile: {
    variable: 'SONDE_HOST_AGENT_CONFIG',
    default: '',
    range: 'a path, or empty',
    sentence: 'A YAML file with the middleware to watch: docs/middleware.md.',
    parse: (text: string): string | undefined => text,
  },
  intervalSeconds: {
    variable: 'SONDE_HOST_AGENT_INTERVAL_SECONDS',
    default: '10',
    range: '1 to 3600',
    sentence: 'Between two scrapes.',
    parse: (text: string) => {
      const seconds = Number(text);
      return seconds >= 1 && seconds <= 3600 ? seconds : undefined;
    },
  },
  processes: {
    variable: 'SONDE_HOST_AGENT_PROCESSES',
    default: '10',
    range: '0 to 50',
    sentence: 'How many of the processes that use most CPU are sent, and of those that hold most memory; 0 means none.',
    parse: (text: string) => {
      const count = Number(text);
      return Number.isInteger(count) && count >= 0 && count <= 50 ? count : undefined;
    },
  },
  endpoint: {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: 'http://localhost:4318',
    range: 'an http or https address',
    sentence: 'The collector; `/v1/metrics`, `/v1/traces` and `/v1/logs` are appended.',
    parse: (text: string) => {
      const address = `${text.replace(/\/+$/, '')}/`;
      const url = URL.canParse(address) ? new URL(address) : undefined;
      return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
    },
  },
  headers: {
    variable: 'OTEL_EXPORTER_OTLP_HEADERS',
    default: '',
    range: '`key=value,…`',
    sentence: 'Sent with each request.',
    parse: parseResourceAttributes,
  },
  resourceAttributes: {
    variable: 'OTEL_RESOURCE_ATTRIBUTES',
    default: '',
    range: '`key=value,…`',
    sentence: 'Win over what is found: `host.name=…` names the machine otherwise.',
    parse: parseResourceAttributes,
  },
} as const satisfies Record<string, Setting>;

interface Setting {
  readonly variable: string;
  readonly default: string;
  readonly range: string;
  readonly sentence: string;
  /** Nothing where the text is not in the range. */
  readonly parse: (text: string) => unknown;
}

export type Config = {
  readonly [Key in keyof typeof settings]: Exclude<ReturnType<(typeof settings)[Key]['parse']>, undefined>;
};

/** Throws with a sentence that names the variable. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const entries = Object.entries(settings).map(([key, { variable, default: defaultText, range, parse }]) => {
    const text = environment[variable]?.trim() || defaultText;
    const value = parse(text);
    if (value === undefined) throw new Error(`${variable}: '${text}' is not ${range}`);
    return [key, value] as const;
  });
  return Object.fromEntries(entries) as Config;
}
