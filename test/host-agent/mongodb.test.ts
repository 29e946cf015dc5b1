import { BSON } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMongodb } from '../fixtures/servers/mongodb.ts';
import { type Server } from '../fixtures/servers/server.ts';
import { watch, type Watched } from '../fixtures/watched.ts';

const { Long } = BSON;
const now = Date.now();
const uptimeMs = 3_600_000;

/** As the documentation of MongoDB 7 has them, with what a server of a replica set of three would say. */
const answers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  hello: {
    isWritablePrimary: true,
    ismaster: true,
    helloOk: true,
    setName: 'rs0',
    me: 'a:27017',
    hosts: ['a:27017', 'b:27017', 'c:27017'],
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    localTime: new Date(now),
    ok: 1,
  },
  serverStatus: {
    host: 'a:27017',
    version: '7.0.14',
    process: 'mongod',
    uptimeMillis: Long.fromNumber(uptimeMs),
    ok: 1,
    connections: { current: 3, available: 838_857, totalCreated: 17, active: 1 },
    mem: { bits: 64, resident: 78, virtual: 1089, supported: true },
    network: { bytesIn: Long.fromNumber(2 ** 40), bytesOut: Long.fromNumber(5393), numRequests: Long.fromNumber(20) },
    opcounters: {
      insert: Long.fromNumber(4),
      query: Long.fromNumber(2),
      update: 0,
      delete: 0,
      getmore: 0,
      command: Long.fromNumber(20),
    },
    metrics: {
      cursor: { timedOut: Long.fromNumber(1), open: { noTimeout: Long.ZERO, pinned: Long.ZERO, total: Long.fromNumber(2) } },
      document: { deleted: Long.ZERO, inserted: Long.fromNumber(4), returned: Long.fromNumber(9), updated: Long.ZERO },
    },
    globalLock: {
      totalTime: Long.fromNumber(58_964_000),
      currentQueue: { readers: 1, writers: 0 },
      activeClients: { readers: 0, writers: 0 },
    },
    opLatencies: { reads: { latency: Long.fromNumber(2_500_000), ops: Long.fromNumber(5) } },
    storageEngine: { name: 'wiredTiger' },
    wiredTiger: {
      cache: { 'pages read into cache': 14, 'pages requested from the cache': 215, 'bytes currently in the cache': 60_000 },
    },
    repl: { setName: 'rs0', isWritablePrimary: true, primary: 'a:27017', me: 'a:27017' },
  },
  listDatabases: { databases: [{ name: 'admin' }, { name: 'shop' }], ok: 1 },
  dbStats: {
    collections: 3,
    objects: Long.fromNumber(120),
    dataSize: 2048,
    storageSize: 4096,
    indexes: 4,
    indexSize: 8192,
    ok: 1,
  },
  replSetGetStatus: {
    set: 'rs0',
    members: [
      { name: 'a:27017', health: 1, stateStr: 'PRIMARY', optimeDate: new Date(now), self: true },
      { name: 'b:27017', health: 1, stateStr: 'SECONDARY', optimeDate: new Date(now - 3000) },
      { name: 'c:27017', health: 0, stateStr: '(not reachable/healthy)', optimeDate: new Date(0) },
    ],
    ok: 1,
  },
  endSessions: { ok: 1 },
};
const unknown = { ok: 0, code: 59, codeName: 'CommandNotFound', errmsg: 'no such command' };
const unauthorized = { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not authorized on admin to execute command' };
const refused = { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.' };

function answer(command: string, database: string, forbidden: readonly string[] = []) {
  if (command === 'saslStart') return refused;
  if (forbidden.includes(command)) return unauthorized;
  const name = command === 'ismaster' || command === 'isMaster' ? 'hello' : command;
  return { ...(answers[name] ?? unknown), ...(name === 'dbStats' ? { db: database } : {}) };
}

let server: Server;
let poor: Server;
let closed: Server;
let watched: Watched;

beforeAll(async () => {
  [server, poor, closed] = await Promise.all([
    startMongodb(answer),
    startMongodb((command, database) => answer(command, database, ['listDatabases', 'replSetGetStatus'])),
    startMongodb((command, database) => answer(command, database, ['serverStatus'])),
  ]);
  const at = ({ port }: Server) => ({ endpoint: `127.0.0.1:${port}` });
  watched = await watch({
    'mongodb/main': at(server),
    'mongodb/poor': at(poor),
    'mongodb/closed': at(closed),
    'mongodb/wrong': { ...at(server), username: 'sonde', password: 'wr0ng-one' },
    'mongodb/nobody': { endpoint: '127.0.0.1:1' },
  });
  await watched.capture.until(() => of('mongodb.connection.count'));
});
afterAll(async () => {
  await watched.stop();
  await Promise.all([server, poor, closed].map((one) => one.stop()));
});

const of = (metric: string, attributes?: object) => watched.newest('mongodb/main', metric, attributes);

test('the server, its databases and its replicas, in a resource that says which MongoDB this is', () => {
  expect(of('mongodb.connection.count', { type: 'active' })).toMatchObject({
    value: 1,
    type: 'sum',
    isMonotonic: false,
    unit: '{connections}',
  });
  expect(of('mongodb.operation.count', { operation: 'insert' })).toMatchObject({ value: 4, isMonotonic: true, temporality: 2 });
  expect(of('mongodb.network.io.receive')?.value).toBe(2 ** 40);
  expect(of('mongodb.cache.operations', { type: 'hit' })?.value).toBe(201);
  expect(of('mongodb.data.size', { 'db.namespace': 'shop' })?.value).toBe(2048);
  expect(of('mongodb.database.count')?.value).toBe(2);
  expect(of('sonde.mongodb.replication.lag', { replica: 'b:27017' })?.value).toBe(3);
  expect(of('sonde.mongodb.replication.member_up', { replica: 'c:27017' })?.value).toBe(0);
  expect(of('mongodb.connection.count')?.resource).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': server.port,
    'sonde.middleware.kind': 'mongodb',
    'db.system.name': 'mongodb',
    'mongodb.version': '7.0.14',
    'sonde.mongodb.replica_set': 'rs0',
    'sonde.replication.role': 'primary',
  });
  const startedMs = Number((of('mongodb.operation.count')?.startNs ?? 0n) / 1_000_000n);
  expect(Math.abs(Date.now() - uptimeMs - startedMs)).toBeLessThan(30_000);
  expect(watched.said('mongodb/main')).toEqual([]);
});

