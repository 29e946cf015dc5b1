/**
 * The acknowledged rows that are not in the database yet: immutable files in one directory, known by their names.
 *
 *             commit()            fix()              finish()
 *   (rows) ------------> SET --------------> PLANNED ----------> (removed)
 *                         |                     |
 *                         +---- quarantine() ---+--> quarantine/   one file of a set, with the reason
 *
 * Invariants, each defended by the test of the same number in spool.test.ts; those of the start stand in recover.ts:
 *  (1) commit() resolves only after every file and the directory are fsynced; after a rejection nothing of it will be loaded
 *      by this process.
 *  (2) Bytes on disk, the quarantine's among them, never pass `bytesMax`; a commit that would is rejected with SpoolFull.
 *  (3) A set belongs to at most one plan, and a plan is on disk before fix() resolves.
 *  (4) Sets are handed out in the order of their commits.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { NativeTable } from '@sonde/otlp';
import type { Clock } from './clock.ts';
import { type Disk, errorCode } from './disk.ts';
import { createIdSource, recordName, tableFileName, temporarySuffix } from './file-names.ts';
import type { ItemLedger } from './item-ledger.ts';
import { itemsOf } from './items.ts';
import { moveToQuarantine, quarantineFolder } from './quarantine.ts';
import { planId, writePlan, writeSet } from './records.ts';
import { recover } from './recover.ts';
import type { Report } from './report.ts';
import type { LoadPlan, SpoolFile, SpoolSet } from './spool-set.ts';
import { writeTogether } from './write-together.ts';

export interface SpoolOptions {
  /** Absolute. */
  readonly directory: string;
  readonly bytesMax: number;
  /** Distinguishes this start from any other that shares its millisecond: eight hex digits. */
  readonly random: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly ledger: ItemLedger;
  readonly report: Report;
}

export class SpoolFull extends Error {
  constructor() {
    super('the spool is full');
    this.name = 'SpoolFull';
  }
}

export class Spool {
  readonly #options: SpoolOptions;
  readonly #nextId: () => string;
  /** Committed and not finished, in order. */
  readonly #sets = new Map<string, SpoolSet>();
  /** Those of them that no plan covers yet. */
  #waiting: SpoolSet[];
  /** Written by an earlier process: the checksum is compared before the load. */
  readonly #unverified = new Set<string>();
  /** The plans that an earlier process fixed and did not finish; they load first. */
  readonly recoveredPlans: readonly LoadPlan[];
  #bytes: number;
  /** Called after each commit. */
  onCommit: () => void = () => undefined;

  private constructor(options: SpoolOptions, found: Awaited<ReturnType<typeof recover>>) {
    this.#options = options;
    this.recoveredPlans = found.plans;
    this.#bytes = found.quarantineBytes;
    for (const set of found.sets) {
      this.#sets.set(set.id, set);
      this.#unverified.add(set.id);
      this.#bytes += diskBytesOf(set);
      options.ledger.recovered(itemsOf(set.files));
    }
    const planned = new Set(found.plans.flatMap((plan) => plan.sets.map((set) => set.id)));
    this.#waiting = found.sets.filter((set) => !planned.has(set.id));
    for (const { name, items, reason } of found.quarantined) {
      options.ledger.recovered(items);
      options.ledger.quarantined(items, reason);
      options.report('error', 'a spool file was quarantined', { name, reason });
    }
    // Ids of this process sort behind what it found, even if the wall clock was set back.
    const lastKnownMs = Number(found.sets.at(-1)?.id.split('-', 1)[0] ?? 0);
    this.#nextId = createIdSource(Math.max(options.clock.nowMs(), lastKnownMs + 1), options.random);
  }

  /** Makes the directory where it is missing, and takes over what an earlier process left. */
  static async open(options: SpoolOptions): Promise<Spool> {
    await options.disk.makeDirectory(join(options.directory, quarantineFolder));
    await assertWritable(options.disk, options.directory);
    return new Spool(options, await recover(options.disk, options.directory));
  }

