/**
 * Keeps the disk of the database from filling: drops the oldest days until there is room.
 *
 * Invariants, each defended by the test of the same number in test/faults/disk-guard.test.ts:
 *  (1) It drops nothing while there is room, and no more than it takes.
 *  (2) The oldest day first, raw telemetry before rollups; never today's or a later one.
 *  (3) A disk that is full to the last byte does not keep it from dropping.
 *  (4) What it does, and that it can do nothing more, it says.
 */
import type { DiskState } from '@sonde/api';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from '../query/define.ts';
import type { Clock } from '../spool/clock.ts';
import type { Report } from '../spool/report.ts';
import { dayText, today } from './days.ts';
import { dropDay } from './drop-day.ts';
import { DropReserve } from './drop-reserve.ts';
import { record } from './history.ts';
import { rankOf, storedSignals } from './signals.ts';
import { partsOnDiskQuery, type StoredDay, storedDays } from './stored-days.ts';

/** The fullest of the disks that hold the database, or could. */
export const diskQuery = defineQuery({
  name: 'disk',
  params: {},
  row: { freeBytes: 'Float64', totalBytes: 'Float64' },
  sql: `
SELECT toFloat64(free_space) AS freeBytes, toFloat64(total_space) AS totalBytes
FROM system.disks
WHERE NOT is_remote AND (name = 'default' OR name IN (SELECT DISTINCT disk_name FROM system.parts WHERE database = currentDatabase()))
ORDER BY free_space
LIMIT 1`,
  servers: 'all that answer',
});

export interface DiskGuardOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly closing: AbortSignal;
  readonly report: Report;
  /** 0: no guard. */
  readonly freeMinBytes: number | 'auto';
  /** A file on the same disk that is given up to make room; undefined where that disk is another machine's. */
  readonly reservePath: string | undefined;
  /** Whether it is this collector that drops, of all that look. */
  readonly mayDelete: () => Promise<boolean>;
  readonly onDropped: (stored: StoredDay) => void;
}

const autoBytes = 2 * 1024 ** 3;

export class DiskGuard {
  readonly #options: DiskGuardOptions;
  readonly #reserve: DropReserve;
  #state: DiskState | undefined;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
    this.#reserve = new DropReserve(options.reservePath);
  }

  get state(): DiskState | undefined {
    return this.#state;
  }

  /** Looks, and makes room where there is too little. Resolves when there is, or when nothing more can be dropped. */
  async check(): Promise<void> {
    for (;;) {
      const disk = await this.#look();
      if (!disk || disk.freeMinBytes === 0 || this.#options.closing.aborted) return;
      if (disk.freeBytes >= disk.freeMinBytes) return await this.#reserve.layIn();
      if (!(await this.#options.mayDelete())) return;
      const stored = await storedDays(this.#options.engine);
      const victim = oldestOf(stored, this.#options.clock.nowMs());
      if (!victim) return this.#giveUp(disk);
      if (!(await this.#drop(victim, stored, disk))) return;
    }
  }

  async #look(): Promise<DiskState | undefined> {
    const [disk] = await ask(this.#options.engine, diskQuery, {});
    if (!disk) return (this.#state = undefined);
    const { freeMinBytes: min } = this.#options;
    const freeMinBytes = min === 'auto' ? Math.min(autoBytes, Math.floor(disk.totalBytes / 10)) : min;
    const isBelow = disk.freeBytes < freeMinBytes;
    const wasBelow = this.#state !== undefined && this.#state.state !== 'ok';
    if (wasBelow && !isBelow) this.#options.report('info', 'the disk has room again', disk);
    const below = this.#state?.state === 'full' ? 'full' : 'below';
    return (this.#state = { ...disk, freeMinBytes, state: isBelow ? below : 'ok' });
  }

  /** Resolves with whether the room is there: files that somebody still reads stay until he is done. */
  async #drop(victim: StoredDay, stored: readonly StoredDay[], disk: DiskState): Promise<boolean> {
    const { clock, closing, engine, onDropped, report } = this.#options;
    const left = stored.filter((other) => other.signal === 'spans' && other !== victim).map(({ day }) => day);
    await this.#reserve.use(() => dropDay(engine, victim, left));
    onDropped(victim);
    const { signal, day, rows, bytes } = victim;
    report('warn', 'the disk is nearly full: a day of data was dropped', { signal, day: dayText(day), rows, bytes, ...disk });
    await record(engine, { action: 'dropped', reason: 'disk', signal, day, rows, bytes }, clock.nowMs());
    const tables = victim.partitions.map(({ table }) => table);
    const partitions = victim.partitions.map(({ partitionId }) => partitionId);
    for (let tries = 0; tries < 100 && !closing.aborted; tries++) {
      const [onDisk] = await ask(engine, partsOnDiskQuery, { tables, partitions });
      if (onDisk?.parts === 0) return true;
      await clock.sleep(200, closing);
    }
    return false;
  }

  #giveUp(disk: DiskState): void {
    if (disk.state === 'full') return;
    this.#state = { ...disk, state: 'full' };
    this.#options.report('error', 'the disk is nearly full and only data of today is left: make room', disk);
  }
}

/** Oldest first among all raw telemetry, then among the finest rollups, and so on; of one day what comes first in the list of signals. */
function oldestOf(stored: readonly StoredDay[], nowMs: number): StoredDay | undefined {
  const order = ({ day, signal }: StoredDay) => [rankOf(signal), day, storedSignals.indexOf(signal)] as const;
  return stored
    .filter(({ day }) => day < today(nowMs))
    .toSorted((a, b) => {
      const [left, right] = [order(a), order(b)];
      return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
    })[0];
}
