/**
 * The acknowledged rows that are not in the database yet: immutable files in one directory, known by their names.
 *
 *             commit()            fix()              finish()
 *   (rows) ------------> SET --------------> PLANNED ----------> (removed)
 *                         |                     |
 *                         +---- quarantine() ---+--> quarantine/   a file of a set, or some of its rows, with the reason
 *
 * Invariants, each defended by the test of the same number in spool.test.ts; those of the start stand in recover.ts:
 *  (1) commit() resolves only after every file and the directory are fsynced; after a rejection nothing of it will be loaded
 *      by this process.
 *  (2) Bytes on disk, the quarantine's among them, never pass `bytesMax` by a commit: one that would is rejected with SpoolFull.
 *      Rows taken out one by one may pass it by `isolationBytesMax`; then only whole files are moved, which takes no room.
 *  (3) A set belongs to at most one plan, and a plan is on disk before fix() resolves.
 *  (4) Sets are handed out in the order of their commits.
 *  (5) Nothing of a loaded set goes before it is durable that it was loaded, and that stays said until all of it is gone for good.
 */
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { NativeTable, TableName } from '@sonde/otlp';
import type { Clock } from './clock.ts';
import { type Disk, errorCode } from './disk.ts';
import { diskBlocks } from './disk-blocks.ts';
import { createIdSource, recordName, rowsFileName, tableFileName, temporarySuffix } from './file-names.ts';
import type { ItemLedger } from './item-ledger.ts';
import { type Items, itemsOf } from './items.ts';
import { Quarantine } from './quarantine.ts';
import { planId, writePlan, writeRefusals, writeSet } from './records.ts';
import { recover } from './recover.ts';
import type { Refusal } from './refusals.ts';
import { Removals } from './removals.ts';
import type { Report } from './report.ts';
import type { LoadPlan, Origin, SpoolFile, SpoolSet } from './spool-set.ts';
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

/** What rows taken out one by one may take beyond the limit: a full spool must not cost their neighbours the way to the store. */
const isolationBytesMax = 16 * 1024 ** 2;

