import { hostname } from 'node:os';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres } from '../fixtures/servers/postgres.ts';
import { type Server } from '../fixtures/servers/server.ts';
import { queryTextOf, watch, type Watched } from '../fixtures/watched.ts';

const password = 'gehei$m-4711';

let primary: Server;
let standby: Server;
let admin: Client;
let watched: Watched;

beforeAll(async () => {
  primary = await startPostgres({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
  [standby, admin] = await Promise.all([startPostgres({ standbyOf: primary.port }), connect()]);
  // As docs/middleware.md says, but for the privilege that `poor` lacks.
  await admin.query(`CREATE ROLE sonde LOGIN PASSWORD '${password}'; GRANT pg_monitor TO sonde`);
  await admin.query(`CREATE ROLE poor LOGIN PASSWORD '${password}'`);
  await admin.query('CREATE EXTENSION pg_stat_statements');
  await admin.query('CREATE DATABASE shop');
  const { rows } = await admin.query<{ hba_file: string }>('SHOW hba_file');
  await admin.query(
    `COPY (VALUES ('local all all trust'), ('host all postgres 127.0.0.1/32 trust'), ('host replication all 127.0.0.1/32 trust'),
      ('host all all 127.0.0.1/32 scram-sha-256')) TO '${rows[0]?.hba_file ?? ''}'`,
  );
  await admin.query('SELECT pg_reload_conf()');
  const endpoint = `127.0.0.1:${primary.port}`;
  watched = await watch({
    'postgresql/main': { endpoint, username: 'sonde', password },
    'postgresql/standby': { endpoint: `127.0.0.1:${standby.port}`, username: 'postgres' },
    'postgresql/poor': { endpoint, username: 'poor', password, database: 'shop' },
    'postgresql/wrong': { endpoint, username: 'sonde', password: 'wr0ng-one' },
    'postgresql/nobody': { endpoint, username: 'sonde' },
  });
  await watched.capture.until(() => of('postgresql.backends'));
});
afterAll(async () => {
  await admin.end();
  await Promise.all([watched.stop(), standby.stop()]);
  await primary.stop();
});

const of = (metric: string, attributes?: object) => watched.newest('postgresql/main', metric, attributes);

async function connect(database = 'postgres'): Promise<Client> {
  const client = new Client({ host: '127.0.0.1', port: primary.port, user: 'postgres', database });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

test('pg_stat_database, checkpoints, size, in a resource that says which PostgreSQL this is', async () => {
  const shop = { 'db.namespace': 'shop' };
  await watched.nextScrape('postgresql/main');
  const before = of('postgresql.tup_inserted', shop)?.value ?? NaN;
  const client = await connect('shop');
  await client.query('CREATE TABLE item (id int primary key, name text)');
  await client.query("INSERT INTO item SELECT n, 'name ' || n FROM generate_series(1, 100) n");
  await client.query('SELECT 1/0').catch(() => undefined);
  await client.end();
  await admin.query('CHECKPOINT');
  await watched.capture.until(() => (of('postgresql.tup_inserted', shop)?.value ?? 0) >= before + 100);
  expect(of('postgresql.rollbacks', shop)).toMatchObject({ type: 'sum', isMonotonic: true, temporality: 2, unit: '1' });
  expect(of('postgresql.rollbacks', shop)?.value).toBeGreaterThanOrEqual(1);
  expect(of('postgresql.db_size', shop)?.value).toBeGreaterThan(5_000_000);
  expect(of('postgresql.connection.max')).toMatchObject({ value: 100, type: 'gauge', unit: '{connections}' });
  expect(of('postgresql.database.count')?.value).toBe(2);
  await watched.capture.until(() => (of('postgresql.bgwriter.checkpoint.count', { type: 'requested' })?.value ?? 0) >= 1);
  expect(of('postgresql.backends')?.resource).toMatchObject({
    'host.name': hostname(),
    'host.ip': expect.any(Array),
    'server.address': '127.0.0.1',
    'server.port': primary.port,
    'sonde.middleware.kind': 'postgresql',
    'sonde.replication.role': 'primary',
    'db.system.name': 'postgresql',
    'postgresql.version': expect.stringMatching(/^\d+\.\d+/),
  });
  const startedMs = Number((of('postgresql.commits')?.startNs ?? 0n) / 1_000_000n);
  expect(Math.abs(Date.now() - startedMs)).toBeLessThan(60_000);
});

test('statements: calls, time and rows, without their constants', async () => {
  const item = { 'db.query.text': 'SELECT $1::text AS card, pg_sleep($2)' };
  for (let call = 0; call < 3; call++) await admin.query("SELECT '4711-card'::text AS card, pg_sleep(0.02)");
  await watched.capture.until(() => of('sonde.db.statement.calls', item)?.value === 3);
  expect(of('sonde.db.statement.time', item)).toMatchObject({ unit: 's', isMonotonic: true });
  expect(of('sonde.db.statement.time', item)?.value).toBeGreaterThan(0.06);
  expect(of('sonde.db.statement.rows', item)?.value).toBe(3);
  const texts = watched.capture.points.map((one) => queryTextOf(one));
  expect(texts.join('\n')).not.toMatch(/4711|sonde-host-agent/);
});

test('who waits for a lock, and since when a transaction is open', async () => {
  const [holder, waiter] = await Promise.all([connect('shop'), connect('shop')]);
  await holder.query('BEGIN; LOCK TABLE item');
  const waiting = waiter.query('SELECT count(*) FROM item');
  const lock = { 'db.namespace': 'shop', mode: 'AccessShareLock', lock_type: 'relation' };
  await watched.capture.until(() => of('sonde.postgresql.locks.waiting', lock)?.value === 1);
  expect(of('sonde.postgresql.sessions', { state: 'idle in transaction' })).toMatchObject({
    value: 1,
    attributes: { 'db.namespace': 'shop' },
  });
  expect(of('sonde.postgresql.sessions.waiting', { wait_event_type: 'Lock' })?.value).toBe(1);
  expect(of('sonde.postgresql.transaction.longest')?.value).toBeGreaterThan(0);
  await holder.query('ROLLBACK');
  await waiting;
  await Promise.all([holder.end(), waiter.end()]);
});

test('replication, as the primary and as the standby see it', async () => {
  const client = { replication_client: '127.0.0.1' };
  await watched.capture.until(() => of('postgresql.replication.data_delay', client));
  expect(of('postgresql.replication.data_delay', client)?.unit).toBe('By');
  const lag = await watched.capture.until(() => watched.newest('postgresql/standby', 'sonde.postgresql.replication.lag'));
  expect(lag.value).toBeGreaterThanOrEqual(0);
  expect(lag.resource['sonde.replication.role']).toBe('replica');
  // A write is waited for by nobody, so that its way to the standby can be seen.
  await admin.query('CREATE TABLE far AS SELECT generate_series(1, 10000) n');
  await watched.capture.until(() => of('postgresql.wal.delay', { ...client, operation: 'replay' }));
  expect(of('postgresql.wal.lag', { operation: 'replay' })?.value).toBeLessThan(60);
});

test('a privilege and an extension that are missing: the rest, and one line each that says what to do', async () => {
  await watched.nextScrape('postgresql/poor');
  expect(watched.newest('postgresql/poor', 'postgresql.commits')?.value).toBeGreaterThan(0);
  expect(watched.newest('postgresql/poor', 'sonde.postgresql.sessions')).toBeUndefined();
  expect(watched.said('postgresql/poor').join('\n')).toContain('GRANT pg_monitor TO poor');
  expect(watched.said('postgresql/poor').join('\n')).toContain('has no extension pg_stat_statements');
  expect(watched.said('postgresql/poor')).toHaveLength(2);
});

test('a wrong password, and none: down, with one line each; no password in any', () => {
  for (const id of ['postgresql/wrong', 'postgresql/nobody']) {
    expect(watched.newest(id, 'sonde.middleware.up')?.value).toBe(0);
    expect(watched.newest(id, 'postgresql.commits')).toBeUndefined();
    expect(watched.said(id)).toHaveLength(1);
  }
  expect(watched.said('postgresql/wrong')[0]).toContain('refuses the user or the password');
  expect(watched.said('postgresql/nobody')[0]).toContain('asks for a password');
  expect(watched.agent.output()).not.toMatch(/gehei|wr0ng/);
  expect(watched.said('postgresql/main')).toEqual([]);
});

test('the server is gone, and said so once', async () => {
  await Promise.all([standby.stop(), primary.stop()]);
  await watched.capture.until(() => of('sonde.middleware.up')?.value === 0);
  expect(of('sonde.middleware.up')?.resource).toEqual(of('postgresql.backends')?.resource);
  await watched.nextScrape('postgresql/main');
  expect(watched.said('postgresql/main').length).toBeLessThanOrEqual(2);
  expect(watched.said('postgresql/main').join('\n')).toMatch(/nothing listens at|closed|was stopped/);
});
