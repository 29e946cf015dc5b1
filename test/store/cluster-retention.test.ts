/**
 * Retention on a cluster: the same telemetry on one machine, on one shard and on two, and what is left must be the same. What stands in
 * for a second server is said in test/fixtures/clickhouse/two-shards.ts; nothing here has a replica or Keeper.
 */
import { type Engine, openEngine, Retention } from '@sonde/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acrossServers } from '../../packages/store/src/query/across-servers.ts';
import { allQueries } from '../../packages/store/src/query/all-queries.ts';
import { dayMs, dayOf } from '../../packages/store/src/retention/days.ts';
import { maintenanceOnCluster } from '../../packages/store/src/schema/maintenance-on-cluster.ts';
import { clusters } from '../fixtures/clickhouse/clusters.ts';
import { type ClickHouse, startClickHouse } from '../fixtures/clickhouse/start.ts';
import { openStore, type Store } from './loaded-store.ts';
import { clockAt } from './retention-clock.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const nowMs = dayOf('2026-03-14') * dayMs + dayMs / 2;
/** On the 14th the 7th is dropped and the 8th is thinned, of the logs the 7th to the 10th go. */
const defaults = {
  spansDays: 5,
  keptSpansDays: 6,
  logsDays: 3,
  metricsDays: 6,
  minuteRollupsDays: 3000,
  hourRollupsDays: 3000,
  dayRollupsDays: 3000,
  slowMs: 1000,
  samplePercent: 10,
};

/** Of each day from the 7th to the 10th 300 traces: a tenth failed, a fifth goes on after midnight. */
const telemetry = [
  ...['', 'AND number % 5 = 0'].map(
    (later) => `INSERT INTO spans (trace_id, span_id, timestamp, received_at, duration_ns, status_code)
SELECT reinterpretAsFixedString(sipHash128(number)), unhex('${later === '' ? '01' : '02'}00000000000000'),
  toDateTime64('2026-03-07 23:59:59.9', 9, 'UTC') + toIntervalDay(intDiv(number, 300)) + toIntervalMillisecond(${later === '' ? 0 : 200}) AS at,
  at, 1000, if(number % 10 = 1, 2, 0)
FROM numbers(1200) WHERE 1 ${later}`,
  ),
  `INSERT INTO logs (timestamp, observed_timestamp, received_at, resource_id, body)
SELECT toDateTime64('2026-03-07 12:00:00', 9, 'UTC') + toIntervalDay(number % 8) + toIntervalSecond(number) AS at, at, at, number, 'x' FROM numbers(800)`,
  `INSERT INTO resources (resource_id, received_at)
SELECT number, toDateTime64('2026-02-01 12:00:00', 3, 'UTC') + toIntervalDay((number % 2) * 40) FROM numbers(20)`,
];

let server: ClickHouse;
let single: Store;
let one: Store;
let two: Engine;
const sent: string[] = [];
const said: string[] = [];

beforeAll(async () => {
  server = await startClickHouse('', clusters);
  single = await openStore();
  one = await openStore({ url: server.url, cluster: 'one' });
  for (const { engine } of [single, one]) for (const statement of telemetry) await engine.command(statement);
  await cutInTwo();
  two = await openEngine({ url: server.url, database: 'sonde_two', cluster: 'two' });
}, 120_000);

afterAll(async () => {
  const opened: readonly ({ close(): Promise<void> } | undefined)[] = [single, one, two];
  for (const each of opened) await each?.close();
  await server.stop();
});

