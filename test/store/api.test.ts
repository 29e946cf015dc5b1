/**
 * The API as a whole, over one store of 100 traces: that each operation answers as its schema says, that each refusal names what was wrong
 * with the question, and that no value leaves its place. It is one file because all three go through every operation, and a second file
 * would start and settle a second store; what one operation answers is tested in a file of its own.
 */
import { apiRoutes, apiServerOptions } from '../../collector/src/api/routes.ts';
import { type Health, operations, Problem } from '@sonde/api';
import { EngineBusy, QueryBudgetExceeded, type Questions } from '@sonde/store';
import Fastify, { type FastifyInstance } from 'fastify';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveVectors, vector } from '../otlp/vectors.ts';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { retentionOf } from './retention-of.ts';
import { baseNs, sampleSpans } from './sample-spans.ts';

const counters = { received: 0, stored: 0, pending: 0, rejected: 0, refused: 0, quarantined: 0 };
const health: Health = {
  status: 'ok',
  version: '0.1.0',
  uptimeSeconds: 1.5,
  store: { kind: 'embedded', version: '26.7', state: 'reachable' },
  disk: { freeBytes: 1, totalBytes: 2, freeMinBytes: 1, state: 'ok' },
  spool: { bytes: 0, files: 0, oldestSeconds: 0 },
  counters: { traces: counters, metrics: counters, logs: counters },
  settled: { throughMs: null, spans: 0, overflowedSpans: 0, skippedWindows: 0 },
  refusedRequests: {},
  drops: [],
};

const baseMs = Number(baseNs / 1_000_000n);
const range = `from=${baseMs}&to=${baseMs + 3_600_000}`;
// What failed says so, as instrumentations do.
const spans = sampleSpans(11, 100, 3600).map((span) =>
  span.failed ? { ...span, attributes: { ...span.attributes, 'error.type': 'TimeoutError' } } : span,
);

let store: Store;
let app: FastifyInstance;
const faults: unknown[] = [];

beforeAll(async () => {
  store = await openStore();
  await store.load('traces', traceRequest(spans));
  await store.load('logs', {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'orders' } }] },
        scopeLogs: [
          {
            logRecords: [1n, 2n, 3n].map((n) => ({
              timeUnixNano: String(baseNs + n),
              severityNumber: 9,
              body: { stringValue: 'order taken' },
            })),
          },
        ],
      },
    ],
  });
  await store.settle();
  app = await serve(store.questions);
});
afterAll(async () => {
  await app.close();
  await store.close();
});

async function serve(questions: Questions) {
  const served = Fastify(apiServerOptions);
  await served.register(apiRoutes, {
    prefix: '/api/v1',
    questions,
    retention: retentionOf(store),
    health: () => health,
    onFault: (error) => faults.push(error),
  });
  return served;
}

async function get(path: string, from = app) {
  const response = await from.inject({ method: 'GET', url: `/api/v1${path}` });
  return { status: response.statusCode, headers: response.headers, body: response.json<Record<string, unknown>>() };
}

async function expectProblem(path: string, status: number, code: string, parameter?: string, from = app) {
  const answer = await get(path, from);
  expect(answer.body, path).toMatchObject({
    status,
    code,
    type: 'about:blank',
    ...(parameter === undefined ? {} : { parameter }),
  });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(Compile(Problem).Errors(answer.body)).toEqual([]);
  return answer;
}

