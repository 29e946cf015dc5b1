import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { temporarySuffix } from './file-names.ts';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes files that appear together: all are fsynced under temporary names, then renamed in the given order (the last commits),
 * then the directory is fsynced. After a rejection any of them may be there, under either name; nothing is still being written.
 */
export async function writeTogether(disk: Disk, directory: string, files: readonly NamedBytes[]): Promise<void> {
  const paths = files.map((file) => join(directory, file.name));
  const written = await Promise.allSettled(
    files.map((file, index) => disk.writeDurably(`${paths[index]}${temporarySuffix}`, file.bytes)),
  );
  const failure = written.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  for (const path of paths) await disk.rename(`${path}${temporarySuffix}`, path);
  await disk.syncDirectory(directory);
}