/** Every table of the one shard again, with the rows of each of two shards in a database of its own. */
async function cutInTwo(): Promise<void> {
  const run = (sql: string) => one.engine.command(sql);
  for (const name of ['sonde_two', 'sonde_two_1', 'sonde_two_2']) await run(`CREATE DATABASE ${name} ENGINE = Atomic`);
  const tables = await one.engine.query<{ name: string; key: string; columns: string }>(
    `SELECT name, any(extract(engine_full, '_local\\', (.+)\\)$')) AS key, arrayStringConcat(groupArray(column), ', ') AS columns
     FROM system.tables AS tables
     INNER JOIN (SELECT table, name AS column FROM system.columns WHERE database = 'sonde_default') AS columns ON columns.table = tables.name
     WHERE database = 'sonde_default' AND engine = 'Distributed' GROUP BY name`,
    {},
    budget,
  );
  expect(tables.length).toBeGreaterThan(15);
  for (const { name, key, columns } of tables) {
    const isWritten = ['kept_traces', 'trace_ts', 'retention_log', 'settings', 'logs'].includes(name);
    const shards = [1, 2].map((shard) => ({
      shard,
      table: `sonde_two_${shard}.${name}_local`,
      mine: `${key} % 2 = ${shard - 1}`,
    }));
    if (isWritten) await run(`CREATE TABLE sonde_two.${name}_arriving AS sonde_default.${name}_local ENGINE = Null`);
    for (const { shard, table, mine } of shards) {
      await run(`CREATE TABLE ${table} AS sonde_default.${name}_local`);
      await run(`INSERT INTO ${table} SELECT * FROM sonde_default.${name}_local WHERE ${mine}`);
      if (!isWritten) continue;
      await run(
        `CREATE MATERIALIZED VIEW sonde_two.${name}_to_${shard} TO ${table} AS SELECT * FROM sonde_two.${name}_arriving WHERE ${mine}`,
      );
    }
    const ofShard = shards.map(
      ({ shard, table }) => `SELECT ${columns}, _partition_id FROM ${table} WHERE shardNum() = ${shard}`,
    );
    await run(`CREATE VIEW sonde_two.${name}_local AS ${ofShard.join(' UNION ALL ')}`);
    // What a shard deletes is told by tables of all shards.
    const isRead = ['kept_traces', 'resources', 'metric_series'].includes(name);
    for (const database of ['sonde_two', ...(isRead ? ['sonde_two_1', 'sonde_two_2'] : [])])
      await run(
        `CREATE TABLE ${database}.${name} AS sonde_default.${name} ENGINE = Distributed('two', 'sonde_two', '${name}_local', ${key})`,
      );
  }
  for (const name of ['parts', 'mutations']) {
    await run(
      `CREATE VIEW sonde_two.${name} AS SELECT * REPLACE ('sonde_two' AS database) FROM system.${name} AS own WHERE own.database = concat('sonde_two_', toString(shardNum()))`,
    );
  }
  await run('CREATE VIEW sonde_two.one AS SELECT * FROM system.one');
  await setDisks('free_space');
}

/** What the disks of the two shards say that is free. */
async function setDisks(free: string): Promise<void> {
  await one.engine.command(
    `CREATE OR REPLACE VIEW sonde_two.disks AS SELECT * REPLACE (${free} AS free_space) FROM system.disks`,
  );
}

const retentionOf = (engine: Engine, diskFreeMinBytes = 0, holder?: string): Retention =>
  new Retention({
    engine,
    clock: clockAt(nowMs),
    report: (level, message) => said.push(`${level} ${message}`),
    defaults,
    diskFreeMinBytes,
    ...(holder !== undefined && { holder }),
  });

async function rowsOf(engine: Engine, sql: string): Promise<unknown[]> {
  return await engine.query(sql, {}, budget);
}

/** All that retention may touch. */
const contents = {
  spans: 'SELECT hex(trace_id) AS trace, hex(span_id) AS span, toString(timestamp) AS at FROM spans ORDER BY trace, span',
  traces: `SELECT hex(trace_id) AS trace, toString(min(trace_ts.first)) AS begun, toString(max(trace_ts.last)) AS over, toUInt32(sum(trace_ts.spans)) AS count
FROM trace_ts GROUP BY trace ORDER BY trace`,
  logs: 'SELECT toString(timestamp) AS at FROM logs ORDER BY at',
  resources: 'SELECT toUInt32(resource_id) AS id FROM resources ORDER BY id',
  minutes: 'SELECT toUInt32(sum(calls)) AS calls FROM span_minutes',
  log: `SELECT action, reason, signal, toString(day) AS on, toUInt32(rows) AS items, toUInt32(rows_left) AS left FROM retention_log ORDER BY on, signal, action`,
};

async function contentsOf(engine: Engine): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const [name, sql] of Object.entries(contents)) all[name] = await rowsOf(engine, sql);
  return all;
}

/** Rows by table and day, of each shard. */
async function stored(shard: number, table: string, day: string): Promise<number> {
  const sql = `SELECT toUInt32(sum(rows)) AS stored FROM system.parts
WHERE database = 'sonde_two_${shard}' AND table = '${table}_local' AND active AND partition_id = '${day}'`;
  return (await one.engine.query<{ stored: number }>(sql, {}, budget))[0]?.stored ?? 0;
}

test('what is past its limit goes from one shard and from two as it does from one machine', async () => {
  const before = await contentsOf(single.engine);
  expect(await contentsOf(one.engine)).toEqual(before);
  expect(await contentsOf(two)).toEqual(before);
  for (const shard of [1, 2]) {
    expect(await stored(shard, 'spans', '20260307')).toBeGreaterThan(100);
    expect(await stored(shard, 'spans', '20260308')).toBeGreaterThan(100);
  }
  const engine: Engine = {
    ...single.engine,
    async maintain(sql, params) {
      sent.push(sql);
      await single.engine.maintain(sql, params);
    },
  };
  await retentionOf(engine).run();
  await retentionOf(one.engine, 0, 'a collector').run();
  await retentionOf(two, 0, 'a collector').run();
  const after = await contentsOf(single.engine);
  // The case is worth something: days dropped and thinned, logs and resources gone, and much is left.
  expect(after['log']).toHaveLength(7);
  for (const table of ['spans', 'traces', 'logs', 'resources']) {
    expect(after[table]?.length).toBeLessThan(before[table]?.length ?? 0);
    expect(after[table]?.length).toBeGreaterThan(0);
  }
  expect(await contentsOf(one.engine)).toEqual(after);
  expect(await contentsOf(two)).toEqual(after);
  for (const shard of [1, 2]) {
    expect(await stored(shard, 'spans', '20260307')).toBe(0);
    expect(await stored(shard, 'trace_ts', '20260307')).toBe(0);
    expect(await stored(shard, 'logs', '20260308')).toBe(0);
    expect(await stored(shard, 'spans', '20260308')).toBeGreaterThan(0);
    expect(await stored(shard, 'spans', '20260308')).toBeLessThan(100);
  }
}, 120_000);

