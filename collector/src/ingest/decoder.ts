import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Decoded, DecodeTask } from './decode-thread.ts';

/** Decodes requests in a thread of its own, first come first served. The thread starts with the first of them. */
export class Decoder {
  #thread: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Takes the body's memory over. Rejects when the thread broke down; the next request gets a new one. */
  decode(task: DecodeTask): Promise<Decoded> {
    const turn = this.#last.then(() => this.#decode(task));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#thread?.terminate();
  }

  async #decode(task: DecodeTask): Promise<Decoded> {
    const thread = (this.#thread ??= this.#start());
    // Memory that other buffers share cannot be handed over.
    const body = task.body.byteLength === task.body.buffer.byteLength ? task.body : Uint8Array.from(task.body);
    const ended = new AbortController();
    const broke = once(thread, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`the decoding thread ended with ${String(code)}`);
    });
    try {
      thread.postMessage({ ...task, body: new Uint8Array(body.buffer) }, [body.buffer as ArrayBuffer]);
      const [decoded] = await Promise.race([once(thread, 'message', { signal: ended.signal }), broke]);
      return decoded as Decoded;
    } finally {
      ended.abort();
      broke.catch(() => undefined);
    }
  }

  #start(): Worker {
    const thread = new Worker(new URL('./decode-thread.js', import.meta.url));
    thread.unref();
    thread.once('exit', () => (this.#thread = undefined));
    return thread;
  }
}
