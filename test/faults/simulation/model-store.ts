import { createHash } from 'node:crypto';
import type { Engine } from '@sonde/store';
import { idsIn } from './items.ts';
import type { MemoryDisk } from './memory-disk.ts';
import type { Random } from './random.ts';
import type { Life, Schedule } from './schedule.ts';

/** What a database promises of an insert: all of it or nothing, and once for each token of a table. It lives on when a collector dies. */
export class ModelStore {
  readonly #random: Random;
  readonly #schedule: Schedule;
  readonly #disk: MemoryDisk;
  readonly #tokens = new Set<string>();
  /** What each token was tried with first: digests of its files. */
  readonly #contents = new Map<string, readonly string[]>();
  /** How often each item is stored. */
  readonly stored = new Map<number, number>();
  dead = false;
  slow = false;
  lostAnswerRate = 0;
  /** It takes poison, from now on. */
  forgiving = false;
  /** The first token that was tried with something else than before, if there is one. */
  broken: string | undefined;
  /** Where files may go missing by faults, a token may cover fewer of them than before. */
  filesMayGo = false;

  constructor(random: Random, schedule: Schedule, disk: MemoryDisk) {
    this.#random = random;
    this.#schedule = schedule;
    this.#disk = disk;
  }

  for(life: Life): Pick<Engine, 'insertFiles'> {
    return {
      insertFiles: (table, paths, token) =>
        this.#schedule.operation(life, this.slow ? 30_000 : 30, () => this.#insert(table, paths, `${table} ${token}`)),
    };
  }

  #insert(table: string, paths: readonly string[], token: string): void {
    if (this.dead) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const files = paths.map((path) => this.#disk.bytesOf(path));
    const contents = files.map((bytes) =>
      createHash('sha1')
        .update(bytes ?? '')
        .digest('base64'),
    );
    const before = this.#contents.get(token) ?? contents;
    this.#contents.set(token, before);
    const same = this.filesMayGo ? contents.every((content) => before.includes(content)) : contents.join() === before.join();
    if (!same) this.broken ??= token;
    const items = files.flatMap((bytes) => idsIn(bytes ?? new Uint8Array()));
    // ClickHouse compares the token only once it has read and checked the rows.
    if (!this.forgiving && items.some(({ poison }) => poison)) {
      throw new Error(`Code: 469. DB::Exception: Constraint is violated in ${table}. (VIOLATED_CONSTRAINT)`);
    }
    if (!this.#tokens.has(token)) for (const { id } of items) this.stored.set(id, (this.stored.get(id) ?? 0) + 1);
    this.#tokens.add(token);
    if (this.#random.chance(this.lostAnswerRate)) throw new Error('socket hang up');
  }
}
