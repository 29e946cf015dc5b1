import { AppError } from '../errors.ts';
import type { ByteLease } from './byte-budget.ts';

/** To join less than this at the end takes no time to speak of. */
const largeBytes = 1024 ** 2;
/** Memory for all that is announced is taken when this part of it has come: who announces much must send much. */
const partToCome = 1 / 16;

/**
 * Keeps the chunks of a body within its bounds. Where its size is announced they are joined as they come: to join 64 MiB at the end holds up
 * the event loop for the time that it takes to fill new memory.
 */
export class BodyKeeper {
  readonly #bytesMax: number;
  readonly #lease: ByteLease;
  #announced: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #joined: Buffer | undefined;

  /** `announced`: what the sender says; more than that may come, or less. */
  constructor(bytesMax: number, lease: ByteLease, announced: number) {
    this.#bytesMax = bytesMax;
    this.#lease = lease;
    this.#announced = announced;
    this.#joined = lease.slabFor(announced);
  }

  /** The refusal, if there is one. */
  add(chunk: Buffer): AppError | undefined {
    if (this.#bytes + chunk.length > this.#bytesMax) return new AppError('body-too-large');
    if (!this.#lease.take(chunk.length)) return new AppError('ingest-busy');
    this.#join(chunk.length);
    if (this.#joined) chunk.copy(this.#joined, this.#bytes);
    else this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    return undefined;
  }

  joined(): Buffer {
    if (this.#joined) return this.#joined.subarray(0, this.#bytes);
    return this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks, this.#bytes);
  }

  /** Begins to join when enough has come, and gives it up when more comes than was announced. */
  #join(more: number): void {
    if (this.#joined && this.#bytes + more > this.#joined.length) {
      this.#chunks = [this.#joined.subarray(0, this.#bytes)];
      this.#joined = undefined;
      this.#announced = 0;
    }
    const isLarge = this.#announced > largeBytes && this.#announced <= this.#bytesMax;
    if (this.#joined || !isLarge || this.#bytes < this.#announced * partToCome) return;
    this.#joined = Buffer.allocUnsafeSlow(this.#announced);
    let at = 0;
    for (const chunk of this.#chunks.splice(0)) at += chunk.copy(this.#joined, at);
  }
}