test('a role that is missing: the rest, and one line for each part', async () => {
  await watched.nextScrape('mongodb/poor');
  expect(watched.newest('mongodb/poor', 'mongodb.connection.count')?.value).toBe(3);
  expect(watched.newest('mongodb/poor', 'mongodb.database.count')).toBeUndefined();
  expect(watched.said('mongodb/poor').map((line) => /no (\w+): MongoDB asks for a user/.exec(line)?.[1])).toEqual([
    'sizes',
    'replication',
  ]);
});

test('a user that is missing, a wrong password, nobody there: down, with one line each; no password in any', async () => {
  await Promise.all(['closed', 'wrong', 'nobody'].map((name) => watched.nextScrape(`mongodb/${name}`)));
  expect(watched.newest('mongodb/closed', 'sonde.middleware.up')?.value).toBe(0);
  expect(watched.said('mongodb/closed')).toEqual([expect.stringContaining('asks for a user: set `username`')]);
  expect(watched.said('mongodb/wrong')).toEqual([expect.stringContaining('refuses the user or the password')]);
  expect(watched.said('mongodb/nobody')).toEqual([expect.stringContaining('nothing listens at 127.0.0.1:1')]);
  expect(watched.agent.output()).not.toMatch(/wr0ng/);
});

test('the server is gone', async () => {
  await server.stop();
  await watched.capture.until(() => of('sonde.middleware.up')?.value === 0);
  await watched.nextScrape('mongodb/main');
  expect(watched.said('mongodb/main').join('\n')).toMatch(/nothing listens at|closed/);
});
