/**
 * How many spans a second the collector acknowledges over OTLP/HTTP (protobuf) and stores, with the load generator on the same machine.
 * Each answer waits for an fsync; the load generator takes its share of the cores.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '@sonde/store';
import { startProcess } from '../fixtures/process.ts';

const seconds = 10;
const dataDir = await mkdtemp(join(tmpdir(), 'sonde-bench-'));
const env = {
  SONDE_DATA_DIR: dataDir,
  SONDE_PORT: '0',
  SONDE_OTLP_HTTP_PORT: '0',
  SONDE_OTLP_GRPC_PORT: '0',
  UV_THREADPOOL_SIZE: '16',
};
let acknowledged = 0;
try {
  const collector = await startProcess(['collector/dist/main.js'], env);
  for (const [connections, spans] of [
    [1, 1],
    [16, 50],
    [16, 500],
  ] as const) {
    const load = await run([String(collector.ready['otlpHttp']), String(seconds), String(connections), String(spans)]);
    const endedAt = performance.now();
    while ((await readdir(join(dataDir, 'spool'))).length > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    const drainedSeconds = (performance.now() - endedAt) / 1000;
    acknowledged += load.acknowledged;
    const { peakMiB, nowMiB } = await memoryOf(collector.child.pid);
    console.log(
      `${connections} connections, ${spans} spans each (${load.bytesPerSpan.toFixed(0)} B/span): ` +
        `${Math.round(load.acknowledged / load.elapsedSeconds).toLocaleString('en')} spans/s acknowledged, ` +
        `answer p50 ${load.p50Ms.toFixed(1)} ms, p99 ${load.p99Ms.toFixed(1)} ms; ` +
        `all in the database ${drainedSeconds.toFixed(1)} s after the last answer; ` +
        `statuses ${JSON.stringify(load.statuses)}; RSS ${nowMiB} MiB, peak ${peakMiB} MiB`,
    );
  }
  await collector.stop();
  const engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
  const budget = { timeMs: 60_000, memoryBytes: 2e9, rowsMax: 1e10 };
  const [row] = await engine.query<{ spans: string }>('SELECT toString(count()) AS spans FROM spans', {}, budget);
  console.log(`acknowledged ${acknowledged.toLocaleString('en')}, stored ${Number(row?.spans).toLocaleString('en')}`);
  await engine.close();
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

interface Load {
  readonly statuses: Record<string, number>;
  readonly acknowledged: number;
  readonly elapsedSeconds: number;
  readonly bytesPerSpan: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function run(args: readonly string[]): Promise<Load> {
  const script = join(import.meta.dirname, 'load', 'send.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the load generator ended with ${String(code)}`);
  return JSON.parse(text);
}

async function memoryOf(pid: number | undefined): Promise<{ nowMiB: number; peakMiB: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (name: string): number =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
  return { nowMiB: mebibytes('VmRSS'), peakMiB: mebibytes('VmHWM') };
}