test('nothing is left to do, and another collector does nothing', async () => {
  const left = await contentsOf(two);
  await retentionOf(two, 0, 'a collector').run();
  expect(await contentsOf(two)).toEqual(left);
  await two.command(telemetry[2] ?? '');
  const before = await contentsOf(two);
  expect(before['logs']?.length).toBe((left['logs']?.length ?? 0) + 800);
  await retentionOf(two, 0, 'another collector').run();
  expect(await contentsOf(two)).toEqual(before);
});

test('settings are a log that every collector reads, and adds to', async () => {
  const [mine, another] = [retentionOf(two, 0, 'a collector'), retentionOf(two, 0, 'another collector')];
  for (const logsDays of [3000, 2000, 3]) {
    await (logsDays === 2000 ? mine : another).set({ ...defaults, logsDays });
    for (const each of [mine, another]) expect((await each.get()).settings.logsDays).toBe(logsDays);
  }
  const versions = `SELECT version FROM settings WHERE key = 'retention' ORDER BY version`;
  expect(await rowsOf(two, versions)).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
});

test('the fullest disk of all shards decides, and the guard of one collector makes room on each shard', async () => {
  const inSecond = 'assumeNotNull((SELECT count() FROM sonde_two_2.logs_local))';
  const [left] = await one.engine.query<{ rows: number }>(`SELECT toUInt32(${inSecond}) AS rows`, {}, budget);
  const free = 1_000_000 - (left?.rows ?? 0);
  await setDisks(`if(shardNum() = 2, toUInt64(1000000 - ${inSecond}), free_space)`);
  // The oldest day of raw telemetry is one of logs that have come late; without it there is room.
  for (const shard of [1, 2]) expect(await stored(shard, 'logs', '20260307')).toBeGreaterThan(10);
  const idle = retentionOf(two, free + 1, 'another collector');
  await idle.run();
  expect(idle.status()).toMatchObject({ disk: { state: 'below', freeBytes: free }, dropped: [] });
  const guard = retentionOf(two, free + 1, 'a collector');
  await guard.run();
  expect(guard.status().disk?.state).toBe('ok');
  expect(guard.status().dropped).toContainEqual({ signal: 'logs', reason: 'disk', rows: 100 });
  for (const shard of [1, 2]) expect(await stored(shard, 'logs', '20260307')).toBe(0);
  const byDisk = `SELECT signal, toString(day) AS on FROM retention_log WHERE reason = 'disk'`;
  expect(await rowsOf(two, byDisk)).toEqual([{ signal: 'logs', on: '2026-03-07' }]);
});

describe('statements', () => {
  const others = [
    `KILL MUTATION WHERE database = currentDatabase() AND table IN ('spans', 'trace_ts') AND latest_fail_reason != ''`,
    'SYSTEM SYNC REPLICA settings',
  ];

  test('each that retention sends is parsed by the engine as one for every shard', async () => {
    const kinds = new Set(sent.map((sql) => sql.split(' ', 4).join(' ')));
    expect(kinds.size).toBeGreaterThan(7);
    for (const sql of [...sent, ...others]) {
      const statement = maintenanceOnCluster(sql, 'two', 'sonde_two');
      const [row] = await one.engine.query<{ text: string }>(
        'SELECT formatQuery({statement:String}) AS text',
        { statement },
        budget,
      );
      expect(row?.text, statement).toContain(statement.startsWith('INSERT') ? 'INSERT INTO' : 'ON CLUSTER two');
    }
  });

  test.each(allQueries.filter(({ servers }) => servers !== undefined).map((query) => [query.name, query] as const))(
    'question %s has the row that it declares, asked of a cluster too',
    async (_, { params: types, row, servers = 'all', sql }) => {
      const params = Object.fromEntries(
        Object.entries(types).map(([name, type]) => [name, type.startsWith('Array') ? [] : '']),
      );
      const columns = await two.query<{ name: string; type: string }>(
        `DESCRIBE (${acrossServers(sql, servers, 'two')})`,
        params,
        budget,
      );
      expect(Object.fromEntries(columns.map(({ name, type }) => [name, type]))).toEqual(row);
    },
  );
});
