import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockDirectory, openStore, type Report, Retention, Settler, stampLoads, systemClock } from '@sonde/store';
import { createApp } from './app.ts';
import { type Config, retentionDefaults } from './config.ts';
import { OwnMetrics } from './own-metrics/own-metrics.ts';
import { listen, stopListening, urlOf } from './listen.ts';
import { createByteBudget } from './receivers/byte-budget.ts';
import type { ReceiverOptions } from './receivers/options.ts';
import { createOtlpGrpcServer, listenGrpc } from './receivers/otlp-grpc.ts';
import { createOtlpHttpServer } from './receivers/otlp-http.ts';
import { version } from './version.ts';
import { startWritePath } from './write-path.ts';

export interface Collector {
  /** Base URLs of everything that listens. */
  readonly addresses: { readonly api: string; readonly otlpHttp: string; readonly otlpGrpc: string };
  /** Stops accepting, answers what was accepted, loads what it can in time, closes the database. Within 9 seconds. */
  stop(): Promise<void>;
}

/** The limit of OTLP: packed and unpacked (OTLP 1.11). */
const bodyBytesMax = 64 * 1024 ** 2;
const messageWithinMs = 120_000;

/** From settings to a server that listens. Rejects with a message for a human where that cannot be. */
export async function startCollector(config: Config, dashboardDirectory: string, report: Report): Promise<Collector> {
  const spoolDirectory = join(config.dataDir, 'spool');
  await mkdir(spoolDirectory, { recursive: true });
  const undo: (() => Promise<void>)[] = [];
  try {
    undo.push(await lockDirectory(spoolDirectory));
    const database = 'sonde_default';
    const engine = await openStore(
      config.clickhouseUrl === ''
        ? { path: join(config.dataDir, 'clickhouse'), database, readers: 4 }
        : {
            url: config.clickhouseUrl,
            database,
            cluster: config.clickhouseCluster === '' ? undefined : config.clickhouseCluster,
          },
      systemClock,
      report,
    );
    undo.push(() => engine.close());
    const id = await idOf(spoolDirectory);
    const loads = stampLoads(engine, systemClock, id);
    const retention = new Retention({
      engine,
      clock: systemClock,
      report,
      defaults: retentionDefaults(config),
      diskFreeMinBytes: config.diskFreeMinBytes,
      ...(config.clickhouseCluster !== '' && { holder: id }),
      ...(config.clickhouseUrl === '' && { reservePath: join(config.dataDir, 'drop-reserve') }),
    });
    const ownMetrics = new OwnMetrics(version, report);
    ownMetrics.watchRetention(() => retention.status());
    const writePath = await startWritePath({
      engine: loads,
      spoolDirectory,
      spoolMaxBytes: config.spoolMaxBytes,
      loadPauseMs: config.loadPauseMs,
      ownMetrics,
      ownMetricsIntervalMs: config.ownMetricsSeconds * 1000,
      report,
    });
    // A load that a silent server holds up is cut when the database is closed, and repeated after the next start.
    undo.push(() => within(5_500, writePath.stop(4_000)));

    const settler = new Settler({
      engine,
      clock: systemClock,
      report,
      directory: join(config.dataDir, 'settling'),
      shard: config.settleShard,
      delaySeconds: config.settleDelaySeconds,
      windowSeconds: config.settleWindowSeconds,
      sealed: () => loads.sealed(),
    });
    retention.start();
    settler.start();
    // Both may be stopped anywhere: what they had begun is done again after the next start.
    undo.push(() => within(1_000, Promise.all([retention.stop(), settler.stop()])));

    const receiver: ReceiverOptions = {
      ingest: writePath.ingest,
      budget: createByteBudget(config.ingestMaxBytes),
      bodyBytesMax,
      messageWithinMs,
      onRefused: (code) => writePath.ledger.refusedRequest(code),
      onFault: (error) => report('error', 'a request failed in a way it should not', { err: error }),
    };
    const otlp = createOtlpHttpServer({ ...receiver, corsOrigins: config.corsOrigins });
    const otlpHttp = await listen(otlp, config.host, config.otlpHttpPort);
    undo.push(() => stopListening(otlp, 2_000));
    const grpc = await listenGrpc(createOtlpGrpcServer(receiver), config.host, config.otlpGrpcPort);
    undo.push(() => grpc.stop(2_000));

    const app = await createApp({ engine, writePath, settler, retention, dashboardDirectory, report });
    await app.listen({ host: config.host, port: config.port });
    undo.push(() => stopListening(app.server, 2_000));
    const api = urlOf(app.server, config.host);
    return { addresses: { api, otlpHttp, otlpGrpc: grpc.url }, stop: () => runInReverse(undo) };
  } catch (error) {
    await runInReverse(undo);
    throw error;
  }
}

/** Kept beside the spool, so that a collector is the same one after a restart. */
async function idOf(spoolDirectory: string): Promise<string> {
  const path = join(spoolDirectory, '..', 'collector-id');
  const known = await readFile(path, 'utf8').catch(() => '');
  if (/^[0-9a-f]{16}$/.test(known)) return known;
  const id = randomBytes(8).toString('hex');
  await writeFile(path, id);
  return id;
}

async function within(ms: number, done: Promise<unknown>): Promise<void> {
  await Promise.race([done, sleep(ms, undefined, { ref: false })]);
}

async function runInReverse(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of steps.toReversed()) await step();
}
