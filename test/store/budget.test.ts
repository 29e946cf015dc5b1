import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Budget, type Engine, migrate, openEngine, openQuestions, QueryBudgetExceeded } from '@sonde/store';
import { createColumnBatch } from '@sonde/otlp';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiRoutes, apiServerOptions } from '../../collector/src/api/routes.ts';
import { traceRequest } from './loaded-store.ts';
import { sampleSpans } from './sample-spans.ts';
import { retentionOf } from './retention-of.ts';

/** What a question may not have, the engine itself takes away. */

const startMs = Date.UTC(2026, 2, 10);
const range = `from=${startMs}&to=${startMs + 3_600_000}`;
const spans = sampleSpans(3, 30, 600);
const generous: Budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };

let directory: string;
let engine: Engine;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-budget-'));
  // The least readers that leave room for two slow questions and a quick one.
  engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_default', readers: 3, replyBytesMax: 100_000 });
  await migrate(engine);
  await engine.command(`
INSERT INTO spans (timestamp, trace_id, span_id, name, kind, service, duration_ns, attributes)
SELECT fromUnixTimestamp64Nano(toInt64(${startMs} * 1000000 + number * 10000000)), toFixedString(reinterpretAsString(sipHash128(number)), 16),
  toFixedString(reinterpretAsString(sipHash64(number)), 8), concat('n', toString(number % 10)), 2, 's', number, map('user.id', toString(number))
FROM numbers(300000)`);
  await engine.command(`
INSERT INTO logs (timestamp, service, body, body_type)
SELECT fromUnixTimestamp64Nano(toInt64(${startMs} * 1000000 + number)), 's', repeat('x', 500), 's' FROM numbers(1000)`);
  await load();
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

let loads = 0;

async function load(): Promise<void> {
  const batch = createColumnBatch();
  batch.append('traces', 'json', Buffer.from(JSON.stringify(traceRequest(spans))), startMs);
  const id = loads++;
  for (const { table, bytes } of batch.take()) {
    const file = join(directory, `${table}-${id}.native`);
    await writeFile(file, bytes);
    await engine.insertFiles(table, [file], file);
  }
}

/** The API over the same engine, whose questions may cost less. */
async function ask(path: string, less: Partial<Budget>) {
  const poorer: Engine = { ...engine, query: (sql, params, budget) => engine.query(sql, params, { ...budget, ...less }) };
  const app = Fastify(apiServerOptions);
  await app.register(apiRoutes, {
    prefix: '/api/v1',
    questions: openQuestions(poorer),
    retention: retentionOf({ engine }),
    health: () => {
      throw new Error('not asked');
    },
  });
  const answer = await app.inject({ method: 'GET', url: `/api/v1${path}` });
  await app.close();
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

const heavy = `/traces/facets?q=${encodeURIComponent('user.id ~ "(1|2).*(3|4).*(5|6)"')}&${range}`;

test.each([
  ['time', heavy, { timeMs: 5 }],
  ['memory', heavy, { memoryBytes: 3_000_000 }],
  ['rows', heavy, { rowsMax: 10_000 }],
  ['size', `/logs?limit=1000&${range}`, {}],
] as const)('a question that runs out of %s is a problem that says so', async (limit, path, less) => {
  const { status, body } = await ask(path, less);
  expect(body, JSON.stringify(body)).toMatchObject({ status: 422, code: 'question-too-large' });
  expect(body['detail']).toContain(`exceeded its ${limit} budget`);
  expect(status).toBe(422);
});

test('the same with enough of everything is answered', async () => {
  expect((await ask(heavy, {})).status).toBe(200);
  expect((await ask(`/logs?limit=50&${range}`, {})).status).toBe(200);
});

test('slow questions delay neither loads nor those that are quick', async () => {
  const ended: string[] = [];
  const slow = Array.from({ length: 4 }, async () => {
    const asked = engine.query(
      'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1',
      {},
      { ...generous, timeMs: 4000, rowsMax: 1e13 },
    );
    await expect(asked).rejects.toThrow(QueryBudgetExceeded);
    ended.push('slow');
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const traceId = spans[0]?.traceId ?? '';
  const quick = openQuestions(engine).trace(traceId);
  const asTheyEnd = [quick.finally(() => ended.push('quick')), load().finally(() => ended.push('loaded'))];
  await Promise.all([...slow, ...asTheyEnd]);
  expect((await quick)?.spans.length).toBeGreaterThan(0);
  expect(ended.slice(0, 2).toSorted()).toEqual(['loaded', 'quick']);
}, 60_000);
