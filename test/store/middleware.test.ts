/** Middleware that reports itself, joined with what its callers see of it: against what was sent, which can be added up by hand. */
import { getMiddleware, listMiddleware, type MiddlewareSummary } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, otlpAttributes, type Store, traceRequest } from './loaded-store.ts';
import { baseNs, type SampleSpan, secondNs } from './sample-spans.ts';

const minutes = 10;
const seconds = minutes * 60;
const baseMs = Number(baseNs / 1_000_000n);
const range = { fromMs: baseMs, toMs: baseMs + seconds * 1000 };
const requests = 60;

type Attributes = Readonly<Record<string, string | number>>;
interface Line {
  readonly metric: string;
  /** A counter grows by so many a second; a level stays. */
  readonly perSecond?: number;
  readonly level?: number;
  readonly attributes?: Attributes;
}

/** A sample every 10 s, of those in [fromS, toS]. */
function metrics(resource: Attributes & { readonly 'host.ip'?: string }, lines: readonly Line[], fromS = 0, toS = seconds) {
  const { 'host.ip': ip, ...others } = resource;
  const times = Array.from({ length: (toS - fromS) / 10 }, (_, i) => fromS + i * 10);
  return {
    resourceMetrics: [
      {
        resource: {
          attributes: [
            ...otlpAttributes(others),
            ...(ip === undefined ? [] : [{ key: 'host.ip', value: { arrayValue: { values: [{ stringValue: ip }] } } }]),
          ],
        },
        scopeMetrics: [
          {
            metrics: lines.map(({ attributes = {}, level, metric, perSecond }) => {
              const dataPoints = times.map((second) => ({
                attributes: otlpAttributes(attributes),
                startTimeUnixNano: String(baseNs),
                timeUnixNano: String(baseNs + BigInt(second) * secondNs),
                asDouble: level ?? (perSecond ?? 0) * second,
              }));
              return level === undefined
                ? { name: metric, sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }
                : { name: metric, gauge: { dataPoints } };
            }),
          },
        ],
      },
    ],
  };
}

const machine = (name: string, ip: string) => ({
  'host.name': name,
  'host.id': `id-${name}`,
  'host.ip': ip,
  'os.type': 'linux',
});
const receiver = (kind: string, address: string, port: number, on: Attributes, more: Attributes = {}) => ({
  ...on,
  'server.address': address,
  'server.port': port,
  'sonde.middleware.kind': kind,
  'sonde.receiver': `${kind}/main`,
  ...more,
});
const up = { metric: 'sonde.middleware.up', level: 1 };

/** POST /orders on shop-2 asks the cache on shop-1 by its full name, and two statements of a database that does not report. */
function order(n: number): SampleSpan[] {
  const startNs = baseNs + BigInt(n * 9) * secondNs;
  const own = {
    traceId: `a${String(n).padStart(31, '0')}`,
    instance: '',
    host: 'shop-2',
    version: '',
    failed: false,
    startNs,
    service: 'orders',
  };
  const call = (id: string, name: string, ms: number, attributes: Attributes, failed = false): SampleSpan => ({
    ...own,
    spanId: id.repeat(16),
    parentSpanId: '1'.repeat(16),
    name,
    kind: 3,
    durationNs: BigInt(ms) * 1_000_000n,
    attributes,
    failed,
  });
  const mysql = { 'db.system.name': 'mysql', 'db.namespace': 'old', 'server.address': 'legacy-db' };
  return [
    {
      ...own,
      spanId: '1'.repeat(16),
      parentSpanId: '',
      name: 'POST /orders',
      kind: 2,
      durationNs: 100_000_000n,
      attributes: {},
    },
    call(
      '2',
      'GET',
      10,
      { 'db.system.name': 'redis', 'server.address': 'shop-1.example.com', 'server.port': 6379 },
      n % 3 === 0,
    ),
    call('3', 'SELECT', 30, { ...mysql, 'db.query.text': `SELECT * FROM a WHERE id = ${n}` }),
    call('4', 'INSERT', 5, { ...mysql, 'db.query.text': `INSERT INTO b VALUES (${n})` }),
  ];
}

