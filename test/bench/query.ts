/**
 * How long each question takes over a day of a system of 200 services, made inside the engine:
 * `npm run bench -- query` makes 10 and then 100 million spans; `npx tsx --conditions @sonde/source test/bench/query.ts 5 /tmp/day` makes
 * 5 million in a folder that is kept, and asks again there when it is called again. Prints milliseconds: of the first time, and the medians
 * of five more, by the clock and of processor time, which says more on a busy machine; asserts nothing. Needs some 8 GB of disk for 100 million.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, migrate, openEngine, openQuestions } from '@sonde/store';
import { parseSearch } from '@sonde/model';
import {
  type Generated,
  insertEdges,
  insertPaths,
  insertSpans,
  insertStatements,
  spansPerTrace,
} from './load/generated-system.ts';
import { settlerAgrees } from './load/settler-agrees.ts';

const hourMs = 3_600_000;
const toMs = Date.UTC(2026, 2, 10);
const fromMs = toMs - 24 * hourMs;
const budget = { timeMs: 600_000, memoryBytes: 3e9, rowsMax: 1e12 };
const million = 1_000_000;

const [asked, folder] = process.argv.slice(2);
const sizes = asked === undefined ? [10, 100] : [Number(asked)];
const medians = new Map<string, number[]>();
for (const millions of sizes) await measure(millions);
if (sizes.length > 1) {
  console.log(`\nGrowth from ${sizes.join(' to ')} million spans, medians:`);
  for (const [what, [small = NaN, large = NaN]] of medians) console.log(`${(large / small).toFixed(2).padStart(7)}x  ${what}`);
}

async function measure(millions: number): Promise<void> {
  const directory = folder ?? (await mkdtemp(join(tmpdir(), 'sonde-bench-')));
  const isMade = existsSync(join(directory, 'db'));
  const engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_bench', readers: 4 });
  try {
    if (!isMade) await make(engine, millions, directory);
    await sizesOnDisk(engine);
    await askEverything(engine);
  } finally {
    await engine.close();
    if (folder === undefined) await rm(directory, { recursive: true });
  }
}

async function make(engine: Engine, millions: number, directory: string): Promise<void> {
  await migrate(engine);
  console.log(`\n${millions} million spans of one day`);
  console.log(await settlerAgrees(engine, { fromMs, toMs, spans: millions * million }, join(directory, 'settling')));
  const system: Generated = { fromMs, toMs, spans: millions * million };
  const inPieces = async (size: number, insert: (from: number, count: number) => string) => {
    for (let at = 0; at < system.spans; at += size) await engine.command(insert(at, Math.min(size, system.spans - at)));
  };
  await seconds('spans, with indexes, trace lookup and rollup by the minute', () =>
    inPieces(million, (from, count) => insertSpans(system, from, count)),
  );
  await seconds('path rollup, by minute, hour and day', () =>
    inPieces(5 * million, (from, count) => insertPaths(system, from, count)),
  );
  await seconds('edges', () => inPieces(5 * million, (from, count) => insertEdges(system, from, count)));
  await engine.command(insertStatements);
  await seconds('merges', () => settled(engine));
}

/** Questions find few parts after some time, as on a system that has been running. */
async function settled(engine: Engine): Promise<void> {
  for (const table of [
    'span_minutes',
    'path_minutes',
    'path_hours',
    'path_days',
    'operation_hours',
    'operation_days',
    'instance_hours',
    'instance_days',
    'edge_minutes',
    'edge_hours',
    'edge_days',
    'service_minutes',
    'service_hours',
    'trace_ts',
  ]) {
    await engine.command(`OPTIMIZE TABLE ${table}`);
  }
}

async function sizesOnDisk(engine: Engine): Promise<void> {
  const rows = await engine.query<{ table: string; rows: string; bytes: string }>(
    `SELECT table, toString(sum(rows)) AS rows, toString(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND database = 'sonde_bench' GROUP BY table ORDER BY sum(bytes_on_disk) DESC`,
    {},
    budget,
  );
  const spans = Number(rows.find(({ table }) => table === 'spans')?.rows);
  const total = rows.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  console.log(
    `${(total / spans).toFixed(1)} B on disk a span: ${rows
      .filter(({ bytes }) => Number(bytes) / spans > 0.05)
      .map(({ bytes, table }) => `${table} ${(Number(bytes) / spans).toFixed(1)}`)
      .join(', ')}`,
  );
}

