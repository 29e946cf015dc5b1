import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { type SeenSpan } from '../fixtures/otlp/decode.ts';
import { agentByImport, agentByRequire, runApp } from '../fixtures/run-app.ts';
import { startMariadb } from '../fixtures/servers/mariadb.ts';
import { startPostgres } from '../fixtures/servers/postgres.ts';
import { startRedis } from '../fixtures/servers/redis.ts';
import { type Server } from '../fixtures/servers/server.ts';

let capture: Capture;
let servers: Server[];
let ports: string[];

beforeAll(async () => {
  capture = await startCapture();
  servers = await Promise.all([startPostgres(), startMariadb(), startRedis()]);
  ports = servers.map(({ port }) => String(port));
  const ran = await runApp('databases.mjs', {
    agent: agentByImport,
    args: ports,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: capture.url },
  });
  expect(ran).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
});
afterAll(async () => {
  await Promise.all([...servers.map((server) => server.stop()), capture.stop()]);
});

const poolWait = 'pg-pool.connect';

/** What one request asked a database, in order; all of it children of that request's server span. */
function asked(path: string, withWaits = false): SeenSpan[] {
  const request = capture.spans.find(({ kind, attributes }) => kind === 'server' && attributes['url.path'] === path);
  expect(request).toBeDefined();
  const inTrace = capture.spans.filter(({ traceId, scope }) => traceId === request?.traceId && !/undici|-http/.test(scope));
  for (const { name, parentSpanId, kind, startNs, endNs } of inTrace) {
    expect({ parentSpanId, kind }).toEqual({ parentSpanId: request?.spanId, kind: name === poolWait ? 'internal' : 'client' });
    expect(endNs - startNs).toBeGreaterThan(0n);
  }
  return inTrace.filter(({ name }) => withWaits || name !== poolWait).toSorted((a, b) => (a.startNs < b.startNs ? -1 : 1));
}

const shown = ({ name, status, attributes }: SeenSpan) => ({
  name,
  status,
  text: attributes['db.query.text'],
  operation: attributes['db.operation.name'],
});

test('pg against PostgreSQL', () => {
  const spans = asked('/pg');
  expect(spans.map(shown)).toEqual([
    {
      name: 'CREATE orders',
      status: 'unset',
      operation: 'CREATE',
      text: 'CREATE TABLE IF NOT EXISTS orders (id int, note text)',
    },
    { name: 'INSERT orders', status: 'unset', operation: 'INSERT', text: 'INSERT INTO orders (id, note) VALUES (?, ?)' },
    { name: 'SELECT orders', status: 'unset', operation: 'SELECT', text: 'SELECT id, note FROM orders WHERE id = $1' },
    { name: 'SELECT missing', status: 'error', operation: 'SELECT', text: 'SELECT * FROM missing' },
  ]);
  for (const { attributes } of spans) {
    expect(attributes).toMatchObject({
      'db.system.name': 'postgresql',
      'db.namespace': 'postgres',
      'server.address': '127.0.0.1',
      'server.port': Number(ports[0]),
    });
  }
  // PostgreSQL's code for a table that is not there.
  expect(spans.at(-1)?.attributes).toMatchObject({ 'error.type': '42P01', 'db.response.status_code': '42P01' });
});

test('waiting for a connection of pg’s pool is a span of its own, having one is not', () => {
  const spans = asked('/pgpool', true);
  const names = spans.map(({ name, startNs, endNs }) =>
    name === poolWait ? `${name} ${endNs - startNs > 150_000_000n}` : name,
  );
  // The first opens the connection; then one waits for the other's.
  expect(names.filter((name) => name.startsWith(poolWait))).toEqual([`${poolWait} false`, `${poolWait} true`]);
  expect(names.filter((name) => name.startsWith('SELECT'))).toHaveLength(4);
  // It asks the database nothing.
  const { attributes } = spans.find(({ name }) => name === poolWait) as SeenSpan;
  expect(attributes).toEqual({ 'db.client.connection.pool.name': `127.0.0.1:${ports[0]}` });
});

