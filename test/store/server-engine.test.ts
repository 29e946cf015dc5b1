import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColumnBatch, type NativeTable } from '@sonde/otlp';
import { type Expression, parseSearch } from '@sonde/model';
import { type Engine, EngineUnreachable, EngineUnusable, migrate, openEngine, openQuestions, Retention } from '@sonde/store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ClickHouse, startClickHouse } from '../fixtures/clickhouse/start.ts';
import { type FaultProxy, startFaultProxy } from '../fixtures/fault-proxy.ts';
import { migrations } from '../../packages/store/src/schema/migrate.ts';
import { traceRequest } from './loaded-store.ts';
import { clockAt } from './retention-clock.ts';
import { longRetention } from './retention-of.ts';
import { expectNear } from './near.ts';
import { baseNs, sampleSpans } from './sample-spans.ts';
import { inRange, slowServices } from './slow-answers.ts';
import { promisedTime } from '../fixtures/promised-time.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e15 };
const baseMs = Number(baseNs / 1_000_000n);

let folder: string;
let server: ClickHouse;
let proxy: FaultProxy;
let engine: Engine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-server-engine-'));
  server = await startClickHouse();
  proxy = await startFaultProxy(server.port);
  engine = await openEngine({ url: proxy.url, database: 'sonde_default', silenceMs: 1_500 });
});
beforeEach(() => proxy.inject(undefined));
afterAll(async () => {
  await engine.close();
  await proxy.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function nativeSpans(spans: ReturnType<typeof sampleSpans>): NativeTable {
  const batch = createColumnBatch();
  batch.append('traces', 'json', Buffer.from(JSON.stringify(traceRequest(spans))), baseMs);
  const table = batch.take().find((one) => one.table === 'spans');
  if (!table) throw new Error('no spans');
  return table;
}

/** A file with spans of its own, and how many rows it has. */
async function spansFile(name: string): Promise<{ path: string; rows: number; bytes: number }> {
  const { bytes, rows } = nativeSpans(sampleSpans(name.length, 20, 3600));
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { path, rows, bytes: bytes.length };
}

/** The same block of spans again and again, as Native allows. */
async function writeCopies(path: string, bytesWanted: number): Promise<{ rows: number; bytes: number }> {
  const { bytes, rows } = nativeSpans(sampleSpans(1, 2_000, 3600));
  const copies = Math.ceil(bytesWanted / bytes.length);
  await writeFile(path, '');
  for (let copy = 0; copy < copies; copy++) await appendFile(path, bytes);
  return { rows: rows * copies, bytes: bytes.length * copies };
}

async function counts(): Promise<{ base: number; derived: number }> {
  const [base] = await engine.query<{ n: string }>('SELECT toString(count()) AS n FROM spans', {}, budget);
  const [derived] = await engine.query<{ n: string }>('SELECT toString(sum(spans)) AS n FROM trace_ts', {}, budget);
  return { base: Number(base?.n), derived: Number(derived?.n) };
}

test('the same schema, loads and questions as embedded', async () => {
  expect(engine.kind).toBe('server');
  expect(await migrate(engine)).toEqual(migrations.map(({ version }) => version));
  const spans = sampleSpans(3, 60, 3600);
  const files = await Promise.all(
    [0, 1].map(async (half) => {
      const path = join(folder, `spans-${half}`);
      await writeFile(path, nativeSpans(spans.filter((_, i) => i % 2 === half)).bytes);
      return path;
    }),
  );
  await engine.insertFiles('spans', files, 'once');
  await engine.insertFiles('spans', files, 'once');
  const range = { fromMs: baseMs, toMs: baseMs + 3_600_000 };
  const services = await openQuestions(engine).services(range);
  expectNear(services.items, slowServices(spans, range, services));
  expect(await counts()).toEqual({ base: spans.length, derived: spans.length });
});

test('searches, whose values are parameters of every kind', async () => {
  const questions = openQuestions(engine);
  const range = { fromMs: baseMs, toMs: baseMs + 3_600_000 };
  const found = async (text: string) => {
    const parsed = parseSearch(text);
    if (parsed.kind === 'problem') throw new Error(parsed.problem.message);
    const search = parsed.search.expression as Expression;
    return (await questions.latencyHistogram(range, { search })).count;
  };
  const spans = inRange(sampleSpans(3, 60, 3600), range);
  const count = (isOne: (span: (typeof spans)[number]) => boolean) => spans.filter(isOne).length;
  expect(await found('kind in (client, producer) and duration > 1us')).toBe(
    count((span) => span.kind === 3 && span.durationNs > 1000n),
  );
  expect(await found(String.raw`user.id in (u1, "it's = \\ \" ") or duration in (0ns)`)).toBe(
    count((span) => span.attributes['user.id'] === 'u1' || span.durationNs === 0n),
  );
  expect(await found(String.raw`http.response.status_code >= 200 and name ~ "^(GET|POST) /\w+$"`)).toBe(
    count((span) => 'http.response.status_code' in span.attributes && /^(GET|POST) \/\w+$/.test(span.name)),
  );
  await expect(found('name ~ "("')).rejects.toThrow('This is not a regular expression of RE2: missing ): (.');
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

test('a question over its budget says which, also where it fails after its first rows', async () => {
  const slow = 'SELECT sum(sipHash64(number)) AS n FROM numbers(100000000000)';
  await expect(engine.query(slow, {}, { ...budget, timeMs: 200 })).rejects.toMatchObject({
    name: 'QueryBudgetExceeded',
    limit: 'time',
  });
  await expect(engine.query(slow, {}, { ...budget, rowsMax: 10 })).rejects.toMatchObject({ limit: 'rows' });
  await expect(engine.query('INSERT INTO migrations (version) VALUES (9)', {}, budget)).rejects.toThrow();
  const late = "SELECT number, throwIf(number = 90000, 'late') AS fails FROM numbers(100000) SETTINGS max_block_size = 1000";
  await expect(engine.query(late, {}, budget)).rejects.toThrow(/late/);
});

describe('(1) an insert succeeds only when the server said so', () => {
  test.each([
    [
      'an error in the body of a 200',
      { kind: 'answer', status: 200, body: 'Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)' },
      /Memory limit/,
    ],
    ['a page of some proxy', { kind: 'answer', status: 200, body: '<html>hello</html>' }, /hello/],
    ['502', { kind: 'answer', status: 502, body: 'bad gateway' }, /bad gateway/],
    ['the reply is lost', { kind: 'lose reply' }, EngineUnreachable],
    ['cut in the middle', { kind: 'cut request', afterBytes: 3_000 }, EngineUnreachable],
    ['nobody answers', { kind: 'black hole' }, EngineUnreachable],
  ] as const)('%s: a failure, then once under the same token', async (name, fault, error) => {
    const before = await counts();
    const file = await spansFile(name);
    expect(file.bytes).toBeGreaterThan(3_000);
    proxy.inject(fault, 'inserts');
    await expect(engine.insertFiles('spans', [file.path], name)).rejects.toThrow(error);
    expect(proxy.met).toBe(1);
    const stored = fault.kind === 'lose reply' ? file.rows : 0;
    expect(await counts()).toEqual({ base: before.base + stored, derived: before.derived + stored });
    proxy.inject(undefined);
    await engine.insertFiles('spans', [file.path], name);
    expect(await counts()).toEqual({ base: before.base + file.rows, derived: before.derived + file.rows });
  });

  test('what the content is refused for is told, also while the rest is still being sent', async () => {
    const path = join(folder, 'poison');
    await writeFile(path, Buffer.alloc(30_000_000, 0xff));
    await expect(engine.insertFiles('spans', [path], 'poison')).rejects.toMatchObject({ code: expect.stringMatching(/^\d+$/) });
    const body = 'Code: 33. DB::Exception: Cannot read all data. (CANNOT_READ_ALL_DATA)';
    proxy.inject({ kind: 'answer', status: 500, body }, 'inserts');
    await expect(engine.insertFiles('spans', [path], 'poison')).rejects.toMatchObject({ code: '33' });
  });
});

test('(2) a file that is missing, empty or became shorter is never loaded in part', async () => {
  const before = await counts();
  const whole = await spansFile('whole of the two');
  const other = await spansFile('other');
  await expect(engine.insertFiles('spans', [whole.path, join(folder, 'absent')], 'a')).rejects.toThrow(/ENOENT/);
  await truncate(other.path, 0);
  await expect(engine.insertFiles('spans', [whole.path, other.path], 'b')).rejects.toThrow(/is empty/);
  await expect(engine.insertFiles('spans', [], 'c')).rejects.toThrow(/no files/);
  // Between the look at its length and its reading: the first file's sending is slow, so the second is cut meanwhile.
  const long = join(folder, 'long');
  const longBytes = await writeCopies(long, 15_000_000);
  const shrinking = await spansFile('shrinking');
  proxy.inject({ kind: 'trickle', bytesPerSecond: longBytes.bytes }, 'inserts');
  const insert = engine.insertFiles('spans', [long, shrinking.path], 'd');
  setTimeout(() => void truncate(shrinking.path, shrinking.bytes - 10), 200);
  await expect(insert).rejects.toThrow(/changed its length|cannot be reached/);
  expect(await counts()).toEqual(before);
});

describe('(3) no call waits for ever', () => {
  test('a question to a black hole ends soon after the silence it allows', promisedTime, async () => {
    proxy.inject({ kind: 'black hole' });
    const startedAt = performance.now();
    await expect(engine.query('SELECT 1', {}, budget)).rejects.toThrow(EngineUnreachable);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('closing does not wait for a server that is silent', promisedTime, async () => {
    const other = await openEngine({ url: proxy.url, database: 'sonde_default' });
    proxy.inject({ kind: 'black hole' });
    const asked = other.query('SELECT 1', {}, budget).catch((error: unknown) => error);
    await expect.poll(() => proxy.met).toBe(1);
    const startedAt = performance.now();
    await other.close();
    expect(await asked).toBeInstanceOf(EngineUnreachable);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

test('(4) a server that restarted is asked again, on new connections', async () => {
  const before = await counts();
  await Promise.all(Array.from({ length: 8 }, () => engine.query('SELECT 1 AS one', {}, budget)));
  await server.kill();
  await server.start();
  proxy.cut();
  expect(await Promise.all(Array.from({ length: 8 }, () => engine.query('SELECT 1 AS one', {}, budget)))).toHaveLength(8);
  expect(await counts()).toEqual(before);
  await proxy.refuse();
  await expect(engine.query('SELECT 1', {}, budget)).rejects.toThrow(EngineUnreachable);
  await proxy.accept();
  expect(await counts()).toEqual(before);
});

test('(5) a load takes memory of a chunk, not of its files', async () => {
  const path = join(folder, 'large');
  const { bytes, rows } = await writeCopies(path, 150_000_000);
  const before = await counts();
  globalThis.gc?.();
  const baseline = process.memoryUsage().rss;
  let peak = baseline;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  const patient = await openEngine({ url: server.url, database: 'sonde_default' });
  await patient.insertFiles('spans', [path], 'large');
  await patient.close();
  clearInterval(watch);
  expect((await counts()).base - before.base).toBe(rows);
  console.log(`a load of ${bytes >> 20} MiB: ${(peak - baseline) >> 20} MiB more resident`);
  expect(peak - baseline).toBeLessThan(100 * 1024 ** 2);
}, 60_000);

describe('a server that cannot be used is refused with the reason', () => {
  const open = (url: string): Promise<Engine> => openEngine({ url, database: 'sonde_default' });

  test('a wrong password', async () => {
    const guarded = await startClickHouse('default:secret');
    try {
      const wrong = open(guarded.url.replace('//', '//default:guess@'));
      await expect(wrong).rejects.toThrow(EngineUnusable);
      await expect(wrong).rejects.toThrow(/refuses the user: .*Authentication failed/);
      await (await open(guarded.url.replace('//', '//default:secret@'))).close();
    } finally {
      await guarded.stop();
    }
  });

  test('something else answers', async () => {
    proxy.inject({ kind: 'answer', status: 404, body: 'no such page' });
    await expect(open(proxy.url)).rejects.toThrow(/is not ClickHouse's HTTP interface: it answered 404 "no such page"/);
    proxy.inject({ kind: 'answer', status: 200, body: '<html>' });
    await expect(open(proxy.url)).rejects.toThrow(EngineUnusable);
  });

  test('nobody answers: that is no reason to refuse', async () => {
    proxy.inject({ kind: 'answer', status: 503, body: 'later' });
    await expect(open(proxy.url)).rejects.toThrow(EngineUnreachable);
    await expect(open('http://127.0.0.1:1')).rejects.toThrow(EngineUnreachable);
  });

  test('a database name that is no identifier', async () => {
    await expect(openEngine({ url: proxy.url, database: 'x; DROP DATABASE sonde_default' })).rejects.toThrow(EngineUnusable);
  });
});

test('thins, drops and keeps settings as embedded', async () => {
  const retention = new Retention({
    engine,
    clock: clockAt(baseMs + 10 * 86_400_000),
    report: () => undefined,
    defaults: { ...longRetention, spansDays: 5, slowMs: 86_400_000, samplePercent: 0 },
    diskFreeMinBytes: 'auto',
  });
  const before = await counts();
  await retention.run();
  const [failed] = await engine.query<{ traces: number }>(
    'SELECT toUInt32(uniqExactIf(trace_id, status_code = 2)) AS traces FROM spans',
    {},
    budget,
  );
  const [left] = await engine.query<{ traces: number }>(
    'SELECT toUInt32(uniqExact(trace_id)) AS traces FROM spans',
    {},
    budget,
  );
  expect((await counts()).base).toBeLessThan(before.base);
  expect(left?.traces).toBeGreaterThan(0);
  expect(left).toEqual(failed);
  expect(retention.status().disk?.totalBytes).toBeGreaterThan(0);
  await retention.set({ ...longRetention, spansDays: 5, keptSpansDays: 5 });
  await retention.run();
  expect(await counts()).toEqual({ base: 0, derived: 0 });
});
