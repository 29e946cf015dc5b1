/**
 * A cluster, as far as one machine without Keeper can be one: the statements as the engine's parser reads them, the whole way in and out
 * through Distributed tables with one shard, and the questions with two shards, each of which sees its own half of the rows alone.
 */
import { parseSearch } from '@sonde/model';
import { type Engine, EngineUnusable, migrate, openEngine, openQuestions, type Questions } from '@sonde/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorCode } from '../../packages/store/src/engine/errors.ts';
import { contentError } from '../../packages/store/src/loader/content-error.ts';
import { migrations } from '../../packages/store/src/schema/migrate.ts';
import { onCluster } from '../../packages/store/src/schema/on-cluster.ts';
import { clusters } from '../fixtures/clickhouse/clusters.ts';
import { type ClickHouse, startClickHouse } from '../fixtures/clickhouse/start.ts';
import { openStore, otlpAttributes, type Store, traceRequest } from './loaded-store.ts';
import { baseNs, sampleSpans, secondNs } from './sample-spans.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const baseMs = Number(baseNs / 1_000_000n);
const range = { fromMs: baseMs + 60_000, toMs: baseMs + 660_000 };
const spans = sampleSpans(11, 250, 720);
const statements = migrations.flatMap((step) => step.statements.flatMap((statement) => onCluster(statement, 'two')));

/** Two hosts that count their processor's seconds. */
const metrics = {
  resourceMetrics: ['host-shared', 'host-orders'].map((host) => ({
    resource: { attributes: otlpAttributes({ 'service.name': 'host-agent', 'service.instance.id': host, 'host.name': host }) },
    scopeMetrics: [
      {
        metrics: [
          {
            name: 'system.cpu.time',
            unit: 's',
            sum: {
              aggregationTemporality: 2,
              isMonotonic: true,
              dataPoints: ['user', 'iowait', 'idle'].flatMap((mode, weight) =>
                Array.from({ length: 72 }, (_, i) => ({
                  attributes: otlpAttributes({ 'cpu.mode': mode }),
                  startTimeUnixNano: String(baseNs),
                  timeUnixNano: String(baseNs + BigInt(i * 10) * secondNs),
                  asDouble: i * (weight + 1),
                })),
              ),
            },
          },
        ],
      },
    ],
  })),
};

let server: ClickHouse;
let single: Store;
let one: Store;
let two: Engine;

beforeAll(async () => {
  server = await startClickHouse('', clusters);
  single = await openStore();
  one = await openStore({ url: server.url, cluster: 'one' });
  for (const store of [single, one]) {
    for (let load = 0; load < 3; load++) await store.load('traces', traceRequest(spans.filter((_, n) => n % 3 === load)));
    await store.load('metrics', metrics);
    await store.settle();
  }
  await cutInTwo();
  two = await openEngine({ url: server.url, database: 'sonde_two', cluster: 'two' });
}, 120_000);

afterAll(async () => {
  // What was not opened, because something before it failed, is not there to be closed.
  const opened: readonly ({ close(): Promise<void> } | undefined)[] = [single, one, two];
  for (const each of opened) await each?.close();
  await server.stop();
});

/** Every table of the store again, as two shards that each see the rows whose hash is theirs. */
async function cutInTwo(): Promise<void> {
  await one.engine.command('CREATE DATABASE sonde_two ENGINE = Atomic');
  // A table that a later migration made anew has the key of that one.
  const keys = new Map<string, string>();
  for (const statement of statements) {
    const [, table, key] =
      /^CREATE TABLE IF NOT EXISTS (\w+) [^]*ENGINE = Distributed\('two', [^,]+, '\w+_local', (.+)\)$/.exec(statement) ?? [];
    if (table !== undefined && key !== undefined) keys.set(table, key);
  }
  for (const [table, key] of keys) {
    const rows = `sonde_default.${table}_local`;
    const columns = await one.engine.query<{ names: string }>(
      `SELECT arrayStringConcat(groupArray(name), ', ') AS names FROM system.columns WHERE database = 'sonde_default' AND table = {table:String}`,
      { table: `${table}_local` },
      budget,
    );
    await one.engine.command(
      `CREATE VIEW sonde_two.${table}_local AS SELECT ${columns[0]?.names} FROM ${rows} WHERE ${key} % 2 = shardNum() - 1`,
    );
    await one.engine.command(
      `CREATE TABLE sonde_two.${table} AS sonde_default.${table} ENGINE = Distributed('two', 'sonde_two', '${table}_local', ${key})`,
    );
  }
}

async function parsed(statement: string): Promise<string> {
  const asked = one.engine.query<{ text: string }>('SELECT formatQuery({statement:String}) AS text', { statement }, budget);
  return (await asked)[0]?.text ?? '';
}

describe('statements for a cluster', () => {
  test('are parsed by the engine, each of them', async () => {
    expect(statements.length).toBeGreaterThan(migrations.flatMap((step) => step.statements).length);
    // Rows are written through the Distributed table, which knows the cluster.
    for (const statement of statements) {
      expect(await parsed(statement), statement).toContain(statement.startsWith('INSERT') ? 'INSERT INTO' : 'ON CLUSTER two');
    }
  });

  test('a broken one is not', async () => {
    const [first = ''] = statements;
    await expect(parsed(first.replace("ON CLUSTER 'two'", 'ON CLUSTER'))).rejects.toThrow('Syntax error');
  });
});

