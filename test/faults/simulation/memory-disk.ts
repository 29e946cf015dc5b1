/**
 * A disk that promises no more than a real one:
 *
 *  - Bytes survive a power cut if the file was fsynced after they were written; else any part of them may.
 *  - A create, rename or remove survives if its directory was fsynced afterwards; else it may or may not, whatever became of others.
 *    A rename is one change: it never leaves a file without a name. Between directories, the target's fsync is the one that counts.
 *  - A failed fsync promises nothing. A failed write may have written a part.
 *  - A kill alone loses nothing that was handed to the kernel; an operation under way is done, or not, or in part.
 */
import { dirname } from 'node:path';
import type { Disk } from '@sonde/store';
import type { Random } from './random.ts';
import type { Life, Schedule } from './schedule.ts';

interface Inode {
  bytes: Uint8Array;
  /** What a power cut leaves for sure. */
  synced: Uint8Array;
}

/** One change of names, survived whole or not at all. */
interface Change {
  readonly directory: string;
  names: [path: string, inode: Inode | undefined][];
}

const blockBytes = 4096;
const operationMaxMs = 3;

export class MemoryDisk {
  readonly #random: Random;
  readonly #schedule: Schedule;
  #names = new Map<string, Inode>();
  #durable = new Map<string, Inode>();
  #changes: Change[] = [];
  /** The chance that an operation fails. */
  faultRate = 0;
  full = false;
  /** Called after that many more operations. */
  #countdown: { operations: number; readonly call: () => void } | undefined;
  faults = 0;

  constructor(random: Random, schedule: Schedule) {
    this.#random = random;
    this.#schedule = schedule;
  }

  bytesOf(path: string): Uint8Array | undefined {
    return this.#names.get(path)?.bytes;
  }

  /** Paths in a directory, sorted. */
  pathsIn(directory: string): string[] {
    return [...this.#names.keys()].filter((path) => dirname(path) === directory).toSorted();
  }

  /** What the files in a directory take, in whole blocks. */
  usedIn(directory: string): number {
    return this.pathsIn(directory).reduce((sum, path) => {
      return sum + Math.max(1, Math.ceil((this.bytesOf(path)?.length ?? 0) / blockBytes)) * blockBytes;
    }, 0);
  }

  callAfter(operations: number, call: () => void): void {
    this.#countdown = { operations, call };
  }

  /** Only what was made durable is sure to be there afterwards. */
  cutPower(): void {
    const survives = this.#random.pick([0, 0.5, 0.9, 1]);
    for (const { names } of this.#changes) {
      if (this.#random.chance(survives)) for (const [path, inode] of names) assign(this.#durable, path, inode);
    }
    this.#changes = [];
    for (const [path, { bytes, synced }] of this.#durable) {
      const torn = bytes.subarray(0, this.#random.below(bytes.length + 1));
      const left = bytes === synced ? bytes : this.#random.pick([synced, torn]);
      this.#durable.set(path, { bytes: left, synced: left });
    }
    this.#names = new Map(this.#durable);
  }

  /** The disk as one process uses it. */
  for(life: Life): Disk {
    const operation = <T>(effect: () => T): Promise<T> =>
      this.#schedule.operation(life, operationMaxMs, () => {
        if (this.#countdown && --this.#countdown.operations === 0) this.#countdown.call();
        return effect();
      });
    const guarded = <T>(code: readonly [string, ...string[]], effect: () => T): Promise<T> =>
      operation(() => {
        this.#mayFail(code);
        return effect();
      });
    const read = (path: string): Promise<Uint8Array> =>
      guarded(['EIO', 'EMFILE'], () => {
        const inode = this.#names.get(path);
        if (!inode) throw failure('ENOENT');
        return inode.bytes.slice();
      });
    return {
      writeDurably: async (path, bytes) => {
        const inode = await guarded(['ENOSPC', 'EACCES', 'EMFILE'], () => this.#create(path));
        for (const end of [Math.floor(bytes.length / 2), bytes.length]) {
          await guarded(['ENOSPC', 'EIO'], () => {
            if (this.full) throw failure('ENOSPC');
            inode.bytes = bytes.slice(0, end);
          });
        }
        await guarded(['EIO', 'ENOSPC'], () => {
          inode.synced = inode.bytes;
        });
      },
      rename: (from, to) => guarded(['ENOSPC', 'EIO'], () => this.#rename(from, to)),
      syncDirectory: (path) => guarded(['EIO'], () => this.#sync(path)),
      read,
      readRecord: read,
      list: (path) => guarded(['EIO'], () => this.pathsIn(path).map((name) => name.slice(path.length + 1))),
      sizeOf: (path) =>
        guarded(['EIO'], () => {
          const inode = this.#names.get(path);
          if (!inode) throw failure('ENOENT');
          return inode.bytes.length;
        }),
      remove: (path) =>
        guarded(['EIO', 'EACCES'], () => {
          if (this.#names.has(path)) this.#change(dirname(path), [[path, undefined]]);
        }),
      makeDirectory: () => operation(() => undefined),
    };
  }

  #mayFail(codes: readonly [string, ...string[]]): void {
    if (!this.#random.chance(this.faultRate)) return;
    this.faults++;
    throw failure(this.#random.pick(codes));
  }

  #create(path: string): Inode {
    if (this.full) throw failure('ENOSPC');
    const there = this.#names.get(path);
    if (there) {
      there.bytes = new Uint8Array();
      return there;
    }
    const nothing = new Uint8Array();
    const inode = { bytes: nothing, synced: nothing };
    this.#change(dirname(path), [[path, inode]]);
    return inode;
  }

  #rename(from: string, to: string): void {
    const inode = this.#names.get(from);
    if (!inode) throw failure('ENOENT');
    this.#change(dirname(to), [
      [from, undefined],
      [to, inode],
    ]);
  }

  #change(directory: string, names: [string, Inode | undefined][]): void {
    for (const [path, inode] of names) assign(this.#names, path, inode);
    this.#changes.push({ directory, names });
  }

  #sync(directory: string): void {
    const waiting: Change[] = [];
    for (const change of this.#changes) {
      if (change.directory !== directory) {
        waiting.push(change);
        continue;
      }
      for (const [path, inode] of change.names) {
        assign(this.#durable, path, inode);
        // What another directory's changes had to say of that name is older.
        for (const older of waiting) older.names = older.names.filter(([name]) => name !== path);
      }
    }
    this.#changes = waiting;
  }
}

function assign(names: Map<string, Inode>, path: string, inode: Inode | undefined): void {
  if (inode) names.set(path, inode);
  else names.delete(path);
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}