test('mysql2 against MariaDB', () => {
  const spans = asked('/mysql2');
  expect(spans.map(shown)).toEqual([
    { name: 'CREATE', status: 'unset', operation: 'CREATE', text: 'CREATE DATABASE IF NOT EXISTS shop' },
    {
      name: 'CREATE stock',
      status: 'unset',
      operation: 'CREATE',
      text: 'CREATE TABLE IF NOT EXISTS stock (id int, item varchar(?))',
    },
    { name: 'INSERT stock', status: 'unset', operation: 'INSERT', text: 'INSERT INTO stock (id, item) VALUES (?, ?)' },
    { name: 'SELECT stock', status: 'unset', operation: 'SELECT', text: 'SELECT item FROM stock WHERE id = ?' },
    { name: 'SELECT stock', status: 'unset', operation: 'SELECT', text: 'SELECT count(*) FROM stock WHERE item = ?' },
    { name: 'SELECT missing', status: 'error', operation: 'SELECT', text: 'SELECT * FROM missing' },
  ]);
  for (const { attributes } of spans.slice(1)) {
    expect(attributes).toMatchObject({
      'db.system.name': 'mysql',
      'db.namespace': 'shop',
      'server.address': '127.0.0.1',
      'server.port': Number(ports[1]),
    });
  }
});

test('ioredis against Redis', () => {
  const spans = asked('/ioredis');
  // A command given before the connection is there passes through the client twice.
  const [first, ...rest] = spans.map(shown);
  expect(first).toEqual(rest[0]);
  expect(rest).toEqual([
    { name: 'SET', status: 'unset', operation: 'SET', text: 'set cart:1 [1 other arguments]' },
    { name: 'GET', status: 'unset', operation: 'GET', text: 'get cart:1' },
    { name: 'MULTI', status: 'unset', operation: 'MULTI', text: 'multi' },
    { name: 'MULTI INCR', status: 'unset', operation: 'MULTI INCR', text: 'incr n' },
    { name: 'MULTI INCR', status: 'unset', operation: 'MULTI INCR', text: 'incr n' },
    { name: 'EXEC', status: 'unset', operation: 'EXEC', text: 'exec' },
    { name: 'NOSUCHCOMMAND', status: 'error', operation: 'NOSUCHCOMMAND', text: 'NOSUCHCOMMAND' },
  ]);
  for (const { attributes } of spans) {
    expect(attributes).toMatchObject({
      'db.system.name': 'redis',
      'server.address': '127.0.0.1',
      'server.port': Number(ports[2]),
    });
  }
});

test('redis against Redis: connecting is not shown', () => {
  const spans = asked('/redis');
  expect(spans.map(shown)).toEqual([
    { name: 'SET', status: 'unset', operation: 'SET', text: 'SET cart:2 [1 other arguments]' },
    { name: 'GET', status: 'unset', operation: 'GET', text: 'GET cart:2' },
  ]);
  for (const { attributes } of spans) {
    expect(attributes).toMatchObject({
      'db.system.name': 'redis',
      'server.address': '127.0.0.1',
      'server.port': Number(ports[2]),
    });
  }
});

test('outside a request: a statement is a trace, a PING is not', () => {
  const roots = capture.spans.filter(({ parentSpanId, scope }) => parentSpanId === '' && !scope.includes('undici'));
  expect(roots.map(({ name }) => name)).toEqual(['VACUUM']);
});

test('no value and nothing of the old conventions leaves the process', () => {
  const sent = JSON.stringify(capture.spans.map(({ attributes, events, name }) => [attributes, events, name]));
  expect(sent).not.toMatch(/4111|secret-/);
  const keys = new Set(capture.spans.flatMap(({ attributes }) => Object.keys(attributes)));
  expect([...keys].filter((key) => /^db\.(system|name|statement|operation|user|connection_string)$|^net\./.test(key))).toEqual(
    [],
  );
});

test('what pg measures: durations and its pool', () => {
  const metrics = new Set(capture.points.filter(({ scope }) => scope.includes('-pg')).map(({ metric }) => metric));
  expect([...metrics]).toEqual(expect.arrayContaining(['db.client.operation.duration', 'db.client.connection.count']));
});

test('the same from CommonJS', async () => {
  const before = asked('/pg').map(shown);
  capture.clear();
  const ran = await runApp('databases.cjs', {
    agent: agentByRequire,
    args: ports,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: capture.url },
  });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  const seen = capture.spans.filter(({ kind }) => kind === 'client').map(({ name }) => name);
  expect(seen).toEqual(expect.arrayContaining(['SELECT orders', 'SELECT stock', 'GET']));
  expect(before.map(({ name }) => name)).toContain('SELECT orders');
});
