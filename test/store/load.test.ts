import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tables } from '@sonde/otlp';
import { type Engine, EngineUnusable, migrate, openEngine, QueryBudgetExceeded } from '@sonde/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };

let directory: string;
let engine: Engine;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-load-'));
  engine = await open();
  await migrate(engine);
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

const open = () => openEngine({ path: join(directory, 'db'), database: 'sonde_default', replyBytesMax: 1_000_000 });

/** ClickHouse itself writes the files, so that no encoder of ours vouches for the loading. */
async function writeSpans(file: string, rows: number, seed: number): Promise<string> {
  const path = join(directory, file);
  const given: Readonly<Record<string, string>> = {
    timestamp: `fromUnixTimestamp64Nano(toInt64(1_540_000_000_000_000_000 + number * 1_000_000_000), 'UTC')`,
    duration_ns: 'number % 1000',
    trace_id: `toFixedString(reinterpretAsString(sipHash128(intDiv(number, 10), ${seed})), 16)`,
    span_id: `toFixedString(reinterpretAsString(sipHash64(number, ${seed})), 8)`,
    name: `concat('GET /', toString(number % 7))`,
    kind: 'toUInt8(number % 6)',
    status_code: 'toUInt8(number % 3)',
    service: `concat('service-', toString(number % 5))`,
    attributes: `map('db.system', 'postgresql', 'db.statement', concat('SELECT * FROM t WHERE id = ', toString(number)))`,
  };
  const columns = Object.entries(tables.spans).map(
    ([name, type]) => `CAST(${given[name] ?? `defaultValueOfTypeName('${type}')`}, '${type}') AS ${name}`,
  );
  await engine.command(`INSERT INTO FUNCTION file('${path}', 'Native') SELECT ${columns.join(', ')} FROM numbers(${rows})`);
  return path;
}

async function totals() {
  const [row] = await engine.query<Record<string, string>>(
    `SELECT toString((SELECT count() FROM spans)) AS spans, toString((SELECT sum(spans) FROM trace_ts)) AS counted,
      toString((SELECT sum(errors) FROM trace_ts)) AS errors, toString((SELECT uniqExact(trace_id) FROM trace_ts)) AS traces,
      toString((SELECT uniqExact(statement_hash) FROM spans)) AS statements`,
    {},
    budget,
  );
  return row;
}

describe('loading files', () => {
  test('the same files under the same token change nothing anywhere, across days and blocks', async () => {
    // Two days and, at 65,409 rows a block as the engine reads, several blocks of two files.
    const files = [await writeSpans('a.native', 150_000, 1), await writeSpans('b.native', 100_000, 2)];
    await engine.insertFiles('spans', files, 'set-1');
    const once = await totals();
    expect(once).toEqual({ spans: '250000', counted: '250000', errors: '83333', traces: '25000', statements: '1' });
    await engine.insertFiles('spans', files, 'set-1');
    expect(await totals()).toEqual(once);
    // By another start than the one that made the tables: what it changed of a view in place has another token.
    await engine.close();
    engine = await open();
    await engine.insertFiles('spans', files, 'set-1');
    expect(await totals()).toEqual(once);
  });

  test('another token stores the same rows again', async () => {
    const files = [await writeSpans('c.native', 100, 3)];
    const before = await totals();
    await engine.insertFiles('spans', files, 'set-2');
    await engine.insertFiles('spans', files, 'set-3');
    expect(Number((await totals())?.spans) - Number(before?.spans)).toBe(200);
  });

  test('a load that was cut short between days is completed by the next', async () => {
    const files = [await writeSpans('d.native', 150_000, 4)];
    await engine.insertFiles('spans', files, 'set-4');
    const whole = await totals();
    await engine.command(`ALTER TABLE spans DROP PARTITION '2018-10-20'`);
    expect(Number((await totals())?.spans)).toBeLessThan(Number(whole?.spans));
    await engine.insertFiles('spans', files, 'set-4');
    expect((await totals())?.counted).toBe(whole?.counted);
  });

  test('a path that the engine would take for a pattern is refused', async () => {
    await expect(engine.insertFiles('spans', ['/tmp/{a}.native'], 'set-5')).rejects.toThrow(EngineUnusable);
    await expect(openEngine({ path: '/tmp/x*y', database: 'd' })).rejects.toThrow(EngineUnusable);
  });
});

describe('budgets', () => {
  test.each([
    ['time', { ...budget, timeMs: 100, rowsMax: 1e15 }, 'SELECT sum(sipHash64(number)) AS n FROM numbers(100000000000)'],
    ['memory', { ...budget, memoryBytes: 10_000_000 }, 'SELECT uniqExact(number) AS n FROM numbers(100000000)'],
    ['size', budget, `SELECT repeat('x', 1000) AS text FROM numbers(2000)`],
    ['rows', { ...budget, rowsMax: 1000 }, 'SELECT count() AS n FROM (SELECT service FROM spans WHERE duration_ns = 3)'],
  ])('over the %s budget', async (limit, tight, sql) => {
    const error = await engine.query(sql, {}, tight).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QueryBudgetExceeded);
    expect((error as QueryBudgetExceeded).limit).toBe(limit);
    // The budget of one question is not that of the next on the same session.
    expect(await engine.query('SELECT 1 AS one', {}, budget)).toEqual([{ one: 1 }]);
    expect(await engine.query('SELECT 1 AS one', {}, budget)).toEqual([{ one: 1 }]);
  });

  test('a slow question does not hold up another, nor a load', async () => {
    const slow = engine
      .query(
        'SELECT sum(sipHash64(number, {n:UInt8})) AS n FROM numbers(100000000000)',
        { n: 1 },
        { ...budget, timeMs: 1500, rowsMax: 1e15 },
      )
      .catch(() => 'over');
    const startedAt = performance.now();
    for (let n = 0; n < 5; n++) expect(await engine.query('SELECT {n:UInt8} AS n', { n }, budget)).toEqual([{ n }]);
    await engine.command('SELECT 1');
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(await slow).toBe('over');
  });

  test('a reader cannot write', async () => {
    await expect(engine.query('DROP TABLE spans', {}, budget)).rejects.toThrow();
    await expect(engine.query('INSERT INTO migrations (version) VALUES (9)', {}, budget)).rejects.toThrow();
    expect(Number((await totals())?.spans)).toBeGreaterThan(0);
  });
});
