import { createColumnBatch } from '@sonde/otlp';
import { type CommitOutcome, type Disk, type Engine, GroupCommit, ItemLedger, Loader, type Report, Spool } from '@sonde/store';
import type { Request } from './items.ts';
import type { MemoryDisk } from './memory-disk.ts';
import type { ModelStore } from './model-store.ts';
import type { Life, Schedule } from './schedule.ts';

export const directory = '/data/spool';

/** A place to put a bug into the collector from outside; each gets the real thing. */
export interface Planted {
  readonly disk?: (real: Disk) => Disk;
  readonly engine?: (real: Pick<Engine, 'insertFiles'>) => Pick<Engine, 'insertFiles'>;
  readonly spoolOfCommit?: (real: Spool) => Pick<Spool, 'commit' | 'hasRoomFor'>;
}

export interface World {
  readonly schedule: Schedule;
  readonly disk: MemoryDisk;
  readonly store: ModelStore;
  readonly spoolBytesMax: number;
  readonly report: Report;
  readonly planted: Planted;
}

export const groupBytesMax = 32 * 1024;

/** One for all processes, emptied at each start: to make one costs more than a whole simulated life. */
const batch = createColumnBatch();
/** Of the thread that decodes large requests, and of the collector's own telemetry. */
const otherBatch = createColumnBatch();

export type Way = 'decoded here' | 'decoded elsewhere' | 'own';
export type Answer = CommitOutcome | { readonly kind: 'own'; readonly isWritten: boolean };

/** The write path as the collector wires it, small, in one simulated process. */
export class SimulatedCollector {
  readonly life: Life = { alive: true };
  readonly ledger = new ItemLedger();
  readonly batch = batch;
  spool: Spool | undefined;
  commit: GroupCommit | undefined;
  loader: Loader | undefined;
  /** It could not start: the disk failed. */
  failed = false;
  ended = false;

  start({ schedule, disk, store, spoolBytesMax, report, planted }: World, random: string): void {
    const { ledger, life } = this;
    batch.take();
    const clock = schedule.clock(life);
    const open = async (): Promise<void> => {
      const realDisk = disk.for(life);
      const ownDisk = planted.disk?.(realDisk) ?? realDisk;
      const spool = await Spool.open({ directory, bytesMax: spoolBytesMax, random, disk: ownDisk, clock, ledger, report });
      const group = { delayMs: 4, bytesTarget: 8 * 1024, bytesMax: groupBytesMax };
      this.spool = spool;
      this.commit = new GroupCommit({ spool: planted.spoolOfCommit?.(spool) ?? spool, batch, ledger, clock, report, ...group });
      const realEngine = store.for(life);
      const engine = planted.engine?.(realEngine) ?? realEngine;
      const limits = { setsMax: 8, rowsMax: 200, bytesMax: 256 * 1024 };
      this.loader = new Loader({ spool, engine, clock, report, limits, pauseMs: 1_000 });
      this.loader.start();
    };
    open().catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error)) throw error;
      this.failed = true;
    });
  }

  /** Nothing while it starts. */
  take(request: Request, way: Way): Promise<Answer> | undefined {
    const { commit } = this;
    if (!commit) return undefined;
    const { signal, body } = request;
    if (way === 'decoded here') return commit.append(signal, 'json', body);
    const outcome = otherBatch.append(signal, 'json', body, 0);
    const tables = otherBatch.take();
    if (way === 'decoded elsewhere') return commit.appendDecoded(signal, outcome, tables);
    return commit.appendOwn(tables).then((isWritten) => ({ kind: 'own', isWritten }));
  }

  /** As on SIGTERM. */
  stop(graceMs: number): void {
    const { commit, loader } = this;
    const stop = async (): Promise<void> => {
      await commit?.close();
      await loader?.stop(graceMs);
      this.ended = true;
    };
    void stop();
  }
}
