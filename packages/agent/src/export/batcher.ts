import { setTimeout as sleep } from 'node:timers/promises';
import { type Signal } from './destination.ts';
import { type Drops } from './drops.ts';
import { type Answer } from './post.ts';

/**
 *            add()           timer or batch full            accepted, refused or given up
 *   EMPTY ----------> WAITING -------------------> SENDING --------------------------------> EMPTY or WAITING
 *                                                  |     ^
 *                                     retryable    v     |  after a pause
 *                                                  PAUSING
 *
 * Invariants, each defended by the test of the same number in batcher.test.ts:
 *  (1) Items held <= itemsMax and their estimated bytes <= bytesMax, those in flight included; what does not fit is a counted drop.
 *  (2) An item is in exactly one of: the buffer, the batch in flight, the collector, a drop counter.
 *  (3) One request at a time.
 *  (4) Nothing here keeps the process alive, except for a flush, and that not beyond its deadline.
 *  (5) add() does not throw.
 */
export interface BatcherOptions<T> {
  readonly signal: Signal;
  readonly encode: (items: T[]) => Uint8Array | undefined;
  /** Of an answer's body: how many of the items the collector took no responsibility for. */
  readonly rejectedIn: (body: Uint8Array) => number;
  /** Estimate of what an item holds in memory. */
  readonly bytesOf: (item: T) => number;
  readonly post: (body: Uint8Array) => Promise<Answer>;
  readonly drops: Drops;
  readonly delayMs: number;
  readonly batchMax: number;
  readonly itemsMax: number;
  readonly bytesMax: number;
  /** A batch is given up when it is this old. */
  readonly giveUpMs: number;
}

const firstPauseMs = 500;
const longestPauseMs = 5000;
/** A batch is closed at this estimate even when it has few items: collectors bound their requests. */
const batchBytesMax = 8 * 1024 * 1024;

export class Batcher<T> {
  readonly #options: BatcherOptions<T>;
  #waiting: { readonly item: T; readonly bytes: number }[] = [];
  #heldItems = 0;
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #draining: Promise<void> | undefined;
  /** Set while flushing: no pause, no second try. */
  #hurry = false;
  #wake = new AbortController();

  constructor(options: BatcherOptions<T>) {
    this.#options = options;
  }

  get held(): number {
    return this.#heldItems;
  }

  add(item: T): void {
    const { bytesOf, itemsMax, bytesMax, batchMax, delayMs, drops, signal } = this.#options;
    const bytes = bytesOf(item);
    if (this.#heldItems >= itemsMax || this.#heldBytes + bytes > bytesMax) {
      drops.add(signal, 'buffer full', 1);
      return;
    }
    this.#heldItems += 1;
    this.#heldBytes += bytes;
    this.#waiting.push({ item, bytes });
    if (this.#draining !== undefined) return;
    if (this.#waiting.length === batchMax) {
      clearTimeout(this.#timer);
      // Not within the caller's own work.
      this.#timer = setTimeout(() => this.#drain(), 0).unref();
    } else {
      this.#timer ??= setTimeout(() => this.#drain(), delayMs).unref();
    }
  }

  /** Sends what is held, each batch once. Resolves when all is sent or dropped, or after timeoutMs; what is left then is dropped. */
  async flush(timeoutMs: number): Promise<void> {
    if (this.#heldItems === 0) return;
    this.#hurry = true;
    this.#wake.abort();
    // A referenced timer: the process waits for this one, and for no longer.
    const deadline = new AbortController();
    const late = sleep(timeoutMs, undefined, { signal: deadline.signal }).catch(() => undefined);
    await Promise.race([late, this.#drainAll()]);
    deadline.abort();
    this.#hurry = false;
    this.#wake = new AbortController();
    const left = this.#waiting.splice(0);
    if (left.length > 0) this.#release(left, 'exit');
  }

  async #drainAll(): Promise<void> {
    while (this.#heldItems > 0) {
      this.#drain();
      await this.#draining;
    }
  }

  #drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draining ??= this.#sendWaiting().finally(() => {
      this.#draining = undefined;
      // What came in during the last await.
      if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#drain(), this.#options.delayMs).unref();
    });
  }

  async #sendWaiting(): Promise<void> {
    const { batchMax, encode } = this.#options;
    let full = true;
    // The first batch goes whatever its size; after that only full ones, or all when somebody waits.
    while (this.#waiting.length > 0 && (full || this.#hurry)) {
      const batch = this.#takeBatch();
      const items = batch.map(({ item }) => item);
      const body = encodeSafely(encode, items);
      if (body !== undefined) await this.#deliver(body, batch);
      else if (batch.length === 1) this.#release(batch, 'unencodable');
      else {
        // One bad item must not cost its neighbours: each alone.
        for (const one of batch) {
          const alone = encodeSafely(encode, [one.item]);
          if (alone === undefined) this.#release([one], 'unencodable');
          else await this.#deliver(alone, [one]);
        }
      }
      full = this.#waiting.length >= batchMax;
    }
  }

  #takeBatch(): { readonly item: T; readonly bytes: number }[] {
    let length = 0;
    for (let bytes = 0; length < Math.min(this.#waiting.length, this.#options.batchMax); length++) {
      bytes += this.#waiting[length]?.bytes ?? 0;
      if (length > 0 && bytes > batchBytesMax) break;
    }
    return this.#waiting.splice(0, length);
  }

  async #deliver(body: Uint8Array, batch: readonly { readonly bytes: number }[]): Promise<void> {
    const { post, rejectedIn, giveUpMs, drops, signal } = this.#options;
    const started = performance.now();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const answer = await post(body);
      if (answer.kind === 'accepted') {
        const rejected = Math.min(rejectedIn(answer.body), batch.length);
        if (rejected > 0) drops.add(signal, 'rejected', rejected);
        this.#release(batch);
        return;
      }
      if (answer.kind === 'refused') {
        this.#release(batch, 'refused', answer.why);
        return;
      }
      const waitMs = answer.retryAfterMs ?? pauseMs * (0.8 + Math.random() * 0.4);
      if (this.#hurry || performance.now() - started + waitMs > giveUpMs) {
        this.#release(batch, 'unreachable', answer.why);
        return;
      }
      await sleep(waitMs, undefined, { ref: false, signal: this.#wake.signal }).catch(() => undefined);
    }
  }

  #release(batch: readonly { readonly bytes: number }[], dropped?: Parameters<Drops['add']>[1], why?: string): void {
    this.#heldItems -= batch.length;
    for (const { bytes } of batch) this.#heldBytes -= bytes;
    if (dropped !== undefined) this.#options.drops.add(this.#options.signal, dropped, batch.length, why);
  }
}

function encodeSafely<T>(encode: (items: T[]) => Uint8Array | undefined, items: T[]): Uint8Array | undefined {
  try {
    return encode(items);
  } catch {
    return undefined;
  }
}
