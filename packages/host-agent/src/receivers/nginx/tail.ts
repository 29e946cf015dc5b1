import { type FileHandle, open, stat } from 'node:fs/promises';

const lineBytesMax = 16_384;
const bytesPerPollMax = 4 * 2 ** 20;
const newline = 0x0a;

interface OpenFile {
  readonly handle: FileHandle;
  readonly inode: number;
  /** What was read. */
  offset: number;
  /** The begin of a line that is not whole yet. */
  rest: Buffer;
  /** Within a line that is longer than is taken: until its end. */
  isSkipping: boolean;
}

/**
 * The lines that come to a log file from now on. Invariants, each defended by the test of the same number in tail.test.ts:
 *  (1) It starts at the end of what is there; a file that comes later is read from its begin.
 *  (2) Rotation loses nothing: a file that was renamed is read until its writer has turned to the new one; one that was emptied
 *      (copytruncate) is read anew.
 *  (3) A line is whole or not there; one longer than 16 kB is left out and counted.
 *  (4) One poll reads no more than 4 MiB of a file, and nothing is kept but the begin of one line.
 */
export class Tail {
  readonly #path: string;
  #current: OpenFile | undefined;
  #renamed: OpenFile | undefined;
  #isFirst = true;
  tooLong = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Rejects where the file cannot be opened; one that is not there has no lines. */
  async poll(): Promise<string[]> {
    const lines: string[] = [];
    const there = await stat(this.#path).catch(absent);
    if (this.#renamed !== undefined) {
      // Its writer has had one poll's time to turn away.
      await this.#read(this.#renamed, lines);
      await this.#renamed.handle.close();
      this.#renamed = undefined;
    }
    if (this.#current !== undefined) await this.#read(this.#current, lines);
    if (there !== undefined && there.ino !== this.#current?.inode) {
      this.#renamed = this.#current;
      this.#current = await this.#open(this.#isFirst ? 'end' : 'begin');
      if (this.#current !== undefined) await this.#read(this.#current, lines);
    }
    this.#isFirst = false;
    return lines;
  }

  async close(): Promise<void> {
    await this.#current?.handle.close();
    await this.#renamed?.handle.close();
    this.#current = this.#renamed = undefined;
  }

  async #open(from: 'begin' | 'end'): Promise<OpenFile | undefined> {
    const handle = await open(this.#path, 'r').catch(absent);
    if (handle === undefined) return undefined;
    const { ino, size } = await handle.stat();
    return { handle, inode: ino, offset: from === 'end' ? size : 0, rest: Buffer.alloc(0), isSkipping: false };
  }

  async #read(file: OpenFile, lines: string[]): Promise<void> {
    const { size } = await file.handle.stat();
    if (size < file.offset) Object.assign(file, { offset: 0, rest: Buffer.alloc(0), isSkipping: false });
    const bytes = Math.min(size - file.offset, bytesPerPollMax);
    if (bytes <= 0) return;
    const { buffer, bytesRead } = await file.handle.read(Buffer.allocUnsafe(bytes), 0, bytes, file.offset);
    file.offset += bytesRead;
    this.#split(file, buffer.subarray(0, bytesRead), lines);
  }

  #split(file: OpenFile, chunk: Buffer, lines: string[]): void {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      const line = Buffer.concat([file.rest, chunk.subarray(from, end)]);
      file.rest = Buffer.alloc(0);
      from = end + 1;
      if (line.length > lineBytesMax || file.isSkipping) this.tooLong += 1;
      else if (line.length > 0) lines.push(line.toString('utf8'));
      file.isSkipping = false;
    }
    if (file.isSkipping) return;
    // A copy: what is kept must not hold the whole chunk.
    file.rest = Buffer.concat([file.rest, chunk.subarray(from)]);
    if (file.rest.length > lineBytesMax) Object.assign(file, { rest: Buffer.alloc(0), isSkipping: true });
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