/** GET /cart on shop-1 asks its own machine. */
function cart(n: number): SampleSpan[] {
  const own = {
    traceId: `b${String(n).padStart(31, '0')}`,
    instance: '',
    host: 'shop-1',
    version: '',
    failed: false,
    startNs: baseNs + BigInt(n * 9) * secondNs,
    service: 'cart',
  };
  const redis = { 'db.system.name': 'redis', 'server.address': '127.0.0.1' };
  return [
    { ...own, spanId: '1'.repeat(16), parentSpanId: '', name: 'GET /cart', kind: 2, durationNs: 4_000_000n, attributes: {} },
    {
      ...own,
      spanId: '2'.repeat(16),
      parentSpanId: '1'.repeat(16),
      name: 'GET',
      kind: 3,
      durationNs: 1_000_000n,
      attributes: redis,
    },
  ];
}

let store: Store;
let items: MiddlewareSummary[];
const one = (id: string) => items.find((item) => item.id === id) as MiddlewareSummary;
const figures = (item: MiddlewareSummary) => Object.fromEntries(item.figures.map(({ id, value }) => [id, value]));

beforeAll(async () => {
  store = await openStore();
  const numbers = Array.from({ length: requests }, (_, n) => n);
  await store.load('traces', traceRequest([...numbers.flatMap(order), ...numbers.flatMap(cart)]));
  const [shop1, db1] = [machine('shop-1', '10.0.0.1'), machine('db-1', '10.0.0.9')];
  const redis = receiver('redis', '127.0.0.1', 6379, shop1);
  const redisLines = [
    up,
    { metric: 'redis.keyspace.hits', perSecond: 3 },
    { metric: 'redis.keyspace.misses', perSecond: 1 },
    { metric: 'redis.clients.connected', level: 7 },
    { metric: 'redis.cmd.calls', perSecond: 4, attributes: { cmd: 'get' } },
    { metric: 'redis.cmd.usec', perSecond: 2000, attributes: { cmd: 'get' } },
  ];
  const all: readonly (readonly [Attributes, readonly Line[], number?, number?])[] = [
    // Restarted in a newer version half way: another resource, the same server.
    [{ ...redis, 'redis.version': '7.0.1' }, redisLines, 0, seconds / 2],
    [{ ...redis, 'redis.version': '7.2.0' }, redisLines, seconds / 2, seconds],
    [db1, [{ metric: 'system.cpu.logical.count', level: 2 }]],
    [
      receiver('postgresql', '10.0.0.9', 5432, shop1),
      [
        up,
        { metric: 'postgresql.backends', level: 4, attributes: { 'db.namespace': 'a' } },
        { metric: 'postgresql.backends', level: 6, attributes: { 'db.namespace': 'b' } },
        { metric: 'postgresql.connection.max', level: 100 },
        { metric: 'postgresql.commits', perSecond: 9, attributes: { 'db.namespace': 'a' } },
        { metric: 'postgresql.rollbacks', perSecond: 1, attributes: { 'db.namespace': 'a' } },
      ],
    ],
    [receiver('rabbitmq', 'localhost', 15672, db1), [{ ...up, level: 0 }]],
  ];
  for (const [resource, lines, fromS, toS] of all) await store.load('metrics', metrics(resource, lines, fromS, toS));
  await store.settle();
  const answer = await store.questions.middleware(range);
  expect(Compile(listMiddleware.reply).Errors(answer)).toEqual([]);
  items = answer.items;
});
afterAll(() => store.close());

test('what is down comes first, then what is called most', () => {
  expect(items.map(({ id, seenBy, up: answers }) => [id, seenBy, answers])).toEqual([
    ['rabbitmq:db-1:15672', 'itself', false],
    ['mysql:legacy-db:3306', 'callers', null],
    ['redis:shop-1:6379', 'both', true],
    ['postgresql:db-1:5432', 'itself', true],
  ]);
});