const questionPaths = {
  getHealth: '/health',
  getOverview: `/overview?limit=3&${range}`,
  listServices: `/services?${range}`,
  listServiceErrors: `/services/orders/errors?limit=3&${range}`,
  listServiceVersions: `/services/orders/versions?${range}`,
  getService: `/services/orders?${range}`,
  getTop: `/top?by=hotspot&of=endpoint&time=self&percentile=99.9&limit=7&${range}`,
  getDependencies: `/dependencies?level=endpoint&edgePercentiles=true&${range}`,
  getImpact: `/impact?host=host-shared&limit=3&${range}`,
  getDiagnosis: `/diagnosis?service=orders&${range}`,
  listChanges: `/changes?limit=5&${range}`,
  getCapacity: `/capacity?limit=20&${range}`,
  getCapacityWhatIf: `/capacity/what-if?service=orders&name=work&factor=2.5&${range}`,
  listTraces: `/traces?q=${encodeURIComponent('user.id ~ "^u" and duration >= 1ns')}&sort=duration&limit=5&minDurationMs=1e-3&attribute=user.id%3Du7&${range}`,
  listTraceFacets: `/traces/facets?service=orders&limit=3&others=4&${range}`,
  compareTraces: `/traces/compare?q=kind+%3D+client&selection=${encodeURIComponent('duration > 100ms')}&selectionMaxDurationMs=1e6&limit=20&${range}`,
  getErrorOrigins: `/traces/errors?service=orders&selectionMinDurationMs=1&limit=5&${range}`,
  compareTraceFlames: `/traces/flame?selection=${encodeURIComponent('duration > 100ms')}&limit=20&${range}`,
  getTrace: `/traces/${spans[0]?.traceId.toUpperCase()}`,
  listTraceLinks: `/traces/${spans[0]?.traceId}/links`,
  getTraceColumns: `/traces/${spans[0]?.traceId}/columns`,
  listSearchKeys: `/search/keys?prefix=&${range}`,
  listSearchValues: `/search/values?key=service.name&prefix=o&limit=3&${range}`,
  getLatencyHistogram: `/latency/histogram?name=work&${range}`,
  getLatencyHeatmap: `/latency/heatmap?status=error&${range}`,
  listLogs: `/logs?q=${encodeURIComponent('Order severity >= info')}&service=orders&limit=2&${range}`,
  getLogHistogram: `/logs/histogram?severity=info&${range}`,
  listMiddleware: `/middleware?${range}`,
  getMiddleware: `/middleware/postgresql:db-postgresql:5432?${range}`,
  getInventory: '/inventory?service=orders&limit=5',
  listHosts: `/hosts?${range}`,
  listHostProcesses: `/hosts/host-shared/processes?${range}`,
  getHost: `/hosts/host-shared?${range}`,
  getRetention: '/retention',
} as const satisfies Record<Exclude<keyof typeof operations, 'setRetention'>, string>;

describe('answers', () => {
  test.each(Object.entries(questionPaths))('%s fits its schema', async (id, path) => {
    const answer = await get(path);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(Compile(operations[id as keyof typeof operations].reply).Errors(answer.body)).toEqual([]);
    const { items = ['one'], spans: found = ['one'] } = answer.body as {
      items?: unknown[];
      spans?: number | unknown[] | { spanId: unknown[] };
    };
    // That links are found is tested in trace.test.ts, changes in diagnosis.test.ts; nobody links to this one, and nothing changes.
    if (id !== 'listTraceLinks' && id !== 'listChanges') expect(items.length).toBeGreaterThan(0);
    // Some count their spans, one has them by columns.
    const list = typeof found === 'object' && 'spanId' in found ? found.spanId : found;
    expect(typeof list === 'number' ? list : list.length).toBeGreaterThan(0);
  });

  test('the range may be given as RFC 3339, in any zone', async () => {
    const inMs = await get(`/services?${range}`);
    const from = encodeURIComponent(new Date(baseMs).toISOString());
    const to = encodeURIComponent('2026-03-10T13:00:00.000+02:00');
    expect((await get(`/services?from=${from}&to=${to}`)).body).toEqual(inMs.body);
  });

  test('by default the last hour', async () => {
    const before = Date.now();
    const { range: answered } = (await get('/services')).body as { range: { fromMs: number; toMs: number } };
    expect(answered.toMs).toBeGreaterThanOrEqual(before);
    // Both ends in whole minutes.
    expect(answered.toMs - answered.fromMs).toBeLessThanOrEqual(3_660_000);
    expect(answered.fromMs).toBeLessThanOrEqual(before - 3_600_000);
    expect(answered.fromMs % 60_000).toBe(0);
  });

  test('pages of traces follow one another', async () => {
    const first = (await get(`/traces?limit=3&${range}`)).body as { items: { traceId: string }[]; nextCursor: string };
    const second = (await get(`/traces?limit=3&cursor=${first.nextCursor}&${range}`)).body as typeof first;
    const ids = [...first.items, ...second.items].map((item) => item.traceId);
    expect(new Set(ids).size).toBe(6);
  });
});

