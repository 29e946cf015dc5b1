import { randomFillSync } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { errorCode as diskErrorCode } from '../spool/disk.ts';
import { errorCode } from '../engine/errors.ts';

/** The engine reserves a MiB for each part that it drops, and writes a little. */
const reserveBytes = 16 * 1024 ** 2;

const notEnoughSpace = '243';

/**
 * Room to drop with on a disk that is full to the last byte: there the engine can drop nothing any more. A file beside the database that is
 * given up for it, and laid in again when there is room. `path` undefined: a server's disk is out of reach.
 */
export class DropReserve {
  readonly #path: string | undefined;
  #isThere = false;

  constructor(path: string | undefined) {
    this.#path = path;
  }

  async layIn(): Promise<void> {
    if (this.#path === undefined || this.#isThere) return;
    try {
      // Not zeros, which some file systems store as nothing.
      await writeFile(this.#path, randomFillSync(Buffer.alloc(reserveBytes)));
      this.#isThere = true;
    } catch (error) {
      await rm(this.#path, { force: true });
      if (diskErrorCode(error) !== 'ENOSPC') throw error;
    }
  }

  /** Runs what makes room, a second time with the reserve's room where the engine has none. It must be repeatable. */
  async use(makeRoom: () => Promise<void>): Promise<void> {
    try {
      await makeRoom();
    } catch (error) {
      if (this.#path === undefined || errorCode(error) !== notEnoughSpace) throw error;
      this.#isThere = false;
      await rm(this.#path, { force: true });
      await makeRoom();
    }
  }
}