test('one server, whatever callers call it and whichever version it was', () => {
  const redis = one('redis:shop-1:6379');
  expect(redis).toMatchObject({
    host: 'shop-1',
    version: '7.2.0',
    receivers: [{ receiver: 'redis/main', host: 'shop-1' }],
    lastSeenMs: range.toMs - 10_000,
    callers: ['cart', 'orders'],
    requests: 2 * requests,
    errors: requests / 3,
    candidates: [],
  });
  expect(redis.clients.map(({ address, host }) => [address, host])).toEqual([
    ['127.0.0.1', 'shop-1'],
    ['shop-1.example.com:6379', null],
  ]);
  // Half of its calls take 1 ms, half of them 10.
  expect(Math.abs((redis.p95Ns ?? 0) / 10e6 - 1)).toBeLessThan(0.05);
  const { connections, hitRate } = figures(redis);
  expect(hitRate).toBeCloseTo(0.75, 9);
  expect(connections).toBeCloseTo(7, 9);
});

test('figures of a server that is asked from another machine, summed over its databases', () => {
  const { connections, connectionsUsed, transactions } = figures(one('postgresql:db-1:5432'));
  expect(connections).toBeCloseTo(10, 9);
  expect(connectionsUsed).toBeCloseTo(0.1, 9);
  expect(transactions).toBeCloseTo(10, 9);
});

test('what is down has no figures: unknown is not zero', () => {
  expect(one('rabbitmq:db-1:15672')).toMatchObject({ figures: [], host: 'db-1', requests: 0, p95Ns: null });
});

test('its page: charts, parts, and the APIs behind it', async () => {
  const detail = await store.questions.middlewareDetail(range, 'redis:shop-1:6379');
  expect(Compile(getMiddleware.reply).Errors(detail)).toEqual([]);
  expect(detail?.charts.map(({ id }) => id)).toEqual(['hitRate', 'timePerCommand', 'connections']);
  const [time] = detail?.charts.find(({ id }) => id === 'timePerCommand')?.series ?? [];
  expect(time?.values.filter((value) => value !== null).every((value) => Math.abs(value / 0.0005 - 1) < 1e-9)).toBe(true);
  expect(detail?.tables).toMatchObject([{ id: 'commands', by: ['cmd'], rows: [{ names: ['get'] }] }]);
  expect(detail?.statements.map(({ requests: calls }) => calls).reduce((sum, calls) => sum + calls, 0)).toBe(2 * requests);
  expect(detail?.apis.map(({ affectedRequests, name, share }) => [name, affectedRequests, share])).toEqual([
    ['GET /cart', requests, 1],
    ['POST /orders', requests, 1],
  ]);
  // Of three calls at a time an order waits for the longest, and that is not the cache.
  expect(detail?.apis.map(({ criticalNs, criticalShare }) => [criticalNs / requests, criticalShare])).toEqual([
    [1e6, 0.25],
    [0, 0],
  ]);
});

test('of what only callers see: its statements, the most time first; a request that asks twice came once', async () => {
  const detail = await store.questions.middlewareDetail(range, 'mysql:legacy-db:3306');
  expect(detail?.charts).toEqual([]);
  expect(detail?.statements.map(({ share, statement }) => [statement, Math.round(share * 35)])).toEqual([
    ['SELECT * FROM a WHERE id = ?', 30],
    ['INSERT INTO b VALUES (?)', 5],
  ]);
  expect(detail?.apis).toMatchObject([{ name: 'POST /orders', affectedRequests: requests, share: 1 }]);
});

test('a database is asked for by its address, and by its name with it', async () => {
  const apis = async (name: string) =>
    (await store.questions.impact(range, { injured: { kind: 'database', name }, limit: 10 })).apis.map((api) => api.name);
  expect(await apis('legacy-db')).toEqual(['POST /orders']);
  expect(await apis('legacy-db/old')).toEqual(['POST /orders']);
  expect(await apis('legacy-db/other')).toEqual([]);
  expect(await apis('127.0.0.1')).toEqual(['GET /cart']);
});

test('of another environment there are no callers; what was never there is not found', async () => {
  const elsewhere = await store.questions.middleware(range, { environment: 'staging' });
  expect(elsewhere.items.map(({ seenBy }) => seenBy)).toEqual(['itself', 'itself', 'itself']);
  expect(await store.questions.middlewareDetail(range, 'redis:shop-2:6379')).toBeUndefined();
});
