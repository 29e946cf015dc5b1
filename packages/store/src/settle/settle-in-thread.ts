import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { SettleRequest } from './settle-thread.ts';
import type { WindowResult } from './window-settling.ts';

/** Of each service and day; what comes beyond is counted as `{other}`. */
const namesPerServiceMax = 2_000;

/** Spans could not be judged: of the same spans that is to be feared again. */
export class NotSettled extends Error {
  override readonly name = 'NotSettled';
}

/** Settles windows, one after another, in a thread of its own, so that judging 100,000 spans keeps no request waiting. */
export class SettleInThread {
  #thread: Worker | undefined;

  /** `day`: in which the spans of the window came. */
  async begin(originMinute: number, day: number): Promise<void> {
    await this.#ask({ kind: 'begin', originMinute, day, namesMax: namesPerServiceMax });
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
      throw new NotSettled(`the settling thread ended with ${String(code)}`);
    });
    try {
      thread.postMessage(request, transfer);
      const [reply] = (await Promise.race([once(thread, 'message', { signal: ended.signal }), broke])) as [
        { readonly answer?: unknown; readonly error?: Error },
      ];
      if (reply.error) throw reply.error;
      return reply.answer;
    } catch (error) {
      throw error instanceof NotSettled ? error : new NotSettled('spans could not be judged', { cause: error });
    } finally {
      ended.abort();
      broke.catch(() => undefined);
    }
  }

  #start(): Worker {
    // From the sources, too, what was built is run, and as it would be without them: a thread has no loader for TypeScript.
    const thread = new Worker(createRequire(import.meta.url).resolve('@sonde/store/settle-thread'), { execArgv: [] });
    thread.unref();
    thread.once('exit', () => (this.#thread = undefined));
    // Whoever waits is told by `once`; nobody else is to be, least of all as an exception that nobody caught.
    thread.on('error', () => undefined);
    return thread;
  }
}
