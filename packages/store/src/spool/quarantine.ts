import { join } from 'node:path';
import { type Disk, errorCode } from './disk.ts';

/** Where files go that cannot be loaded: kept for a human, out of the way of everything else. */
export const quarantineFolder = 'quarantine';

/**
 * Moves a file of the spool aside and writes why beside it. A file that is not there leaves only the reason.
 * The bytes stay counted in the spool's limit, so the quarantine is bounded too.
 */
export async function moveToQuarantine(disk: Disk, directory: string, name: string, reason: string): Promise<void> {
  const target = join(directory, quarantineFolder, name);
  try {
    await disk.rename(join(directory, name), target);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  await disk.writeDurably(`${target}.reason.txt`, Buffer.from(`${reason}\n`));
}
