/**
 * The write path of the running collector, with the load generator on the same cores: what it sustains and how that compares with the
 * engine alone, what it answers under ten times the senders, what it costs at rest, how soon a span can be asked for, and how long
 * the largest request holds up the others. Every 2xx waits for an fsync. Asserts nothing.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openEngine } from '@sonde/store';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { benchDecode } from './decode.ts';
import { cpuSeconds, memoryMiB } from './load/process-usage.ts';
import { runScript } from './load/run-script.ts';
import { SpanBatch } from './load/span-batch.ts';

interface Load {
  readonly statuses: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  readonly elapsedSeconds: number;
  readonly bytesPerSpan: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface EngineRate {
  readonly spansPerSecond: number;
  readonly cpuMicrosecondsPerSpan: number;
  readonly nativeBytesPerSpan: number;
}

const sustainedSeconds = Number(process.env['SECONDS'] ?? 60);
const budget = { timeMs: 60_000, memoryBytes: 2e9, rowsMax: 1e10 };
const whole = (value: number): string => Math.round(value).toLocaleString('en');
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const atShare = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const load = (url: string, ...args: number[]): Promise<Load> => runScript('send.ts', url, ...args);

/** As `npm start`, where tests settle at once. */
const settledAsUsual = { SONDE_SETTLE_DELAY_SECONDS: '10', SONDE_SETTLE_WINDOW_SECONDS: '10' } as const;

