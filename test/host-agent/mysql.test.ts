import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMariadb } from '../fixtures/servers/mariadb.ts';
import { type Server } from '../fixtures/servers/server.ts';
import { queryTextOf, watch, type Watched } from '../fixtures/watched.ts';

const password = 'gehei$m-4711';

let server: Server;
let admin: Connection;
let watched: Watched;

beforeAll(async () => {
  const options = ['--performance-schema=ON', '--performance-schema-consumer-statements-digest=ON', '--server-id=2'];
  server = await startMariadb({ grants: true, options: [...options, '--performance-schema-instrument=statement/%=ON'] });
  admin = await createConnection({ host: '127.0.0.1', port: server.port, user: 'root' });
  // As docs/middleware.md says, but for the privileges that `poor` lacks.
  await admin.query(`CREATE USER sonde@localhost IDENTIFIED BY '${password}'`);
  await admin.query('GRANT PROCESS, REPLICATION CLIENT, REPLICA MONITOR ON *.* TO sonde@localhost');
  await admin.query('GRANT SELECT ON performance_schema.* TO sonde@localhost');
  await admin.query(`CREATE USER poor@localhost IDENTIFIED BY '${password}'`);
  await admin.query('CREATE DATABASE shop');
  await admin.query('CREATE TABLE shop.item (id int primary key, name text) ENGINE=InnoDB');
  // A source that does not answer: a replica that does not run.
  await admin.query("CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=1, MASTER_USER='none'");
  const endpoint = `127.0.0.1:${server.port}`;
  watched = await watch({
    'mysql/main': { endpoint, username: 'sonde', password },
    'mysql/poor': { endpoint, username: 'poor', password },
    'mysql/wrong': { endpoint, username: 'sonde', password: 'wr0ng-one' },
  });
  await watched.capture.until(() => of('mysql.uptime'));
});
afterAll(async () => {
  admin.destroy();
  await watched.stop();
  await server.stop();
});

const of = (metric: string, attributes?: object) => watched.newest('mysql/main', metric, attributes);

test('the status, in a resource that says which server this is', async () => {
  const before = of('mysql.handlers', { kind: 'write' })?.value ?? NaN;
  for (let id = 0; id < 5; id++) await admin.query(`INSERT INTO shop.item VALUES (${id}, 'card-4711')`);
  await watched.capture.until(() => (of('mysql.handlers', { kind: 'write' })?.value ?? 0) >= before + 5);
  expect(of('mysql.commands', { command: 'insert' })).toMatchObject({
    type: 'sum',
    isMonotonic: true,
    temporality: 2,
    unit: '1',
  });
  expect(of('mysql.threads', { kind: 'connected' })?.value).toBeGreaterThanOrEqual(2);
  expect(of('mysql.buffer_pool.limit')).toMatchObject({ value: 32 * 2 ** 20, unit: 'By' });
  expect(of('mysql.buffer_pool.usage', { status: 'clean' })?.value).toBeGreaterThan(100_000);
  expect(of('sonde.mysql.connection.max')?.value).toBeGreaterThan(10);
  expect(of('mysql.commands', { command: 'insert' })?.value).toBeGreaterThanOrEqual(5);
  expect(of('mysql.uptime')?.resource).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': server.port,
    'sonde.middleware.kind': 'mysql',
    'db.system.name': 'mariadb',
    'mysql.version': expect.stringContaining('MariaDB'),
  });
});

test('statements: calls, time and rows, without their constants', async () => {
  await admin.query('USE shop');
  const text = 'SELECT NAME , `SLEEP` (?) FROM `item` WHERE `id` = ? ';
  for (let call = 0; call < 3; call++) await admin.query(`SELECT name, sleep(0.01) FROM item WHERE id = 3 /* 4711 */`);
  const calls = await watched.capture.until(() =>
    watched.capture.points.findLast(
      (one) => one.metric === 'sonde.db.statement.calls' && /sleep/i.test(queryTextOf(one)) && one.value === 3,
    ),
  );
  const id = calls.attributes['sonde.db.statement.id'];
  expect(queryTextOf(calls).toLowerCase().replaceAll('`', '')).toBe(text.toLowerCase().replaceAll('`', ''));
  expect(calls.attributes['db.namespace']).toBe('shop');
  expect(of('sonde.db.statement.time', { 'sonde.db.statement.id': id })?.value).toBeGreaterThan(0.03);
  expect(of('sonde.db.statement.time', { 'sonde.db.statement.id': id })?.value).toBeLessThan(10);
  expect(of('mysql.statement_event.count', { digest: id, kind: 'rows_sent' })?.value).toBe(3);
  const texts = watched.capture.points.map((one) => queryTextOf(one));
  expect(texts.join('\n')).not.toMatch(/4711/);
});

test('who waits for a row', async () => {
  const waiter = await createConnection({ host: '127.0.0.1', port: server.port, user: 'root' });
  await admin.query('BEGIN');
  await admin.query("UPDATE shop.item SET name = 'a' WHERE id = 1");
  const waiting = waiter.query("UPDATE shop.item SET name = 'b' WHERE id = 1");
  await watched.capture.until(() => of('sonde.mysql.row_locks.waiting')?.value === 1);
  await admin.query('ROLLBACK');
  await waiting;
  waiter.destroy();
});

test('a replica that does not run: said so, and its lag is unknown', () => {
  expect(of('sonde.mysql.replica.running')?.value).toBe(0);
  expect(of('mysql.replica.time_behind_source')).toBeUndefined();
});

test('privileges that are missing: the rest, and one line each that says which', async () => {
  await watched.nextScrape('mysql/poor');
  expect(watched.newest('mysql/poor', 'mysql.uptime')?.value).toBeGreaterThanOrEqual(0);
  expect(watched.newest('mysql/poor', 'sonde.db.statement.calls')).toBeUndefined();
  expect(watched.said('mysql/poor').join('\n')).toMatch(/no statements: .*GRANT SELECT ON performance_schema\.\* TO poor/);
  expect(watched.said('mysql/poor').join('\n')).toMatch(/no replication: .*GRANT [A-Z ]+ ON \*\.\* TO poor/);
  expect(watched.said('mysql/poor')).toHaveLength(2);
});

test('a wrong password: down, with one line; no password in any', () => {
  expect(watched.newest('mysql/wrong', 'sonde.middleware.up')?.value).toBe(0);
  expect(watched.said('mysql/wrong')).toEqual([expect.stringContaining('refuses the user or the password')]);
  expect(watched.agent.output()).not.toMatch(/gehei|wr0ng/);
  expect(watched.said('mysql/main')).toEqual([]);
});

test('the server is gone', async () => {
  await server.stop();
  await watched.capture.until(() => of('sonde.middleware.up')?.value === 0);
  expect(watched.said('mysql/main').join('\n')).toMatch(/nothing listens at|closed/);
});
