/**
 * Files that are to go, and may refuse to: they count in the limit until they are gone, and are tried again at every sweep.
 * Whatever a crash leaves of them, the next start removes it too: what is said `last` says so on disk until the rest is gone for good.
 */
import { join } from 'node:path';
import { type Disk, errorCode } from './disk.ts';
import { temporarySuffix } from './file-names.ts';
import type { Report } from './report.ts';

export interface Removal {
  readonly bytes: number;
  /** A manifest that loses its name first: without it the other files are no set. */
  readonly manifest?: string;
  readonly names: readonly string[];
  /** Goes when the removal of all the others is durable. */
  readonly last: string;
}

export class Removals {
  readonly #due = new Set<Removal>();
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #report: Report;

  constructor(disk: Disk, directory: string, report: Report) {
    this.#disk = disk;
    this.#directory = directory;
    this.#report = report;
  }

  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#due) sum += bytes;
    return sum;
  }

  add(removal: Removal): void {
    this.#due.add(removal);
  }

  /** Removes what it can; never rejects. */
  async sweep(): Promise<void> {
    for (const removal of this.#due) {
      try {
        await this.#remove(removal);
        this.#due.delete(removal);
      } catch (error) {
        this.#report('warn', 'spool files could not be removed and will be tried again', {
          file: removal.last,
          reason: errorCode(error),
        });
      }
    }
  }

  async #remove({ manifest, names, last }: Removal): Promise<void> {
    if (manifest !== undefined) await this.#takeName(manifest);
    for (const name of names) await this.#disk.remove(join(this.#directory, name));
    await this.#disk.syncDirectory(this.#directory);
    await this.#disk.remove(join(this.#directory, last));
  }

  async #takeName(manifest: string): Promise<void> {
    const path = join(this.#directory, manifest);
    try {
      await this.#disk.rename(path, `${path}${temporarySuffix}`);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}
