import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createColumnBatch } from '@sonde/otlp';
import { type Engine, EngineUnusable, migrate, openEngine, openQuestions } from '@sonde/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClickHouseHttp } from './clickhouse-http.ts';
import { traceRequest } from './loaded-store.ts';
import { baseNs, sampleSpans } from './sample-spans.ts';
import { slowServices } from './slow-answers.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e15 };
const baseMs = Number(baseNs / 1_000_000n);

let server: Awaited<ReturnType<typeof startClickHouseHttp>>;
let engine: Engine;

beforeAll(async () => {
  server = await startClickHouseHttp();
  engine = await openEngine({ url: server.url, database: 'sonde_default' });
});
afterAll(async () => {
  await engine.close();
  await server.close();
});

test('the same schema, loads and questions as embedded', async () => {
  expect(engine.kind).toBe('server');
  expect(await migrate(engine)).toEqual([1, 2, 3, 4]);
  const spans = sampleSpans(3, 60, 3600);
  const batch = createColumnBatch();
  for (const half of [0, 1]) {
    const own = spans.filter((_, i) => i % 2 === half);
    batch.append('traces', 'json', Buffer.from(JSON.stringify(traceRequest(own))), baseMs);
    for (const { table, bytes } of batch.take()) writeFileSync(join(server.directory, `${table}-${half}`), bytes);
  }
  const files = ['spans-0', 'spans-1'].map((name) => join(server.directory, name));
  await engine.insertFiles('spans', files, 'once');
  await engine.insertFiles('spans', files, 'once');
  const range = { fromMs: baseMs, toMs: baseMs + 3_600_000 };
  expect((await openQuestions(engine).services(range)).items).toEqual(slowServices(spans, range));
  expect(await engine.query('SELECT toString(sum(spans)) AS counted FROM trace_ts', {}, budget)).toEqual([
    { counted: String(spans.length) },
  ]);
});

test('values of every kind arrive as they were given', async () => {
  for (const text of [`'; DROP TABLE spans --`, `\\' OR 1`, 'a\tb\nc', '日本', '']) {
    const rows = await engine.query(
      'SELECT {text:String} AS text, {texts:Array(String)} AS texts',
      { text, texts: [text, 'x'] },
      budget,
    );
    expect(rows).toEqual([{ text, texts: [text, 'x'] }]);
  }
  const numbers = { big: 2n ** 64n - 1n, small: -(2n ** 63n), half: 0.5, bigs: [1n, 2n ** 64n - 1n] };
  expect(
    await engine.query(
      'SELECT toString({big:UInt64}) AS big, toString({small:Int64}) AS small, {half:Float64} AS half, arrayMap(x -> toString(x), {bigs:Array(UInt64)}) AS bigs',
      numbers,
      budget,
    ),
  ).toEqual([{ big: '18446744073709551615', small: '-9223372036854775808', half: 0.5, bigs: ['1', '18446744073709551615'] }]);
});

test('a question over its budget says which', async () => {
  const slow = 'SELECT sum(sipHash64(number)) AS n FROM numbers(100000000000)';
  await expect(engine.query(slow, {}, { ...budget, timeMs: 200 })).rejects.toMatchObject({
    name: 'QueryBudgetExceeded',
    limit: 'time',
  });
  await expect(engine.query(slow, {}, { ...budget, rowsMax: 10 })).rejects.toMatchObject({ limit: 'rows' });
  await expect(engine.query('INSERT INTO migrations (version) VALUES (9)', {}, budget)).rejects.toThrow();
});

test('a server that is too old is refused', async () => {
  const old = createServer((_request, response) => response.end('{"version":"25.8.3.1"}\n'));
  await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
  const { port } = old.address() as AddressInfo;
  const opening = openEngine({ url: `http://127.0.0.1:${port}`, database: 'sonde_default' });
  await expect(opening).rejects.toThrow('ClickHouse 25.8.3.1 is too old: Sonde needs 26.7 or newer.');
  old.close();
});

test('a database name is an identifier', async () => {
  await expect(openEngine({ url: server.url, database: 'x; DROP DATABASE sonde_default' })).rejects.toThrow(EngineUnusable);
});
