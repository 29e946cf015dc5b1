import type { MiddlewareClient, MiddlewareFigure, MiddlewareSummary } from '@sonde/api';

/** As their makers write them. */
const kindNames: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  redis: 'Redis',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mongodb: 'MongoDB',
  rabbitmq: 'RabbitMQ',
  kafka: 'Kafka',
  activemq: 'ActiveMQ',
  tomcat: 'Tomcat',
  zookeeper: 'ZooKeeper',
};

export function kindName(kind: string): string {
  return (Object.hasOwn(kindNames, kind) && kindNames[kind]) || kind;
}

export function serverName({ address, kind }: Pick<MiddlewareSummary, 'address' | 'kind'>): string {
  return address === '' ? kindName(kind) : address;
}

/** By any of its names: also those by which its callers know it. */
export function findMiddleware(items: readonly MiddlewareSummary[], find: string): MiddlewareSummary[] {
  const wanted = find.trim().toLowerCase();
  return items.filter(({ callers, clients, host, id, kind }) =>
    [id, kindName(kind), host ?? '', ...callers, ...clients.flatMap(({ address, name }) => [address, name])].some((name) =>
      name.toLowerCase().includes(wanted),
    ),
  );
}

export function errorTone(share: number | null): 'bad' | 'warn' | 'quiet' {
  if (share === null || share < 0.01) return 'quiet';
  return share >= 0.05 ? 'bad' : 'warn';
}

export type StateTone = 'ok' | 'bad' | 'quiet';

export function stateTone(up: boolean | null): StateTone {
  if (up === null) return 'quiet';
  return up ? 'ok' : 'bad';
}

/** From where on a figure deserves a look, and from where on it is trouble. */
const limits: Readonly<Record<string, readonly [warn: number, bad: number]>> = {
  connectionsUsed: [0.75, 0.9],
  memoryUsed: [0.75, 0.9],
  threadsBusy: [0.75, 0.9],
  replicationLag: [10, 60],
  lagSeconds: [60, 600],
  longestTransaction: [60, 600],
  locksWaiting: [1, 10],
  refused: [0.001, 0.01],
  evicted: [1, Number.POSITIVE_INFINITY],
};

export function figureTone({ id, value }: MiddlewareFigure): 'warn' | 'bad' | undefined {
  const limit = Object.hasOwn(limits, id) ? limits[id] : undefined;
  if (limit === undefined || value === null || value < limit[0]) return undefined;
  return value >= limit[1] ? 'bad' : 'warn';
}

/** What is in trouble first, then as the kind orders them. */
export function shownFigures(figures: readonly MiddlewareFigure[], count: number): MiddlewareFigure[] {
  const rank = (figure: MiddlewareFigure) => ({ bad: 0, warn: 1, none: 2 })[figureTone(figure) ?? 'none'];
  return figures.toSorted((a, b) => rank(a) - rank(b)).slice(0, count);
}

/** The node of the map that callers see. */
export function mapNode({ address, kind, name, system }: MiddlewareClient): string {
  const parts = { database: [system, address, name], queue: [system, name], remote: [address] }[kind];
  return `${kind}:${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}

/** The spans of its callers, in the search language: by the system and the addresses that they name. */
export function callsSearch(clients: readonly MiddlewareClient[]): string | undefined {
  const [first] = clients;
  if (first === undefined) return undefined;
  const hosts = [...new Set(clients.map(({ address }) => address.replace(/:\d+$/, '')))].filter((host) => host !== '');
  const systems = [...new Set(clients.map(({ system }) => system))].filter((system) => system !== '');
  const key = first.kind === 'queue' ? 'messaging.system' : 'db.system.name';
  return [
    ...(systems.length > 0 ? [isOneOf(key, systems)] : []),
    ...(hosts.length > 0 && clients.every(({ address }) => address !== '') ? [isOneOf('server.address', hosts)] : []),
  ].join(' and ');
}

/** A database at an address is diagnosed as a whole, whichever of its databases is asked for. */
export function diagnoseSearch({ address, kind, name }: MiddlewareClient) {
  if (kind === 'queue') return { queue: name };
  return kind === 'remote' ? { remote: address } : { database: address };
}

const quoted = (text: string) => JSON.stringify(text);

function isOneOf(key: string, values: readonly string[]): string {
  const [only, other] = values;
  return other === undefined ? `${key} = ${quoted(only ?? '')}` : `${key} in (${values.map(quoted).join(', ')})`;
}

const withUser = ['postgresql', 'mysql', 'rabbitmq', 'mongodb', 'activemq', 'tomcat'];

/** The line of the host agent's configuration that has it asked; nothing where there is no receiver for its kind. */
export function receiverLine({ address, kind }: Pick<MiddlewareSummary, 'address' | 'kind'>): string | undefined {
  if (!Object.hasOwn(kindNames, kind)) return undefined;
  const host = address.replace(/:\d+$/, '') || 'host';
  const endpoint = kind === 'rabbitmq' ? `http://${host}:15672` : address || 'host:port';
  const user = withUser.includes(kind) ? `, username: sonde, password: "\${env:${kind.toUpperCase()}_PASSWORD}"` : '';
  return `receivers: { ${kind}: { endpoint: ${quoted(endpoint)}${user} } }`;
}
