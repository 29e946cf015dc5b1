import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SettleRequest } from './settle-thread.ts';
import type { WindowResult } from './window-settling.ts';

/** Of each service and day; what comes beyond is counted as `{other}`. */
const namesPerServiceMax = 2_000;

/** Settles windows, one after another, in a thread of its own, so that judging 100,000 spans keeps no request waiting. */
export class SettleInThread {
  #thread: Worker | undefined;

  async begin(originMinute: number): Promise<void> {
    await this.#ask({ kind: 'begin', originMinute, namesMax: namesPerServiceMax });
  }

  /** Takes the answer's memory over. Says which traces are to be read as well, as 32 hex digits. */
  async read(answer: Uint8Array): Promise<string[]> {
    // Memory that the engine or other buffers share cannot be handed over.
    const bytes = Uint8Array.from(answer);
    const wanted = (await this.#ask({ kind: 'read', bytes }, [bytes.buffer])) as string[];
    return wanted.map((id) => Buffer.from(id, 'latin1').toString('hex'));
  }

  async finish(): Promise<WindowResult> {
    return (await this.#ask({ kind: 'finish' })) as WindowResult;
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  async #ask(request: SettleRequest, transfer: ArrayBuffer[] = []): Promise<unknown> {
    const thread = (this.#thread ??= this.#start());
    const ended = new AbortController();
    const broke = once(thread, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`the settling thread ended with ${String(code)}`);
    });
    try {
      thread.postMessage(request, transfer);
      const [reply] = (await Promise.race([once(thread, 'message', { signal: ended.signal }), broke])) as [
        { readonly answer?: unknown; readonly error?: Error },
      ];
      if (reply.error) throw reply.error;
      return reply.answer;
    } finally {
      ended.abort();
      broke.catch(() => undefined);
    }
  }

  #start(): Worker {
    // From the sources, too, what was built is run, and as it would be without them: a thread has no loader for TypeScript.
    const thread = new Worker(new URL('../../dist/settle/settle-thread.js', import.meta.url), { execArgv: [] });
    thread.unref();
    thread.once('exit', () => (this.#thread = undefined));
    return thread;
  }
}