/** `crc32` of the bytes, where whoever made them has computed it already. */
export type CheckedTable = NativeTable & { readonly crc32?: number };

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
  /** By plan. */
  readonly #refusals: Map<string, readonly Refusal[]>;
  /** The plan whose record bears the name of a finished one. */
  #namedDone: string | undefined;
  readonly #quarantine: Quarantine;
  readonly #removals: Removals;
  /** Of the sets. */
  #bytes = 0;
  /** Called after each commit. */
  onCommit: () => void = () => undefined;

  private constructor(options: SpoolOptions, quarantine: Quarantine, found: Awaited<ReturnType<typeof recover>>) {
    this.#options = options;
    this.#quarantine = quarantine;
    this.#removals = new Removals(options.disk, options.directory, options.report);
    this.recoveredPlans = found.plans;
    this.#refusals = new Map(found.refusals);
    for (const set of found.sets) {
      this.#sets.set(set.id, set);
      this.#unverified.add(set.id);
      this.#bytes += diskBytesOf(set);
      options.ledger.recovered(this.#itemsLeft(set));
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
    const { directory, disk } = options;
    const quarantine = await Quarantine.open(disk, directory);
    await assertWritable(disk, directory);
    // A directory that was just made is an entry of its parent.
    await disk.syncDirectory(dirname(directory));
    return new Spool(options, quarantine, await recover(disk, directory, quarantine));
  }

  get usage(): { readonly bytes: number; readonly files: number; readonly oldestSeconds: number } {
    let files = 0;
    for (const set of this.#sets.values()) files += set.files.length + 1;
    const [oldest] = this.#sets.values();
    const oldestMs = oldest ? this.#options.clock.nowMs() - oldest.committedAtMs : 0;
    return { bytes: this.#bytesHeld, files, oldestSeconds: Math.max(0, oldestMs / 1000) };
  }

  get #bytesHeld(): number {
    return this.#bytes + this.#quarantine.bytes + this.#removals.bytes;
  }

  /** Whether about `bytes` more would be taken now. */
  hasRoomFor(bytes: number): boolean {
    return this.#bytesHeld + bytes <= this.#options.bytesMax;
  }

  /** Whether a file of `bytes` may be taken apart into rows: the quarantine grows by it, and by a reason and some blocks a row. */
  hasRoomToIsolate(bytes: number): boolean {
    return this.#bytesHeld + bytes <= this.#options.bytesMax + isolationBytesMax;
  }

  /**
   * Writes one set. Resolves when it is durable; rejects with SpoolFull or the disk's error, and then nothing is kept. One at a time: a
   * plan covers a range of sets, so none may appear within a range later.
   */
  async commit(tables: readonly CheckedTable[], origin: Origin = 'senders'): Promise<void> {
    const { clock, directory, disk } = this.#options;
    const id = this.#nextId();
    const files = tables.map(({ table, rows, bytes, crc32: checksum = crc32(bytes) }): SpoolFile => {
      return { name: tableFileName(id, table, rows), table, rows, bytes: bytes.length, crc32: checksum };
    });
    const set: SpoolSet = { id, ...(origin === 'own' && { origin }), committedAtMs: clock.nowMs(), files };
    const diskBytes = diskBytesOf(set);
    await this.#removals.sweep();
    if (!this.hasRoomFor(diskBytes)) throw new SpoolFull();
    this.#bytes += diskBytes;
    const manifest = recordName(id, 'set');
    try {
      await writeTogether(disk, directory, [
        ...tables.map(({ bytes }, index) => ({ name: String(files[index]?.name), bytes })),
        { name: manifest, bytes: writeSet(set) },
      ]);
    } catch (error) {
      this.#bytes -= diskBytes;
      const names = files.flatMap(({ name }) => [name, `${name}${temporarySuffix}`]);
      // The manifest's temporary name tells a start that the tables beside it were never committed: it goes last.
      this.#removals.add({ bytes: diskBytes, manifest, names, last: `${manifest}${temporarySuffix}` });
      await this.#removals.sweep();
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

  pathOf(file: Pick<SpoolFile, 'name'>): string {
    return join(this.#options.directory, file.name);
  }

  /** The bytes of a file; nothing where they are not what was written. */
  async read(file: SpoolFile): Promise<Uint8Array | undefined> {
    const bytes = await this.#options.disk.read(this.pathOf(file));
    return bytes.length === file.bytes && crc32(bytes) === file.crc32 ? bytes : undefined;
  }

  /** What the store refused of a plan, in this process or an earlier one. */
  refusalsOf(id: string): readonly Refusal[] {
    return this.#refusals.get(id) ?? [];
  }

  /** Resolves when it is durable that the store refused a token, so that nobody tries it again. May be repeated. */
  async refused(plan: LoadPlan, refusal: Refusal): Promise<void> {
    const { directory, disk } = this.#options;
    const all = [...this.refusalsOf(plan.id), refusal];
    // Whether or not it succeeds: from now on there may be a file to remove.
    this.#refusals.set(plan.id, this.refusalsOf(plan.id));
    await writeTogether(disk, directory, [{ name: recordName(plan.id, 'refused'), bytes: writeRefusals(all) }]);
    this.#refusals.set(plan.id, all);
  }

  /** Writes the rows [from, to) of a file as a file of their own, calls with its path, and removes it; so does the next start. */
  async withSlice(
    setId: string,
    table: TableName,
    rows: { readonly from: number; readonly to: number; readonly bytes: Uint8Array },
    call: (path: string) => Promise<void>,
  ): Promise<void> {
    const { disk } = this.#options;
    const name = `${rowsFileName(setId, table, rows.from, rows.to)}${temporarySuffix}`;
    const path = this.pathOf({ name });
    try {
      await disk.writeDurably(path, rows.bytes);
      await call(path);
    } finally {
      await disk.remove(path);
    }
  }

  /** Takes one file out of its set, for a reason from a closed list; `details` are for the human. */
  async quarantine(setId: string, file: SpoolFile, reason: string, details = ''): Promise<void> {
    const { ledger, report } = this.#options;
    const rows = file.rows - this.#quarantine.rowsOf(setId, file.table);
    await this.#quarantine.moveFile(file.name, file.bytes, details ? `${reason}: ${details}` : reason);
    const set = this.#sets.get(setId);
    if (set) {
      const without = { ...set, files: set.files.filter((other) => other !== file) };
      this.#bytes += diskBytesOf(without) - diskBytesOf(set);
      this.#sets.set(setId, without);
    }
    if (set?.origin !== 'own') ledger.quarantined(itemsOf([{ table: file.table, rows }]), reason);
    report('error', 'a spool file was quarantined', { name: file.name, reason, details });
  }

  /** Copies the rows [from, to) of a file to the quarantine; the file goes when its plan is finished. May be repeated. */
  async quarantineRows(
    setId: string,
    table: TableName,
    rows: { readonly from: number; readonly to: number; readonly bytes: Uint8Array },
    reason: string,
    details: string,
  ): Promise<void> {
    const { ledger, report } = this.#options;
    const { from, to } = rows;
    if (this.#quarantine.hasRows(setId, table, from, to)) return;
    await this.#quarantine.writeRows(setId, table, rows, `${reason}: ${details}`);
    if (this.#sets.get(setId)?.origin !== 'own') ledger.quarantined(itemsOf([{ table, rows: to - from }]), reason);
    report('error', 'rows were quarantined', { name: rowsFileName(setId, table, from, to), reason, details });
  }

  /** Every table of the plan is in the database: its files go. Where it rejects, nothing has gone, and it may be repeated. */
  async finish(plan: LoadPlan): Promise<void> {
    const { directory, disk, ledger } = this.#options;
    const done = recordName(plan.id, 'done');
    if (this.#namedDone !== plan.id) {
      await disk.rename(join(directory, recordName(plan.id, 'load')), join(directory, done));
      this.#namedDone = plan.id;
    }
    await disk.syncDirectory(directory);
    const loaded = plan.sets.map(({ id }) => this.#sets.get(id)).filter((set) => set !== undefined);
    const record = recordName(plan.id, 'refused');
    const names = this.#refusals.delete(plan.id) ? [record, `${record}${temporarySuffix}`] : [];
    let bytes = 0;
    for (const set of loaded) {
      this.#sets.delete(set.id);
      ledger.stored(this.#itemsLeft(set));
      names.push(recordName(set.id, 'set'), ...set.files.map((file) => file.name));
      bytes += diskBytesOf(set);
    }
    this.#bytes -= bytes;
    this.#removals.add({ bytes, names, last: done });
    await this.#removals.sweep();
  }

  /** Tries again to remove what could not be removed. Never rejects. */
  sweep(): Promise<void> {
    return this.#removals.sweep();
  }

  /** The items of a set that are not in quarantine; of the collector's own telemetry none are counted. */
  #itemsLeft(set: SpoolSet): Items {
    if (set.origin === 'own') return itemsOf([]);
    return itemsOf(set.files.map(({ table, rows }) => ({ table, rows: rows - this.#quarantine.rowsOf(set.id, table) })));
  }

  #filesOf(setId: string): readonly SpoolFile[] {
    return this.#sets.get(setId)?.files ?? [];
  }

  async #damageOf(file: SpoolFile): Promise<string | undefined> {
    try {
      return (await this.read(file)) ? undefined : 'damaged file';
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

/** The manifest included. */
function diskBytesOf(set: SpoolSet): number {
  return set.files.reduce((sum, file) => sum + diskBlocks(file.bytes), diskBlocks(0));
}
