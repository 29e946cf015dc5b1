import { randomBytes } from 'node:crypto';
import type { Health } from '@sonde/api';
import { createColumnBatch } from '@sonde/otlp';
import {
  type Engine,
  GroupCommit,
  ItemLedger,
  Loader,
  nodeDisk,
  type Report,
  Spool,
  SpoolFull,
  systemClock,
  withReserve,
} from '@sonde/store';
import { Ingest } from './ingest/ingest.ts';
import type { OwnMetrics } from './own-metrics/own-metrics.ts';

export interface WritePathOptions {
  readonly engine: Pick<Engine, 'insertFiles'>;
  /** Absolute; locked by this process. */
  readonly spoolDirectory: string;
  readonly spoolMaxBytes: number;
  /** Between the starts of two loads, unless a full one waits. */
  readonly loadPauseMs: number;
  readonly ownMetrics: OwnMetrics;
  /** Between two reports of the collector's own metrics; 0: none. */
  readonly ownMetricsIntervalMs: number;
  readonly report: Report;
}

/** receive -> decode -> spool -> load: everything between a request's bytes and the database. */
export interface WritePath {
  readonly ingest: Ingest;
  readonly ledger: ItemLedger;
  status(): Pick<Health, 'status' | 'spool' | 'counters' | 'refusedRequests' | 'drops'>;
  /** Takes nothing more, answers what it took, loads for at most `graceMs`; the rest waits in the spool for the next start. */
  stop(graceMs: number): Promise<void>;
}

/** Loads that fail this often in a row mean that the database is in trouble, not in a hurry. */
const failuresTolerated = 3;

export async function startWritePath(options: WritePathOptions): Promise<WritePath> {
  const { engine, loadPauseMs, ownMetrics, report, spoolDirectory, spoolMaxBytes } = options;
  const { observer } = ownMetrics;
  const ledger = new ItemLedger();
  const clock = systemClock;
  const spool = await Spool.open({
    directory: spoolDirectory,
    bytesMax: spoolMaxBytes,
    random: randomBytes(4).toString('hex'),
    disk: await withReserve(nodeDisk, spoolDirectory),
    clock,
    ledger,
    report,
  });
  const intake = watchIntake(spool);
  const commit = new GroupCommit({
    spool: intake,
    batch: createColumnBatch(),
    ledger,
    clock,
    report,
    // Long enough for concurrent senders to share an fsync, short beside the fsync itself and any network.
    delayMs: 4,
    bytesTarget: 4 * 1024 ** 2,
    bytesMax: 16 * 1024 ** 2,
    observer,
  });
  const loader = new Loader({
    spool,
    engine,
    clock,
    report,
    limits: { setsMax: 512, rowsMax: 150_000, bytesMax: 64 * 1024 ** 2 },
    // With the default, what is acknowledged can be asked for within 2 s; each load costs some 80 ms of processor time, however small.
    pauseMs: loadPauseMs,
    observer,
  });
  loader.start();
  const ingest = new Ingest(commit, clock, observer);
  const state = () => ({ spool: spool.usage, ...ledger.snapshot() });
  ownMetrics.start(state, (tables) => commit.appendOwn(tables), options.ownMetricsIntervalMs);
  return {
    ingest,
    ledger,
    status() {
      const items = state();
      const lost = Object.values(items.counters).some((counters) => counters.quarantined > 0);
      const degraded = lost || loader.failures > failuresTolerated || !intake.takes();
      return { status: degraded ? 'degraded' : 'ok', ...items };
    },
    async stop(graceMs) {
      await ownMetrics.stop();
      await ingest.close();
      await loader.stop(graceMs);
    },
  };
}

/** The spool as senders meet it, and whether it takes what they send. */
function watchIntake(spool: Spool): Pick<Spool, 'commit' | 'hasRoomFor'> & { takes(): boolean } {
  let writable = true;
  let noRoomFor = 0;
  return {
    takes: () => writable && spool.hasRoomFor(noRoomFor),
    hasRoomFor(bytes) {
      const room = spool.hasRoomFor(bytes);
      noRoomFor = room ? 0 : bytes;
      return room;
    },
    async commit(tables, origin) {
      try {
        await spool.commit(tables, origin);
        writable = true;
      } catch (error) {
        // A full spool says nothing against the disk.
        if (error instanceof SpoolFull) noRoomFor = tables.reduce((sum, { bytes }) => sum + bytes.length, 0);
        else writable = false;
        throw error;
      }
    },
  };
}
