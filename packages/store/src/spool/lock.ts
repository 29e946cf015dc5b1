/**
 * One collector per spool. The lock is a listening local socket named by the directory's device and inode: the kernel gives it
 * to one process and takes it back when that process ends, however it ends, so there is no stale lock to judge.
 *
 *  (1) Two holders of one directory, by whatever path they name it, cannot be: lock.test.ts.
 *  (2) A killed holder leaves no lock behind: lock.test.ts.
 */
import { stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class SpoolInUse extends Error {
  constructor(directory: string) {
    super(`the spool ${directory} is in use by another collector`);
    this.name = 'SpoolInUse';
  }
}

/** Locks an existing directory; the answer releases. Throws SpoolInUse. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const { dev, ino } = await stat(directory);
  const name = `sonde-spool-${dev}-${ino}`;
  // Linux has socket names outside the file system, which end with the process. Elsewhere the name is a file that may outlive it.
  if (process.platform === 'linux') return await listen(`\0${name}`, directory);
  const path = join(tmpdir(), `${name}.sock`);
  if (!(await answers(path))) await unlink(path).catch(ignoreMissing);
  return await listen(path, directory);
}

async function listen(address: string, directory: string): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new SpoolInUse(directory) : error);
    });
    server.listen(address, resolve);
  });
  server.unref();
  return () => close(server);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
