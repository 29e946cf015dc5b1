import { join } from 'node:path';
import type { TableName } from '@sonde/otlp';
import { type Disk, errorCode } from './disk.ts';
import { diskBlocks } from './disk-blocks.ts';
import { parseName, rowsFileName } from './file-names.ts';
import { writeTogether } from './write-together.ts';

export const quarantineFolder = 'quarantine';
const reasonName = (name: string): string => `${name}.reason.txt`;

const sizesAtOnce = 64;

/**
 * Where rows lie that cannot be loaded: kept for a human, out of the way of everything else, each file with its reason beside it.
 * A file is here as soon as it has its own name here, and that is durable when the call resolves.
 */
export class Quarantine {
  readonly #disk: Disk;
  readonly #spool: string;
  readonly #folder: string;
  readonly #names = new Set<string>();
  /** Rows taken out of a table file that itself still stands in the spool, by set and table. */
  readonly #rows = new Map<string, number>();
  #bytes = 0;

  private constructor(disk: Disk, directory: string) {
    this.#disk = disk;
    this.#spool = directory;
    this.#folder = join(directory, quarantineFolder);
  }

  /** Opens the quarantine of an existing spool directory. */
  static async open(disk: Disk, directory: string): Promise<Quarantine> {
    const quarantine = new Quarantine(disk, directory);
    await disk.makeDirectory(quarantine.#folder);
    const names = await disk.list(quarantine.#folder);
    for (const name of names) {
      if (parseName(name).kind === 'temporary') await disk.remove(join(quarantine.#folder, name));
    }
    const kept = names.filter((name) => parseName(name).kind !== 'temporary');
    for (let at = 0; at < kept.length; at += sizesAtOnce) {
      await Promise.all(
        kept.slice(at, at + sizesAtOnce).map(async (name) => {
          quarantine.#keep(name, await disk.sizeOf(join(quarantine.#folder, name)));
        }),
      );
    }
    return quarantine;
  }

  /** What it takes on disk, in whole blocks. It counts in the spool's limit until somebody empties it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a file of that name has been moved here, or was missing when it should have been. */
  hasFile(name: string, present: boolean): boolean {
    return this.#names.has(name) || (!present && this.#names.has(reasonName(name)));
  }

  hasRows(setId: string, table: TableName, from: number, to: number): boolean {
    return this.#names.has(rowsFileName(setId, table, from, to));
  }

  /** How many rows of a table file that stands in the spool are here. */
  rowsOf(setId: string, table: TableName): number {
    return this.#rows.get(`${setId}.${table}`) ?? 0;
  }

  /** Moves a file of the spool here; of one that is not there, only the reason is kept. May be repeated. */
  async moveFile(name: string, bytes: number, reason: string): Promise<void> {
    await this.#writeReason(name, reason);
    try {
      await this.#disk.rename(join(this.#spool, name), join(this.#folder, name));
      this.#keep(name, bytes);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
    await this.#disk.syncDirectory(this.#folder);
  }

  /** Writes the rows [from, to) of a table file here, as a file of their own. May be repeated. */
  async writeRows(
    setId: string,
    table: TableName,
    rows: { readonly from: number; readonly to: number; readonly bytes: Uint8Array },
    reason: string,
  ): Promise<void> {
    const name = rowsFileName(setId, table, rows.from, rows.to);
    await this.#writeReason(name, reason);
    await writeTogether(this.#disk, this.#folder, [{ name, bytes: rows.bytes }]);
    this.#keep(name, rows.bytes.length);
  }

  /** Durable before the file appears: whatever a power cut leaves, no file is here without its reason. */
  async #writeReason(name: string, reason: string): Promise<void> {
    const text = Buffer.from(`${reason}\n`);
    await this.#disk.writeDurably(join(this.#folder, reasonName(name)), text);
    await this.#disk.syncDirectory(this.#folder);
    this.#keep(reasonName(name), text.length);
  }

  #keep(name: string, bytes: number): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.#bytes += diskBlocks(bytes);
    const parsed = parseName(name);
    if (parsed.kind !== 'rows') return;
    const key = `${parsed.id}.${parsed.table}`;
    this.#rows.set(key, (this.#rows.get(key) ?? 0) + parsed.to - parsed.from);
  }
}
