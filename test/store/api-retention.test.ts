/** What is set through the API: who may, with what, and that it holds. */
import { type Health, operations, Problem, type Retention as RetentionReply } from '@sonde/api';
import { openQuestions, type Retention } from '@sonde/store';
import Fastify, { type FastifyInstance } from 'fastify';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiRoutes, apiServerOptions } from '../../collector/src/api/routes.ts';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { longRetention, retentionOf } from './retention-of.ts';
import { sampleSpans } from './sample-spans.ts';

let store: Store;
let app: FastifyInstance;
let retention: Retention;

beforeAll(async () => {
  store = await openStore();
  // Of 10 March 2026: long past, whenever this runs.
  await store.load('traces', traceRequest(sampleSpans(11, 50, 3600)));
  retention = retentionOf(store);
  app = Fastify(apiServerOptions);
  const questions = openQuestions(store.engine);
  await app.register(apiRoutes, { prefix: '/api/v1', questions, retention, health: () => ({}) as Health });
});
afterAll(async () => {
  await app.close();
  await store.close();
});

const json = { 'content-type': 'application/json', host: 'sonde.test:4320' };

async function put(payload: unknown, headers: Readonly<Record<string, string>> = json) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const answer = await app.inject({ method: 'PUT', url: '/api/v1/retention', headers, payload: body });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

const read = async () => (await app.inject({ url: '/api/v1/retention' })).json<RetentionReply>();

test.each([
  [{ ...longRetention, logsDays: 0 }, 'logsDays'],
  [{ ...longRetention, logsDays: 3651 }, 'logsDays'],
  [{ ...longRetention, logsDays: 1.5 }, 'logsDays'],
  [{ ...longRetention, logsDays: '14' }, 'logsDays'],
  [{ ...longRetention, logsDays: null }, 'logsDays'],
  [{ ...longRetention, logsDays: undefined }, 'logsDays'],
  [{ ...longRetention, logDays: 3 }, 'logDays'],
  [{ ...longRetention, spansDays: 8, keptSpansDays: 7 }, 'keptSpansDays'],
  [{ ...longRetention, samplePercent: 101 }, 'samplePercent'],
  [{ ...longRetention, slowMs: 0 }, 'slowMs'],
])('a wrong value is refused by its name: %j', async (settings, parameter) => {
  const answer = await put(settings);
  expect(answer).toMatchObject({ status: 400, body: { code: 'bad-parameter', parameter } });
  expect(Compile(Problem).Errors(answer.body)).toEqual([]);
});

test.each([
  ['not JSON', '{', json, 400, 'malformed-body'],
  ['an empty body', '', json, 400, 'malformed-body'],
  ['a list', '[]', json, 400, 'malformed-body'],
  ['null', 'null', json, 400, 'malformed-body'],
  ['64 KiB', ' '.repeat(65_537), json, 413, 'body-too-large'],
  ['text', JSON.stringify(longRetention), { ...json, 'content-type': 'text/plain' }, 415, 'unsupported-content-type'],
  ['a form', 'logsDays=1', { ...json, 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported-content-type'],
  ['nothing said', JSON.stringify(longRetention), { host: json.host }, 415, 'unsupported-content-type'],
  ['another site', JSON.stringify(longRetention), { ...json, 'sec-fetch-site': 'cross-site' }, 403, 'cross-site'],
  ['another port', JSON.stringify(longRetention), { ...json, 'sec-fetch-site': 'same-site' }, 403, 'cross-site'],
  ['a foreign origin', JSON.stringify(longRetention), { ...json, origin: 'http://sonde.test:8080' }, 403, 'cross-site'],
  ['no origin at all', JSON.stringify(longRetention), { ...json, origin: 'null' }, 403, 'cross-site'],
])('%s is refused', async (_, payload, headers, status, code) => {
  expect(await put(payload, headers)).toMatchObject({ status, body: { code } });
  expect((await read()).setAtMs).toBeNull();
});

test('what is set is answered, drops what is past it within moments, and is said', async () => {
  const before = await read();
  expect(before.signals.find(({ signal }) => signal === 'spans')).toMatchObject({
    oldestDay: '2026-03-10',
    newestDay: '2026-03-10',
  });
  retention.start();
  try {
    const own = { ...json, origin: 'http://sonde.test:4320', 'sec-fetch-site': 'same-origin' };
    const answer = await put({ ...longRetention, spansDays: 1, keptSpansDays: 1 }, own);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(Compile(operations.setRetention.reply).Errors(answer.body)).toEqual([]);
    expect(answer.body).toMatchObject({ settings: { spansDays: 1, keptSpansDays: 1, logsDays: 3650 } });
    await expect
      .poll(async () => (await read()).signals.find(({ signal }) => signal === 'spans'), { timeout: 10_000 })
      .toEqual({ signal: 'spans', rows: 0, bytes: 0, oldestDay: null, newestDay: null });
    // It is said a moment after it was done.
    await expect.poll(async () => (await read()).dropped.length, { timeout: 10_000 }).toBeGreaterThan(0);
    const { dropped } = await read();
    expect(dropped).toMatchObject([{ signal: 'spans', day: '2026-03-10', reason: 'age' }]);
    expect(dropped[0]?.rows).toBe(before.signals.find(({ signal }) => signal === 'spans')?.rows);
  } finally {
    await retention.stop();
  }
});