/** Runs with a collector of its own, and an engine on its data when it has ended. */
async function withCollector(
  env: Readonly<Record<string, string>>,
  use: (collector: CollectorProcess) => Promise<void>,
  after: (query: <Row>(sql: string) => Promise<Row[]>) => Promise<void> = async () => {},
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sonde-bench-'));
  try {
    const collector = await startCollector({ SONDE_DATA_DIR: dataDir, ...settledAsUsual, ...env });
    try {
      await use(collector);
    } finally {
      await collector.stop();
    }
    const engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
    await after((sql) => engine.query(sql, {}, budget));
    await engine.close();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function drain(collector: CollectorProcess): Promise<number> {
  const startedAt = performance.now();
  while ((await collector.health()).counters.traces.pending > 0) await sleep(50);
  return (performance.now() - startedAt) / 1000;
}

/** The highest that the event loop's delay was in any report of the collector's own. */
const eventLoopDelay = `SELECT toString(round(1000 * max(value), 1)) AS ms FROM metric_samples WHERE metric = 'nodejs.eventloop.delay.`;

async function sustained(engine: EngineRate): Promise<void> {
  let acknowledged = 0;
  await withCollector(
    { SONDE_OWN_METRICS_SECONDS: '5' },
    async (collector) => {
      const memory: number[] = [];
      const sampler = setInterval(() => memory.push(memoryMiB(collector.pid).now), 250);
      const cpuBefore = cpuSeconds(collector.pid);
      const result = await load(collector.otlpUrl, sustainedSeconds, 16, 500);
      const { counters, spool } = await collector.health();
      const cpu = cpuSeconds(collector.pid) - cpuBefore;
      clearInterval(sampler);
      acknowledged = result.acknowledged;
      const storedPerSecond = counters.traces.stored / result.elapsedSeconds;
      console.log(
        `16 senders of 500 spans each (${result.bytesPerSpan.toFixed(0)} B/span), ${result.elapsedSeconds.toFixed(0)} s:`,
      );
      console.log(
        `  acknowledged      ${whole(acknowledged / result.elapsedSeconds)} spans/s, statuses ${JSON.stringify(result.statuses)}`,
      );
      console.log(
        `  stored meanwhile  ${whole(storedPerSecond)} spans/s, ${(storedPerSecond / engine.spansPerSecond).toFixed(2)}x the engine alone`,
      );
      console.log(`  answer            p50 ${result.p50Ms.toFixed(0)} ms, p99 ${result.p99Ms.toFixed(0)} ms`);
      console.log(`  resident memory   p50 ${atShare(memory, 0.5)} MiB, highest ${memoryMiB(collector.pid).peak} MiB`);
      console.log(
        `  CPU               ${((cpu * 1e6) / acknowledged).toFixed(2)} us/span, ${(cpu / result.elapsedSeconds).toFixed(2)} cores`,
      );
      console.log(
        `  spool at the end  ${whole(spool.bytes / 1e6)} MB, oldest ${spool.oldestSeconds.toFixed(1)} s; loaded ${(await drain(collector)).toFixed(1)} s later`,
      );
    },
    async (query) => {
      const [row] = await query<{ spans: string; rolledUp: string; bytes: string }>(
        `SELECT (SELECT toString(count()) FROM spans) AS spans, (SELECT toString(sum(calls)) FROM span_minutes) AS rolledUp,
           (SELECT toString(round(sum(bytes_on_disk) / (SELECT count() FROM spans), 1)) FROM system.parts WHERE active AND database = 'sonde_default') AS bytes`,
      );
      console.log(
        `  ledger            acknowledged ${whole(acknowledged)}, stored ${whole(Number(row?.spans))}, in the rollup ${whole(Number(row?.rolledUp))}; ${row?.bytes} B/span on disk`,
      );
      const [p99] = await query<{ ms: string }>(`${eventLoopDelay}p99'`);
      console.log(`  event loop        p99 ${p99?.ms} ms, of its worst 5 s`);
    },
  );
}

async function overload(): Promise<void> {
  let acknowledged = 0;
  await withCollector(
    { SONDE_OWN_METRICS_SECONDS: '0', SONDE_SPOOL_MAX_BYTES: String(256 * 1024 ** 2) },
    async (collector) => {
      const during = await load(collector.otlpUrl, 20, 160, 500);
      const peak = memoryMiB(collector.pid).peak;
      const drainedSeconds = await drain(collector);
      const afterwards = await load(collector.otlpUrl, 3, 4, 500);
      await drain(collector);
      acknowledged = during.acknowledged + afterwards.acknowledged;
      console.log(`160 senders that never wait (ten times those above), a spool of 256 MiB, 20 s:`);
      console.log(
        `  statuses          ${JSON.stringify(during.statuses)}, ${whole(during.acknowledged / during.elapsedSeconds)} spans/s acknowledged`,
      );
      console.log(`  resident memory   highest ${peak} MiB`);
      console.log(
        `  recovery          spool empty after ${drainedSeconds.toFixed(1)} s; then statuses ${JSON.stringify(afterwards.statuses)}`,
      );
    },
    async (query) => {
      const [row] = await query<{ spans: string }>('SELECT toString(count()) AS spans FROM spans');
      console.log(`  ledger            acknowledged ${whole(acknowledged)}, stored ${whole(Number(row?.spans))}`);
    },
  );
}

/** Milliseconds from the acknowledgement of one span until the API has its trace. */
async function untilQueryable(collector: CollectorProcess): Promise<number> {
  const traceId = randomBytes(16).toString('hex');
  const span = { traceId, spanId: '00000000000000aa', name: 'probe', startTimeUnixNano: `${Date.now()}000000` };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  await fetch(`${collector.otlpUrl}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const acknowledgedAt = performance.now();
  while ((await fetch(`${collector.apiUrl}/traces/${traceId}`)).status !== 200) await sleep(20);
  return performance.now() - acknowledgedAt;
}

async function atNormalLoad(): Promise<void> {
  await withCollector({ SONDE_OWN_METRICS_SECONDS: '15' }, async (collector) => {
    const alone: number[] = [];
    for (let i = 0; i < 5; i++) {
      await sleep(3_000);
      alone.push(await untilQueryable(collector));
    }
    // Until the compiler has seen the code that runs.
    await load(collector.otlpUrl, 30, 5, 100, 2);
    const cpuBefore = cpuSeconds(collector.pid);
    const quiet = await load(collector.otlpUrl, 40, 5, 100, 2);
    const cores = (cpuSeconds(collector.pid) - cpuBefore) / quiet.elapsedSeconds;
    const running = load(collector.otlpUrl, 40, 5, 100, 2);
    const delays: number[] = [];
    for (const end = performance.now() + 38_000; performance.now() < end;) delays.push(await untilQueryable(collector));
    await running;
    const perSecond = quiet.acknowledged / quiet.elapsedSeconds;
    console.log(
      `${whole(perSecond)} spans/s: ${(cores * 100).toFixed(1)} % of one core, answer p99 ${quiet.p99Ms.toFixed(0)} ms`,
    );
    console.log(
      `  can be asked for  after p50 ${whole(atShare(delays, 0.5))} ms, p99 ${whole(atShare(delays, 0.99))} ms (${delays.length} probes)`,
    );
    console.log(`  a single span     after ${alone.map(whole).join(', ')} ms`);
  });
}

async function largeBodies(): Promise<void> {
  const bytes = 64 * 1024 ** 2;
  const request = new SpanBatch(1_000, 0).bytes;
  // Messages in a row are one message: its lists are joined.
  const protobuf = Buffer.concat(Array.from({ length: Math.floor(bytes / request.length) }, () => request));
  const spans = Array.from(
    { length: 90_000 },
    (
      _,
      i,
    ) => `{"traceId":"${(i + 1).toString(16).padStart(32, '0')}","spanId":"00000000000000aa","name":"n","startTimeUnixNano":"${Date.now()}000000",
"attributes":[${Array.from({ length: 8 }, (__, n) => `{"key":"attribute.${n}","value":{"stringValue":"value ${i % 97} of ${n}, some text"}}`).join(',')}]}`,
  );
  const json = Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${spans.join(',')}]}]}]}`);
  const packed = gzipSync(protobuf, { level: 1 });
  await withCollector(
    { SONDE_OWN_METRICS_SECONDS: '1' },
    async (collector) => {
      const post = async (type: string, body: Uint8Array, packing: Record<string, string> = {}): Promise<number> => {
        const startedAt = performance.now();
        const headers = { 'content-type': type, ...packing };
        const { status } = await fetch(`${collector.otlpUrl}/v1/traces`, { method: 'POST', headers, body: body as BodyInit });
        if (status !== 200) throw new Error(`status ${status}`);
        return performance.now() - startedAt;
      };
      const done = new AbortController();
      const small: number[] = [];
      const probe = async (): Promise<void> => {
        while (!done.signal.aborted) small.push(await post('application/json', Buffer.from('{}')));
      };
      const send = async (): Promise<readonly number[]> => [
        await post('application/x-protobuf', protobuf),
        await post('application/json', json),
        await post('application/x-protobuf', packed, { 'content-encoding': 'gzip' }),
      ];
      const [took] = await Promise.all([send().finally(() => done.abort()), probe()]);
      const size = (body: Uint8Array): string => `${(body.length / 1024 ** 2).toFixed(0)} MiB`;
      console.log(
        `bodies of ${size(protobuf)} protobuf, ${size(json)} JSON, and the first with gzip: answered after ${took.map(whole).join(', ')} ms`,
      );
      console.log(
        `  small requests    meanwhile p50 ${atShare(small, 0.5).toFixed(0)} ms, p99 ${atShare(small, 0.99).toFixed(0)} ms, highest ${atShare(small, 1).toFixed(0)} ms (${small.length})`,
      );
      console.log(`  resident memory   highest ${memoryMiB(collector.pid).peak} MiB`);
    },
    async (query) => {
      const [p99] = await query<{ ms: string }>(`${eventLoopDelay}p99'`);
      const [max] = await query<{ ms: string }>(`${eventLoopDelay}max'`);
      console.log(`  event loop        p99 ${p99?.ms} ms of its worst second, highest ${max?.ms} ms`);
    },
  );
}

console.log('-- decode, one thread');
benchDecode();
console.log('\n-- the engine alone');
const engine = await runScript<EngineRate>('engine-rate.ts');
console.log(
  `loads ${whole(engine.spansPerSecond)} spans/s of the same Native files (${engine.nativeBytesPerSpan.toFixed(0)} B/span), rollups included, ${engine.cpuMicrosecondsPerSpan.toFixed(2)} us of CPU each`,
);
console.log('\n-- the whole path, over HTTP');
await sustained(engine);
await overload();
await atNormalLoad();
await largeBodies();