describe('one shard', () => {
  test('a load that is repeated stores nothing twice, in no table and under no view', async () => {
    const counts = () =>
      one.engine.query<{ spans: string; traces: string; minutes: string }>(
        `SELECT (SELECT count() FROM spans) AS spans, (SELECT sum(spans) FROM trace_ts) AS traces, (SELECT sum(calls) FROM span_minutes) AS minutes`,
        {},
        budget,
      );
    const all = String(spans.length);
    expect(await counts()).toEqual([{ spans: all, traces: all, minutes: all }]);
    await one.repeatLoads();
    expect(await counts()).toEqual([{ spans: all, traces: all, minutes: all }]);
  });

  test('a second start finds its schema there, and tells the other servers nothing: one may be away', async () => {
    const told: string[] = [];
    const command = async (sql: string) => void told.push(sql);
    expect(await migrate({ ...one.engine, command }, migrations, 'one')).toEqual([]);
    expect(new Set(told)).toEqual(new Set(['SYSTEM SYNC REPLICA migrations']));
  });

  test('a load that its shard did not take has failed, and waits nowhere', async () => {
    await one.engine.command('CREATE DATABASE sonde_away ENGINE = Atomic');
    await one.engine.command(
      `CREATE TABLE sonde_away.spans AS sonde_default.spans_local ENGINE = Distributed('away', 'sonde_away', 'spans_local', cityHash64(trace_id))`,
    );
    const away = await openEngine({ url: server.url, database: 'sonde_away', cluster: 'away' });
    await expect(one.repeatLoads(away, 'spans')).rejects.toThrow('Connection refused');
    await away.close();
  });

  test('a row that a shard refuses is not taken apart under other tokens: another shard may have stored its part', async () => {
    await one.engine.command('CREATE DATABASE sonde_strict ENGINE = Atomic');
    await one.engine.command('CREATE TABLE sonde_strict.spans_local AS sonde_default.spans_local');
    await one.engine.command('ALTER TABLE sonde_strict.spans_local ADD CONSTRAINT short CHECK duration_ns < 1000');
    const strict = await openEngine({ url: server.url, database: 'sonde_strict', cluster: 'one' });
    await strict.command(
      `CREATE TABLE spans AS sonde_default.spans_local ENGINE = Distributed('one', 'sonde_strict', 'spans_local', cityHash64(trace_id))`,
    );
    const refusal = await one.repeatLoads(strict, 'spans').catch((error: unknown) => error);
    expect(errorCode(refusal)).toBe('469');
    expect(contentError(refusal)).toBeUndefined();
    await strict.close();
  });

  test('a cluster that the server does not know is refused by name', async () => {
    const opened = openEngine({ url: server.url, database: 'sonde_default', cluster: 'three' });
    await expect(opened).rejects.toThrow(EngineUnusable);
    await expect(opened).rejects.toThrow('three');
  });
});

const traceId = spans[0]?.traceId ?? '';
function search(text: string) {
  const read = parseSearch(text);
  if (read.kind === 'problem') throw new Error(read.problem.message);
  const { expression } = read.search;
  if (expression === undefined) throw new Error(`${text} asks for nothing`);
  return { search: expression };
}

const page = { sort: 'time', limit: 500 } as const;
const asked: Readonly<Record<string, (questions: Questions) => Promise<unknown>>> = {
  services: (q) => q.services(range),
  service: (q) => q.service(range, 'orders'),
  hosts: (q) => q.hosts(range),
  host: (q) => q.host(range, 'host-shared'),
  trace: async (q) => spansById(await q.trace(traceId)),
  'traces, newest': (q) => q.traces(range, {}, page),
  'traces of a service, longest': (q) => q.traces(range, { service: 'payment' }, { sort: 'duration', limit: 500 }),
  'traces of failed spans': (q) => q.traces(range, { status: 'error' }, page),
  'traces by a resource': (q) => q.traces(range, search('host.id = id-host-shared and status = error'), page),
  'traces but for a resource': (q) => q.traces(range, search('not host.id = id-host-shared'), page),
  'latency by a resource': (q) => q.latencyHistogram(range, search('host.id = id-host-orders')),
  'latency heatmap': (q) => q.latencyHeatmap(range, { service: 'orders' }),
  'search keys': (q) => q.searchKeys(range, '', 100),
  'search values': (q) => q.searchValues(range, { scope: 'resource', key: 'host.id' }, '', 100),
  'top APIs': (q) => q.top(range, { by: 'hotspot', of: 'api', time: 'inclusive', percentile: 95, limit: 100 }),
  'top APIs by self time': (q) => q.top(range, { by: 'hotspot', of: 'api', time: 'self', percentile: 95, limit: 100 }),
  'top statements': (q) => q.top(range, { by: 'latency', of: 'statement', time: 'inclusive', percentile: 95, limit: 100 }),
};

/** Spans that begin at one time are in no order. */
function spansById(trace: Awaited<ReturnType<Questions['trace']>>) {
  return trace && { ...trace, spans: trace.spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1)) };
}

describe('answers', () => {
  test('two shards hold a part of the traces each, and no trace lies on both', async () => {
    const rows = await two.query<{ shard: number; traces: string }>(
      'SELECT _shard_num AS shard, uniqExact(trace_id) AS traces FROM spans GROUP BY shard ORDER BY shard',
      {},
      budget,
    );
    const [first = 0, second = 0] = rows.map((row) => Number(row.traces));
    expect(Math.min(first, second)).toBeGreaterThan(60);
    expect(first + second).toBe(new Set(spans.map((span) => span.traceId)).size);
  });

  test.each(Object.entries(asked))('%s: the same from one machine, from one shard and from two', async (_, ask) => {
    const wanted = await ask(single.questions);
    expect(JSON.stringify(wanted).length).toBeGreaterThan(200);
    expect(await ask(one.questions)).toEqual(wanted);
    expect(await ask(openQuestions(two))).toEqual(wanted);
  });
});
