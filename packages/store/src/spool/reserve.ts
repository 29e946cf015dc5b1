/**
 * Room for the loader on a disk that is full. A load frees space, but begins with a write (its plan); on a disk that the spool itself
 * has filled that would be the end. So a file of `reserveBytes` lies in the spool and is given up for such a write:
 *
 *  (1) What a sender waits for (`*.native`, `*.set.json`) never uses the reserve: reserve.test.ts.
 *  (2) A reserve that was given up is laid in again as soon as there is room, and before a sender gets any: reserve.test.ts.
 */
import { join } from 'node:path';
import { type Disk, errorCode } from './disk.ts';
import { temporarySuffix } from './file-names.ts';

export const reserveName = 'reserve';

/** A plan of 512 sets, the most that a load takes, is half as long. */
const reserveBytes = 1024 ** 2;

/** The disk, with a reserve in a directory, which is made if it is missing. */
export async function withReserve(disk: Disk, directory: string): Promise<Disk> {
  const path = join(directory, reserveName);
  let given = false;
  let layingIn: Promise<void> | undefined;

  async function layIn(): Promise<void> {
    try {
      // Not zeros, which some file systems store as nothing.
      await disk.writeDurably(`${path}${temporarySuffix}`, Buffer.alloc(reserveBytes, 'reserve '));
      await disk.rename(`${path}${temporarySuffix}`, path);
      given = false;
    } catch (error) {
      given = true;
      await disk.remove(`${path}${temporarySuffix}`);
      if (errorCode(error) !== 'ENOSPC' && errorCode(error) !== 'EDQUOT') throw error;
    }
  }

  await disk.makeDirectory(directory);
  if (!(await disk.list(directory)).includes(reserveName)) await layIn();
  return {
    ...disk,
    async writeDurably(file, bytes) {
      const isCommit = /\.(native|set\.json)(\.tmp)?$/.test(file);
      if (isCommit && given) {
        // The files of a commit are written together: one try for all of them.
        layingIn ??= layIn().finally(() => (layingIn = undefined));
        await layingIn;
        if (given) throw Object.assign(new Error('ENOSPC: the room that is left is for the loader'), { code: 'ENOSPC' });
      }
      try {
        await disk.writeDurably(file, bytes);
      } catch (error) {
        if (isCommit || given || errorCode(error) !== 'ENOSPC') throw error;
        given = true;
        await disk.remove(path);
        await disk.writeDurably(file, bytes);
      }
    },
    async remove(file) {
      await disk.remove(file);
      if (given && file.endsWith('.done.json')) await layIn();
    },
  };
}
