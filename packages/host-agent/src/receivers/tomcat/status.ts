import { type Metric } from '../../metric.ts';
import { metricsOf, type MetricLine, numberOf, type Subject } from '../metric-table.ts';

/** What the manager's status says, as its JSON has it. Of XML, which older servers give, the contexts are missing. */
export interface Status {
  readonly pools: readonly Values[];
  readonly connectors: readonly Values[];
  readonly contexts: readonly Values[] | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** The largest ones count; a server may host a context for each customer. */
const contextsMax = 200;

/** Names, units and types of OpenTelemetry's JMX metrics for Tomcat, and the manager's words, which are those of the MBeans. */
const processorLines: readonly MetricLine[] = [
  ['tomcat.error.count', '{error}', 'counter', 'errorCount'],
  ['tomcat.request.count', '{request}', 'counter', 'requestCount'],
  ['tomcat.request.duration.max', 's', 'gauge', 'maxTime', { scale: 1e-3 }],
  ['tomcat.request.duration.sum', 's', 'counter', 'processingTime', { scale: 1e-3 }],
  ['tomcat.network.io', 'By', 'counter', 'bytesReceived', { attributes: { 'network.io.direction': 'receive' } }],
  ['tomcat.network.io', 'By', 'counter', 'bytesSent', { attributes: { 'network.io.direction': 'transmit' } }],
];

const threadLines: readonly MetricLine[] = [
  ['tomcat.thread.count', '{thread}', 'level', 'currentThreadCount'],
  ['tomcat.thread.limit', '{thread}', 'level', 'maxThreads'],
  ['tomcat.thread.busy.count', '{thread}', 'level', 'currentThreadsBusy'],
];

const sessionLines: readonly MetricLine[] = [
  ['tomcat.session.active.count', '{session}', 'level', 'activeSessions'],
  ['tomcat.session.active.max', '{session}', 'gauge', 'maxActive', { number: 'int' }],
  ['tomcat.session.created', '{session}', 'counter', 'sessionCounter'],
  ['tomcat.session.duration.max', 's', 'gauge', 'sessionMaxAliveTime'],
  ['tomcat.session.duration.mean', 's', 'gauge', 'sessionAverageAliveTime'],
  ['tomcat.session.expired', '{session}', 'counter', 'expiredSessions'],
  ['tomcat.session.rejected', '{session}', 'counter', 'rejectedSessions'],
];

/** Of the semantic conventions for the JVM. */
const poolLines: readonly MetricLine[] = [
  ['jvm.memory.used', 'By', 'level', 'usageUsed'],
  ['jvm.memory.committed', 'By', 'level', 'usageCommitted'],
  ['jvm.memory.limit', 'By', 'level', 'usageMax'],
];

/** Nothing where the text is not the status, a page for people for one. */
export function parseStatus(text: string): Status | undefined {
  if (text.startsWith('{')) return statusOfJson(text);
  return /^(?:<\?[^>]*>\s*)*<status>/.test(text) ? statusOfXml(text) : undefined;
}

export function statusMetrics({ pools, connectors, contexts = [] }: Status): Metric[] {
  const named = (attribute: string, part: string): Subject[] =>
    connectors.map((connector) => ({
      values: limited(objectOf(connector[part])),
      attributes: { [attribute]: textOf(connector['name']) },
    }));
  const sessions = contexts
    .map((context) => ({ name: textOf(context['name']), values: objectOf(context['manager']) }))
    .toSorted((a, b) => (numberOf(b.values['sessionCounter']) ?? 0) - (numberOf(a.values['sessionCounter']) ?? 0))
    .slice(0, contextsMax)
    .map(({ name, values }) => ({ values, attributes: contextOf(name) }));
  const memory = pools.map((pool) => ({
    values: limited(pool),
    attributes: {
      'jvm.memory.type': pool['type'] === 'Heap memory' ? 'heap' : 'non_heap',
      'jvm.memory.pool.name': textOf(pool['name']),
    },
  }));
  return [
    ...metricsOf(processorLines, named('tomcat.request.processor.name', 'requestInfo')),
    ...metricsOf(threadLines, named('tomcat.thread.pool.name', 'threadInfo')),
    ...metricsOf(sessionLines, sessions),
    ...metricsOf(poolLines, memory),
  ];
}

/** `localhost/shop` is the context /shop of the virtual host localhost; the root's is `/`. */
function contextOf(name: string) {
  const slash = name.indexOf('/');
  return {
    'tomcat.context': slash === -1 ? '/' : name.slice(slash),
    'sonde.tomcat.host': slash === -1 ? name : name.slice(0, slash),
  };
}

/** -1 is "no limit", which is no number. */
function limited(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => numberOf(value) !== -1));
}

function statusOfJson(text: string): Status | undefined {
  const tomcat = objectOf(objectOf(JSON.parse(text))['tomcat']);
  if (!Array.isArray(tomcat['connector'])) return undefined;
  return {
    pools: objectsOf(objectOf(tomcat['jvm'])['memorypool']),
    connectors: objectsOf(tomcat['connector']),
    contexts: Array.isArray(tomcat['context']) ? objectsOf(tomcat['context']) : undefined,
  };
}

/** Everything is in attributes of elements of known names there: no parser of XML at large is needed. */
function statusOfXml(text: string): Status {
  const connectors: Record<string, unknown>[] = [];
  const pools: Values[] = [];
  for (const [, element = '', attributes = ''] of text.matchAll(/<(\w+)((?:\s+\w+=(?:'[^']*'|"[^"]*"))*)\s*\/?>/g)) {
    const values = attributesOf(attributes);
    const connector = connectors.at(-1);
    if (element === 'memorypool') pools.push(values);
    else if (element === 'connector') connectors.push({ ...values });
    else if ((element === 'threadInfo' || element === 'requestInfo') && connector !== undefined) connector[element] = values;
  }
  return { pools, connectors, contexts: undefined };
}

const entities: Readonly<Record<string, string>> = {
  quot: '"',
  '#034': '"',
  '#34': '"',
  '#39': "'",
  lt: '<',
  gt: '>',
  amp: '&',
};

function attributesOf(text: string): Values {
  const pairs = [...text.matchAll(/(\w+)=(?:'([^']*)'|"([^"]*)")/g)].map(([, key = '', single, double]) => {
    const value = (single ?? double ?? '').replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
    return [key, value] as const;
  });
  return Object.fromEntries(pairs);
}

/** JMX puts names into quotes. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/^"(.*)"$/, '$1') : '';
}

function objectOf(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

function objectsOf(value: unknown): readonly Values[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}