async function askEverything(engine: Engine): Promise<void> {
  const questions = openQuestions(engine);
  const day = { fromMs, toMs };
  // As people ask: not at whole hours.
  const last24h = { fromMs: fromMs + 617_000, toMs: toMs + 617_000 };
  // Until the newest span, as where spans keep coming.
  const untilNewest = { fromMs: fromMs + 617_000, toMs };
  const hour = { fromMs: toMs - hourMs - 100_000, toMs: toMs - 100_000 };
  const traceId = await someTrace(engine);
  const q = (text: string) => {
    const parsed = parseSearch(text);
    if (parsed.kind === 'problem' || parsed.search.expression === undefined) throw new Error(`not a search: ${text}`);
    return { search: parsed.search.expression };
  };
  const top = { percentile: 95, limit: 20, time: 'critical' } as const;
  const [statement] = (await questions.top(day, { ...top, by: 'hotspot', of: 'statement' })).items;
  const hash = statement?.key.statementHash as string;
  const before = (range: typeof day) => ({ fromMs: 2 * range.fromMs - range.toMs, toMs: range.fromMs });

  console.log('   first  median  of all processors');
  await timed('trace by id', () => questions.trace(traceId));
  for (const of of ['api', 'endpoint', 'service', 'statement', 'host'] as const) {
    await timed(`24 h: top ${of} by hotspot on the critical path`, () => questions.top(last24h, { ...top, by: 'hotspot', of }));
  }
  await timed('24 h: top endpoint by latency', () => questions.top(last24h, { ...top, by: 'latency', of: 'endpoint' }));
  await timed('24 h: top statement by latency', () => questions.top(last24h, { ...top, by: 'latency', of: 'statement' }));
  await timed('24 h: map of services', () => questions.dependencies(last24h, { level: 'service', depth: 2 }));
  await timed('24 h: map of endpoints near one', () =>
    questions.dependencies(last24h, {
      level: 'endpoint',
      depth: 2,
      focus: 'endpoint:service-7/GET%20%2Fapi%2Fv1%2Fresource%2F7',
    }),
  );
  for (const injured of [
    { kind: 'host', name: 'host-7' },
    { kind: 'service', name: 'service-107' },
    { kind: 'statement', hash },
  ] as const) {
    await timed(`24 h: impact of a ${injured.kind}`, () =>
      questions.impact(last24h, { injured, baseline: before(last24h), limit: 100 }),
    );
  }
  await timed('24 h: heatmap of all requests', () => questions.latencyHeatmap(last24h, {}));
  await timed('24 h: heatmap of one endpoint', () =>
    questions.latencyHeatmap(last24h, { service: 'service-7', name: 'GET /api/v1/resource/7' }),
  );
  await timed('24 h: distribution of one service', () => questions.latencyHistogram(last24h, { service: 'service-7' }));
  await timed('24 h: services', () => questions.services(last24h));
  await timed("24 h: one service's endpoints", () =>
    questions.top(last24h, { ...top, by: 'latency', of: 'endpoint', service: 'service-107' }),
  );
  await timed('24 h: one service', () => questions.service(last24h, 'service-107'));
  await timed('24 h: overview', () => questions.overview(last24h, {}, 100));
  await timed('24 h: middleware', () => questions.middleware(last24h, {}));
  await timed('24 h: capacity', () => questions.capacity(last24h, {}, 200));
  await timed('24 h: diagnosis of an API', () =>
    questions.diagnosis(last24h, { service: 'service-7', name: 'GET /api/v1/resource/7' }),
  );
  await timed('24 h: what changed', () => questions.changes(last24h, { limit: 100 }));
  await timed('1 h: top endpoint by latency', () => questions.top(hour, { ...top, by: 'latency', of: 'endpoint' }));
  await timed('1 h: map of services', () => questions.dependencies(hour, { level: 'service', depth: 2 }));
  await timed('1 h: services', () => questions.services(hour));
  await timed('24 h: traces with a rare attribute value', () =>
    questions.traces(untilNewest, q('user.id = u77777'), { sort: 'time', limit: 50 }),
  );
  let user = 77_000;
  await timed('24 h: the same of another value each time', () =>
    questions.traces(untilNewest, q(`user.id = u${(user += 37)}`), { sort: 'time', limit: 50 }),
  );
  await timed('1 h: traces with a common one', () => questions.traces(hour, q('user.tier = pro'), { sort: 'time', limit: 50 }));
  await timed('1 h: the slowest of them', () => questions.traces(hour, q('user.tier = pro'), { sort: 'duration', limit: 50 }));
  await timed('24 h: newest traces', () => questions.traces(untilNewest, {}, { sort: 'time', limit: 50 }));
}

async function someTrace(engine: Engine): Promise<string> {
  const [row] = await engine.query<{ id: string }>(
    `SELECT lower(hex(trace_id)) AS id FROM trace_ts LIMIT 1 OFFSET ${spansPerTrace}`,
    {},
    budget,
  );
  return row?.id ?? '';
}

async function timed(what: string, run: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  const processorTimes: number[] = [];
  for (let i = 0; i < 6; i++) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    try {
      await run();
    } catch (error) {
      console.log(`         ${what}: ${String(error)}`);
      return;
    }
    times.push(performance.now() - startedAt);
    const { system, user } = process.cpuUsage(before);
    processorTimes.push((user + system) / 1000);
  }
  const [first = 0, ...more] = times;
  const median = middle(more);
  medians.set(what, [...(medians.get(what) ?? []), median]);
  const columns = [first, median, middle(processorTimes.slice(1))].map((ms) => ms.toFixed(0).padStart(8));
  console.log(`${columns.join('')}  ${what}`);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function seconds(what: string, run: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await run();
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(6)} s  ${what}`);
}
