import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ScrapeError } from '../failure.ts';
import { type HostPort } from '../settings.ts';
import { NotResp, parseReply, type Reply, toCommand } from './resp.ts';

const replyBytesMax = 8 * 2 ** 20;

interface Waiting {
  readonly done: (reply: Reply) => void;
  readonly failed: (error: Error) => void;
}

/** One connection to a Redis server. Commands may be sent before the answers to earlier ones; answers come in their order. */
export class Connection {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #received: Buffer[] = [];
  #receivedBytes = 0;
  #ended: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  }

  static async open({ address, port }: HostPort, tls: boolean, signal: AbortSignal): Promise<Connection> {
    const to = { host: address, port };
    const socket = tls ? connectTls({ ...to, servername: address }) : connect(to);
    const connection = new Connection(socket);
    const abort = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await once(socket, tls ? 'secureConnect' : 'connect');
    } finally {
      signal.removeEventListener('abort', abort);
    }
    // It must not keep the process alive when everything else has ended.
    socket.unref();
    return connection;
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  command(...words: readonly string[]): Promise<Reply> {
    const ended = this.#ended;
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise((done, failed) => {
      this.#waiting.push({ done, failed });
      this.#socket.ref();
      this.#socket.write(toCommand(words));
    });
  }

  close(reason?: Error): void {
    this.#socket.destroy(reason);
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > replyBytesMax)
      this.close(new ScrapeError('unexpected', `answers more than ${replyBytesMax} bytes`));
    // A reply of many chunks is not looked at again with each: only what ends a line can end a reply.
    else if (chunk.at(-1) === 0x0a) this.#answer();
  }

  #answer(): void {
    const bytes = Buffer.concat(this.#received);
    let at = 0;
    try {
      for (
        let parsed = parseReply(bytes, at);
        parsed !== undefined;
        parsed = at < bytes.length ? parseReply(bytes, at) : undefined
      ) {
        at = parsed.end;
        this.#waiting.shift()?.done(parsed.reply);
      }
    } catch (error) {
      const sentence = 'what listens there does not speak the protocol of Redis: correct `endpoint` (or `tls`)';
      this.close(error instanceof NotResp ? new ScrapeError('unexpected', sentence) : (error as Error));
      return;
    }
    this.#received = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#receivedBytes = bytes.length - at;
    if (this.#waiting.length === 0) this.#socket.unref();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { failed } of this.#waiting.splice(0)) failed(this.#ended);
  }
}
