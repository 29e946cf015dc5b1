/**
 * Where every receiver hands its requests to. Small ones are decoded at once, which is cheaper than to hand them on; a large one would hold
 * up the event loop (64 MiB take a second as JSON), so it is decoded in a thread.
 */
import type { BodyEncoding, Signal } from '@sonde/otlp';
import { type Clock, type CommitOutcome, type GroupCommit, noObserver, type StepObserver } from '@sonde/store';
import { Decoder } from './decoder.ts';

/** Of protobuf some 3 ms, of JSON some 15. */
const inlineBytesMax = 1024 ** 2;

export class Ingest {
  readonly #commit: GroupCommit;
  readonly #clock: Clock;
  readonly #observer: StepObserver;
  readonly #decoder = new Decoder();

  constructor(commit: GroupCommit, clock: Clock, observer: StepObserver = noObserver) {
    this.#commit = commit;
    this.#observer = observer;
    this.#clock = clock;
  }

  /**
   * Takes the body's memory over. `onDecoded` is called once, when the bytes, and what a thread made of them, are not held any more beyond
   * what the group commit bounds. Rejects only for a fault that should not be.
   */
  async append(signal: Signal, encoding: BodyEncoding, body: Uint8Array, onDecoded: () => void): Promise<CommitOutcome> {
    if (body.length <= inlineBytesMax) {
      const outcome = this.#commit.append(signal, encoding, body);
      onDecoded();
      return await outcome;
    }
    try {
      return await this.#appendLarge(signal, encoding, body);
    } finally {
      onDecoded();
    }
  }

  /** Takes nothing more, and resolves when everything taken has its answer. */
  async close(): Promise<void> {
    await this.#decoder.close();
    await this.#commit.close();
  }

  async #appendLarge(signal: Signal, encoding: BodyEncoding, body: Uint8Array): Promise<CommitOutcome> {
    if (this.#commit.refusalOf(body.length)) return await this.#commit.append(signal, encoding, body);
    const receivedAtMs = this.#clock.nowMs();
    const bodyBytes = body.length;
    const { outcome, tables, durationMs } = await this.#decoder.decode({ signal, encoding, body, receivedAtMs });
    this.#observer.decoded(signal, bodyBytes, durationMs);
    return await this.#commit.appendDecoded(signal, outcome, tables);
  }
}
