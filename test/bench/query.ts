/**
 * How long each question takes over N million spans (default 5) of one day, made by the engine itself:
 * `npx tsx --conditions @sonde/source test/bench/query.ts [millions]`. Prints milliseconds; asserts nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openEngine, openQuestions } from '@sonde/store';

const millions = Number(process.argv[2] ?? 5);
const spansPerTrace = 10;
const hourMs = 3_600_000;
const toMs = Date.UTC(2026, 2, 10);
const fromMs = toMs - 24 * hourMs;

const directory = await mkdtemp(join(tmpdir(), 'sonde-bench-'));
const engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_bench' });
const budget = { timeMs: 60_000, memoryBytes: 2e9, rowsMax: 1e12 };

try {
  await migrate(engine);
  await timed(`insert ${millions} M spans`, async () => {
    for (let million = 0; million < millions; million++) await engine.command(insertMillion(million));
  });
  const questions = openQuestions(engine);
  const lastHour = { fromMs: toMs - hourMs, toMs };
  const day = { fromMs, toMs };
  const ranges = [
    ['1 h', lastHour],
    ['24 h', day],
  ] as const;
  const [{ traceId }] = (await engine.query<{ traceId: string }>(
    'SELECT lower(hex(any(trace_id))) AS traceId FROM trace_ts',
    {},
    budget,
  )) as [{ traceId: string }];
  await timed('trace by id', () => questions.trace(traceId));
  for (const [name, range] of ranges) {
    await timed(`${name}: services`, () => questions.services(range));
    await timed(`${name}: one service`, () => questions.service(range, 'service-3'));
    for (const of of ['api', 'endpoint', 'service', 'statement'] as const) {
      for (const time of ['inclusive', 'self'] as const) {
        await timed(`${name}: top ${of}, ${time}`, () =>
          questions.top(range, { by: 'hotspot', of, time, percentile: 95, limit: 20 }),
        );
      }
    }
    await timed(`${name}: newest traces`, () => questions.traces(range, {}, { sort: 'time', limit: 50 }));
    await timed(`${name}: longest traces`, () => questions.traces(range, {}, { sort: 'duration', limit: 50 }));
    await timed(`${name}: traces with a rare attribute`, () =>
      questions.traces(range, { attribute: ['order.id=77'] }, { sort: 'time', limit: 50 }),
    );
    await timed(`${name}: traces with a common attribute`, () =>
      questions.traces(range, { attribute: ['url.path=/a/b/c'] }, { sort: 'time', limit: 50 }),
    );
    await timed(`${name}: latency histogram of an endpoint`, () =>
      questions.latencyHistogram(range, { service: 'service-3', name: 'GET /route/3' }),
    );
    await timed(`${name}: latency heatmap of all`, () => questions.latencyHeatmap(range, {}));
    await timed(`${name}: hosts`, () => questions.hosts(range));
  }
} finally {
  await engine.close();
  await rm(directory, { recursive: true });
}

async function timed(what: string, run: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  const outcome = await run().then(
    () => '',
    (error: unknown) => ` (${String(error)})`,
  );
  console.log(`${(performance.now() - startedAt).toFixed(0).padStart(7)} ms  ${what}${outcome}`);
}

/** Traces of ten spans: an entry, and in pairs a call and what answers it, of 20 services with 20 endpoints each; every fourth call is a statement. */
function insertMillion(million: number): string {
  const perMillion = 1_000_000;
  return `
INSERT INTO spans (timestamp, received_at, duration_ns, trace_id, span_id, parent_span_id, name, kind, status_code, service, instance, host, version, resource_id, attributes, attribute_types)
SELECT
  fromUnixTimestamp64Nano(toInt64(${fromMs} * 1000000 + trace * ${Math.floor((24 * hourMs * 1_000_000) / ((millions * perMillion) / spansPerTrace))} + place * 1000000)) AS timestamp,
  now64(3),
  toUInt64(exp(10 + (sipHash64(n) % 1000) / 100)) AS duration_ns,
  toFixedString(reinterpretAsString(sipHash128(trace)), 16),
  toFixedString(reinterpretAsString(sipHash64(n)), 8),
  if(place = 0, toFixedString('', 8), toFixedString(reinterpretAsString(sipHash64(n - if(place % 2 = 0, 1, least(place, 3)))), 8)),
  multiIf(place = 0 OR place % 2 = 0, concat('GET /route/', toString(sipHash64(n, 1) % 20)), place % 4 = 1, 'SELECT', 'GET'),
  multiIf(place = 0 OR place % 2 = 0, 2, 3),
  if(sipHash64(n, 2) % 50 = 0, 2, 0),
  concat('service-', toString(sipHash64(trace, intDiv(place + 1, 2)) % 20)) AS service,
  concat(service, '-', toString(trace % 3)),
  concat('host-', toString(sipHash64(service, trace % 3) % 12)),
  '1.0', 1,
  multiIf(
    place = 0 OR place % 2 = 0, map('http.request.method', 'GET', 'http.route', '/route', 'http.response.status_code', '200', 'order.id', toString(n % 1000000), 'url.path', '/a/b/c'),
    place % 4 = 1, map('db.system.name', 'postgresql', 'db.query.text', concat('SELECT * FROM t', toString(n % 30), ' WHERE id = ', toString(n)), 'server.address', 'db', 'server.port', '5432', 'db.namespace', 'shop'),
    map('http.request.method', 'GET', 'server.address', 'other', 'server.port', '80', 'http.response.status_code', '200', 'url.full', 'http://other/a')),
  'sssss'
FROM (SELECT number + ${million * perMillion} AS n, intDiv(n, ${spansPerTrace}) AS trace, n % ${spansPerTrace} AS place FROM numbers(${perMillion}))
SETTINGS max_partitions_per_insert_block = 0`;
}