  get usage(): { readonly bytes: number; readonly files: number; readonly oldestSeconds: number } {
    let files = 0;
    for (const set of this.#sets.values()) files += set.files.length + 1;
    const [oldest] = this.#sets.values();
    const oldestMs = oldest ? this.#options.clock.nowMs() - oldest.committedAtMs : 0;
    return { bytes: this.#bytes, files, oldestSeconds: Math.max(0, oldestMs / 1000) };
  }

  /** Whether about `bytes` more would be taken now. */
  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= this.#options.bytesMax;
  }

  /** Writes one set. Resolves when it is durable; rejects with SpoolFull or the disk's error, and then nothing was kept. */
  async commit(tables: readonly NativeTable[]): Promise<void> {
    const { clock, directory, disk } = this.#options;
    const id = this.#nextId();
    const files = tables.map(({ table, rows, bytes }): SpoolFile => {
      return { name: tableFileName(id, table, rows), table, rows, bytes: bytes.length, crc32: crc32(bytes) };
    });
    const set: SpoolSet = { id, committedAtMs: clock.nowMs(), files };
    const diskBytes = diskBytesOf(set);
    if (!this.hasRoomFor(diskBytes)) throw new SpoolFull();
    this.#bytes += diskBytes;
    try {
      await writeTogether(disk, directory, [
        ...tables.map(({ bytes }, index) => ({ name: String(files[index]?.name), bytes })),
        { name: recordName(id, 'set'), bytes: writeSet(set) },
      ]);
    } catch (error) {
      this.#bytes -= diskBytes;
      throw error;
    }
    this.#sets.set(id, set);
    this.#waiting.push(set);
    this.onCommit();
  }

  /** The committed sets that no plan covers yet, oldest first. */
  get waiting(): readonly SpoolSet[] {
    return this.#waiting;
  }

  /** Joins the first `count` of the waiting sets to a plan; fix() makes it durable. */
  plan(count: number): LoadPlan {
    const sets = this.#waiting.splice(0, count);
    return { id: planId(sets), sets };
  }

  /** Resolves when the plan is on disk. May be repeated. */
  async fix(plan: LoadPlan): Promise<void> {
    const { directory, disk } = this.#options;
    await writeTogether(disk, directory, [{ name: recordName(plan.id, 'load'), bytes: writePlan(plan) }]);
  }

  /** The files of a set that are as they were written; damaged ones are quarantined on the way. */
  async intactFiles(setId: string): Promise<readonly SpoolFile[]> {
    for (const file of this.#unverified.has(setId) ? this.#filesOf(setId) : []) {
      const damage = await this.#damageOf(file);
      if (damage !== undefined) await this.quarantine(setId, file, damage);
    }
    this.#unverified.delete(setId);
    return this.#filesOf(setId);
  }

  pathOf(file: SpoolFile): string {
    return join(this.#options.directory, file.name);
  }

  /** Takes one file out of its set, for a reason from a closed list; `details` are for the human. */
  async quarantine(setId: string, file: SpoolFile, reason: string, details = ''): Promise<void> {
    const { directory, disk, ledger, report } = this.#options;
    await moveToQuarantine(disk, directory, file.name, details ? `${reason}: ${details}` : reason);
    const set = this.#sets.get(setId);
    if (set) this.#sets.set(setId, { ...set, files: set.files.filter((other) => other !== file) });
    ledger.quarantined(itemsOf([file]), reason);
    report('error', 'a spool file was quarantined', { name: file.name, reason, details });
  }

  /** Every table of the plan is in the database: its files go. */
  async finish(plan: LoadPlan): Promise<void> {
    const { directory, disk, ledger, report } = this.#options;
    const done = join(directory, recordName(plan.id, 'done'));
    await disk.rename(join(directory, recordName(plan.id, 'load')), done);
    const loaded = plan.sets.map(({ id }) => this.#sets.get(id)).filter((set) => set !== undefined);
    for (const set of loaded) {
      this.#sets.delete(set.id);
      ledger.stored(itemsOf(set.files));
    }
    try {
      for (const set of loaded) {
        await disk.remove(join(directory, recordName(set.id, 'set')));
        for (const file of set.files) await disk.remove(this.pathOf(file));
        this.#bytes -= diskBytesOf(set);
      }
      await disk.remove(done);
    } catch (error) {
      // Still on disk and still counted in the limit; the next start finds the plan done and removes them.
      report('warn', 'loaded spool files could not be removed', { plan: plan.id, reason: errorCode(error) });
    }
  }

  #filesOf(setId: string): readonly SpoolFile[] {
    return this.#sets.get(setId)?.files ?? [];
  }

  async #damageOf(file: SpoolFile): Promise<string | undefined> {
    try {
      const bytes = await this.#options.disk.read(this.pathOf(file));
      return bytes.length === file.bytes && crc32(bytes) === file.crc32 ? undefined : 'damaged file';
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return 'missing file';
      if (errorCode(error) === 'EIO') return 'unreadable file';
      throw error;
    }
  }
}

/** A start on a read-only directory fails here; one on a full disk goes on, for loading frees it. */
async function assertWritable(disk: Disk, directory: string): Promise<void> {
  const probe = join(directory, `probe${temporarySuffix}`);
  try {
    await disk.writeDurably(probe, new Uint8Array());
  } catch (error) {
    if (errorCode(error) !== 'ENOSPC') throw error;
  }
  await disk.remove(probe);
}

/** What a set takes on disk: whole blocks, the manifest included, so that many small sets are bounded too. */
function diskBytesOf(set: SpoolSet): number {
  const block = 4096;
  return set.files.reduce((sum, file) => sum + Math.ceil(file.bytes / block) * block, block);
}