function inQuotes(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** The text in every place of a search where a text can stand; as it is, it is quoted. */
function searchesFor(text: string): string[] {
  const own = inQuotes(text);
  return [
    own,
    `name = ${own}`,
    `service.name in (${own}, ${own})`,
    `${own} = ${own}`,
    `${inQuotes(`resource.${text}`)} != ${own}`,
    `http.route = ${own} and duration > 1ns`,
    `${own} exists or ${own} > 5`,
  ];
}

function failing(error: Error) {
  const services = async () => {
    throw error;
  };
  return serve({ ...store.questions, services });
}

describe('refusals name the parameter', () => {
  test.each([
    ['/services?form=1', 'form'],
    ['/services?from=yesterday', 'from'],
    ['/services?from=2026-02-30', 'from'],
    ['/services?from=-1', 'from'],
    ['/services?from=1e3', 'from'],
    ['/services?from=20&to=20', 'from'],
    ['/services?from=21&to=20', 'from'],
    ['/services?from=0&to=99999999999', 'from'],
    ['/services?to=99999999999999', 'to'],
    ['/services?from=1&from=2', 'from'],
    ['/top?of=api', 'by'],
    ['/top?by=volume&of=table', 'of'],
    ['/top?by=volume&of=api&time=cpu', 'time'],
    [`/top?by=volume&of=api&environment=${'x'.repeat(1025)}`, 'environment'],
    ['/dependencies?level=host', 'level'],
    ['/dependencies?depth=0', 'depth'],
    ['/dependencies?depth=11', 'depth'],
    ['/dependencies?depth=two', 'depth'],
    ['/dependencies?edgePercentiles=yes', 'edgePercentiles'],
    ['/dependencies?focus=orders', 'focus'],
    ['/dependencies?focus=endpoint:orders/list', 'focus'],
    ['/dependencies?level=endpoint&focus=service:orders', 'focus'],
    ['/dependencies?from=0&to=99999999999', 'from'],
    ['/dependencies?service=orders', 'service'],
    ['/diagnosis', 'host'],
    ['/diagnosis?service=a&host=b', 'service'],
    ['/diagnosis?queue=a&remote=b', 'remote'],
    ['/diagnosis?host=', 'host'],
    ['/diagnosis?statement=SELECT', 'statement'],
    ['/diagnosis?host=a&name=b', 'name'],
    ['/diagnosis?database=a&baselineFrom=0', 'baselineTo'],
    ['/changes?limit=0', 'limit'],
    ['/changes?limit=501', 'limit'],
    ['/changes?baselineTo=5', 'baselineFrom'],
    ['/changes?host=a', 'host'],
    ['/changes?from=0&to=99999999999', 'from'],
    ['/impact', 'host'],
    ['/impact?host=', 'host'],
    ['/impact?host=a&queue=b', 'queue'],
    ['/impact?service=a&remote=b', 'remote'],
    ['/impact?host=a&host=b', 'host'],
    ['/impact?statement=SELECT', 'statement'],
    ['/impact?statement=0123456789abcdef0', 'statement'],
    ['/impact?api=a', 'api'],
    ['/impact?host=a&limit=0', 'limit'],
    ['/impact?host=a&baselineFrom=0', 'baselineTo'],
    ['/impact?host=a&baselineTo=5', 'baselineFrom'],
    ['/impact?host=a&baselineFrom=5&baselineTo=5', 'baselineFrom'],
    ['/impact?host=a&baselineFrom=soon&baselineTo=5', 'baselineFrom'],
    ['/impact?host=a&baselineFrom=0&baselineTo=99999999999999', 'baselineTo'],
    ['/impact?host=a&from=0&to=99999999999', 'from'],
    ['/impact?host=a&to=then', 'to'],
    ['/top?by=volume;DROP&of=api', 'by'],
    ['/top?by=volume&of=api&percentile=100', 'percentile'],
    ['/top?by=volume&of=api&percentile=abc', 'percentile'],
    ['/top?by=volume&of=api&limit=0', 'limit'],
    ['/top?by=volume&of=api&limit=1001', 'limit'],
    ['/top?by=volume&of=api&limit=1.5', 'limit'],
    ['/traces?sort=random', 'sort'],
    ['/traces?attribute=novalue', 'attribute'],
    ['/traces?minDurationMs=-1', 'minDurationMs'],
    ['/traces?minDurationMs=5&maxDurationMs=4', 'minDurationMs'],
    ['/traces?statementHash=xyz', 'statementHash'],
    ['/search/values', 'key'],
    ['/search/values?key=resource.', 'key'],
    ['/search/keys?limit=0', 'limit'],
    ['/search/keys?prefix=a&prefix=b', 'prefix'],
    ['/traces?cursor=nonsense', 'cursor'],
    [`/traces?sort=time&cursor=${Buffer.from(`duration 5 ${'a'.repeat(32)}`).toString('base64url')}`, 'cursor'],
    [`/traces?cursor=${Buffer.from(`time 5'; DROP ${'a'.repeat(32)}`).toString('base64url')}`, 'cursor'],
    ['/logs?severity=loud', 'severity'],
    ['/logs?limit=1001', 'limit'],
    ['/logs?cursor=nonsense', 'cursor'],
    ['/logs?q=severity+%3D+loud', 'q'],
    ['/logs?q=body+%3E+5', 'q'],
    ['/logs/histogram?q=span.id+%3D+5', 'q'],
    ['/traces/facets?limit=0', 'limit'],
    ['/traces/compare', 'selection'],
    ['/traces/compare?selection=+', 'selection'],
    ['/traces/compare?selection=a+and', 'selection'],
    ['/traces/compare?selection=a&q=b+or', 'q'],
    ['/traces/compare?q=a&selection=user.id+~+"("', 'selection'],
    ['/traces/compare?selection=a&q=user.id+~+"("', 'q'],
    ['/traces/compare?selectionFrom=soon', 'selectionFrom'],
    ['/traces/compare?selectionFrom=5&selectionTo=5', 'selectionFrom'],
    ['/traces/compare?selectionMinDurationMs=5&selectionMaxDurationMs=4', 'selectionMinDurationMs'],
    ['/traces/abc', 'traceId'],
    [`/traces/${'g'.repeat(32)}`, 'traceId'],
    [`/traces/${'a'.repeat(32)}?deep=1`, 'deep'],
    ['/services?__proto__=1', '__proto__'],
    ['/services?constructor=1', 'constructor'],
    [`/services/${'x'.repeat(1025)}`, 'service'],
  ])('%s', async (path, parameter) => {
    await expectProblem(path, 400, 'bad-parameter', parameter);
  });

  test.each([
    ['a and', { start: 5, end: 5 }, 'Expected a key or a word, but the search ends.'],
    ['status = failed', { start: 9, end: 15 }, 'A status is one of unset, ok, error.'],
    ['日本 a = "b', { start: 7, end: 9 }, 'The quote that opens here is not closed.'],
    ['a = b and user.id ~ "("', { start: 20, end: 23 }, 'This is not a regular expression of RE2: missing ): (.'],
    ['a '.repeat(3000), { start: 4096, end: 6000 }, 'A search is at most 4096 characters long.'],
  ])('a search that cannot be read says where: %s', async (q, position, detail) => {
    for (const path of ['traces', 'traces/facets', 'traces/compare', 'latency/histogram', 'latency/heatmap']) {
      const selected = path.endsWith('compare') ? '&selection=a' : '';
      const asked = `/${path}?q=${encodeURIComponent(q)}${selected}&${range}`;
      const { body } = await expectProblem(asked, 400, 'bad-parameter', 'q');
      expect(body).toMatchObject({ position, detail });
    }
  });

  test('and what could stand there', async () => {
    const { body } = await expectProblem(`/traces?q=kind+%3D+web&${range}`, 400, 'bad-parameter', 'q');
    expect(body['expected']).toEqual(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']);
  });

  test('a cursor of another question', async () => {
    const cursorOf = async (path: string) => String((await get(path)).body['nextCursor']);
    const ofTraces = await cursorOf(`/traces?limit=3&${range}`);
    const ofOrders = await cursorOf(`/traces?limit=3&service=orders&${range}`);
    const ofLogs = await cursorOf(`/logs?limit=2&${range}`);
    for (const path of [
      `/traces?cursor=${ofOrders}&${range}`,
      `/traces?cursor=${ofTraces}&service=orders&${range}`,
      `/traces?cursor=${ofTraces}&q=kind+%3D+client&${range}`,
      `/traces?cursor=${ofTraces}&sort=duration&${range}`,
      `/traces?cursor=${ofLogs}&${range}`,
      `/logs?cursor=${ofTraces}&${range}`,
      `/logs?cursor=${ofLogs}&severity=info&${range}`,
    ]) {
      await expectProblem(path, 400, 'bad-parameter', 'cursor');
    }
    expect((await get(`/traces?cursor=${ofOrders}&service=orders&limit=7&${range}`)).status).toBe(200);
    expect((await get(`/logs?cursor=${ofLogs}&${range}`)).body['items']).toHaveLength(1);
  });

  test('what is not there', async () => {
    await expectProblem(`/traces/${'a'.repeat(32)}`, 404, 'unknown-trace');
    await expectProblem(`/services/nobody?${range}`, 404, 'unknown-service');
    await expectProblem(`/hosts/nowhere?${range}`, 404, 'unknown-host');
    await expectProblem(`/middleware/redis:nowhere?${range}`, 404, 'unknown-middleware');
    await expectProblem('/no/such/path', 404, 'unknown-path');
    await expectProblem('/', 404, 'unknown-path');
    await expectProblem('/services/%E0%A4%A', 400, 'bad-parameter');
  });

  test('each question of the small tables that runs out says so', async () => {
    const runsOut = async () => {
      throw new QueryBudgetExceeded('time', new Error('x'));
    };
    const from = await serve({ ...store.questions, top: runsOut, dependencies: runsOut, impact: runsOut, changes: runsOut });
    for (const path of ['/top?by=volume&of=api', '/dependencies', '/impact?host=a', '/changes'])
      await expectProblem(path, 422, 'question-too-large', undefined, from);
  });

  test('a question over its budget, an engine that is busy, and a fault of our own', async () => {
    await expectProblem(
      '/services',
      422,
      'question-too-large',
      undefined,
      await failing(new QueryBudgetExceeded('memory', new Error('x'))),
    );
    const busy = await expectProblem('/services', 503, 'engine-busy', undefined, await failing(new EngineBusy('busy')));
    expect(busy.headers['retry-after']).toBe('5');
    faults.length = 0;
    const fault = await expectProblem(
      '/services',
      500,
      'internal-fault',
      undefined,
      await failing(new Error('secret path /etc')),
    );
    expect(JSON.stringify(fault.body)).not.toContain('secret');
    expect(faults).toHaveLength(1);
  });
});

/** Every parameter of text of the questions over the small tables: a list, a map and a distribution of nothing. */
function emptyAnswers(text: string): (readonly [path: string, member: string, nothing: unknown])[] {
  const value = encodeURIComponent(text);
  return [
    ...['service', 'host', 'environment', 'namespace'].map(
      (place) => [`/top?by=volume&of=endpoint&${place}=${value}`, 'items', []] as const,
    ),
    ...['environment', 'namespace'].flatMap((place) => [
      [`/services?${place}=${value}`, 'items', []] as const,
      [`/hosts?${place}=${value}`, 'items', []] as const,
      [`/middleware?${place}=${value}`, 'items', []] as const,
      [`/dependencies?${place}=${value}`, 'nodes', []] as const,
      [`/impact?host=host-shared&${place}=${value}`, 'apis', []] as const,
      [`/changes?${place}=${value}`, 'items', []] as const,
    ]),
    ...['service', 'name', 'host', 'environment', 'namespace'].map(
      (filter) => [`/latency/histogram?${filter}=${value}`, 'count', 0] as const,
    ),
    ...['host', 'queue', 'service', 'database', 'remote'].map(
      (injured) => [`/impact?${injured}=${value}`, 'apis', []] as const,
    ),
    ...['host', 'queue', 'database', 'remote'].map((part) => [`/diagnosis?${part}=${value}`, 'symptom', null] as const),
    [`/dependencies?focus=service:${value}`, 'nodes', []],
    [`/dependencies?level=endpoint&focus=${encodeURIComponent(`endpoint:${value}/${text}`)}`, 'edges', []],
  ];
}

async function expectNothing([path, member, nothing]: ReturnType<typeof emptyAnswers>[number]): Promise<void> {
  const answer = await get(`${path}&${range}`);
  expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBe(200);
  expect(answer.body[member], path).toEqual(nothing);
}

describe('values stay values', () => {
  const attacks = [
    `\\'; DROP TABLE spans; --`,
    `\\{name:String}`,
    `') UNION ALL SELECT name FROM system.tables --`,
    `\u0000a\nb\tc%`,
    `"><script>日本 🜁`,
  ];
  test.each(attacks)('%j in every parameter of text', async (attack) => {
    const text = encodeURIComponent(attack);
    for (const path of [
      `/top?by=volume&of=endpoint&service=${text}&${range}`,
      `/top?by=volume&of=endpoint&host=${text}&${range}`,
      `/traces?service=${text}&${range}`,
      `/traces?name=${text}&${range}`,
      `/traces?host=${text}&${range}`,
      ...searchesFor(attack).map((search) => `/traces?q=${encodeURIComponent(search)}&${range}`),
      `/logs?service=${text}&${range}`,
      `/logs?host=${text}&${range}`,
      ...searchesFor(attack).map(
        (search) => `/logs?q=${encodeURIComponent(search.replace('duration > 1ns', 'severity >= info'))}&${range}`,
      ),
      `/search/values?key=service.name&prefix=${text}&${range}`,
      `/search/values?key=${text}&${range}`,
      `/search/keys?prefix=${text}&${range}`,
      `/traces?attribute=${text.replaceAll('%3D', '')}%3D${text}&attribute=k%3D${text}&${range}`,
    ]) {
      const answer = await get(path);
      expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBe(200);
      expect(answer.body['items'], path).toEqual([]);
    }
    // Each text in a third of them, so that each of them has a few.
    const turn = attacks.indexOf(attack);
    for (const asked of emptyAnswers(attack).filter((_, i) => i % 3 === turn % 3)) await expectNothing(asked);
    await expectProblem(`/dependencies?focus=${text}&${range}`, 400, 'bad-parameter', 'focus');
    await expectProblem(`/impact?statement=${text}&${range}`, 400, 'bad-parameter', 'statement');
    await expectProblem(`/services/${text}?${range}`, 404, 'unknown-service');
    await expectProblem(`/hosts/${text}?${range}`, 404, 'unknown-host');
    await expectProblem(`/middleware/${text}?${range}`, 404, 'unknown-middleware');
    for (const path of [
      `/top?by=${text}&of=api`,
      `/top?by=volume&of=api&time=${text}`,
      `/traces?sort=${text}`,
      `/traces?statementHash=${text}`,
    ]) {
      expect((await get(path)).status, path).toBe(400);
    }
    const all = (await get(`/services?${range}`)).body as { items: unknown[] };
    expect(all.items.length).toBeGreaterThan(2);
  });

  test.skipIf(!haveVectors())('naughty strings are looked for, and nothing is found', async () => {
    const naughty = JSON.parse(vector('strings/blns.json').toString()) as string[];
    const sent = naughty.filter((text, i) => i % 4 === 0 && text !== '' && encodeURIComponent(text).length < 1024);
    expect(sent.length).toBeGreaterThan(50);
    for (const [turn, text] of sent.entries()) {
      const asked = emptyAnswers(text);
      await expectNothing(asked[turn % asked.length] as (typeof asked)[number]);
    }
  });

  test('a name that looks like an attack is found by itself', async () => {
    const [first] = spans;
    if (first === undefined) throw new Error('no spans');
    for (const [i, attack] of attacks.entries()) {
      const traceId = `ab${String(i).padStart(2, '0')}`.padEnd(32, '0');
      const own = {
        ...first,
        traceId,
        parentSpanId: '',
        name: attack,
        attributes: { [`k${i}`]: attack },
        startNs: baseNs + 1n,
      };
      await store.load('traces', traceRequest([own]));
      const text = encodeURIComponent(attack);
      const searches = [`k${i} = ${inQuotes(attack)}`, `k${i} != x and name = ${inQuotes(attack)} and ${inQuotes(attack)}`];
      const asked = searches.map((search) => `q=${encodeURIComponent(search)}`);
      for (const filter of [`name=${text}`, `attribute=k${i}%3D${text}`, ...asked]) {
        const { items } = (await get(`/traces?${filter}&${range}`)).body as { items: { traceId: string }[] };
        expect(
          items.map((item) => item.traceId),
          filter,
        ).toEqual([traceId]);
      }
      const trace = (await get(`/traces/${traceId}`)).body as {
        spans: { name: string; attributes: Record<string, unknown> }[];
      };
      expect(trace.spans[0]).toMatchObject({ name: attack, attributes: { [`k${i}`]: attack } });
    }
  });
});
