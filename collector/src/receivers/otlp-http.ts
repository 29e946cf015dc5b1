/**
 * OTLP over HTTP: POST /v1/traces, /v1/metrics and /v1/logs (OTLP 1.11, "OTLP/HTTP"). On Node's own server, because nothing of a
 * framework's body reading, limits or error bodies may reach a sender.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Signal } from '@sonde/otlp';
import { AppError, type ErrorCode } from '../errors.ts';
import { type Answer, answerTo, refusal } from './answer.ts';
import { encodingOf } from './content-type.ts';
import type { ReceiverOptions } from './options.ts';
import { readBody, SenderGone } from './read-body.ts';

const signalOfPath: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
  ['/v1/logs', 'logs'],
]);

/** How long a refused sender may go on sending before its connection is cut: closing at once would lose it the answer. */
const lingerMs = 2_000;

export function createOtlpHttpServer(options: ReceiverOptions): Server {
  const timeouts = { headersTimeout: 15_000, requestTimeout: options.messageWithinMs, keepAliveTimeout: 75_000 };
  const server = createServer(timeouts, (request, response) => {
    // A sender that holds its connection open through a shutdown is told to let go of it.
    response.shouldKeepAlive &&= server.listening;
    handle(request, options).then(
      (answer) => send(request, response, answer),
      (error: unknown) => {
        if (!(error instanceof SenderGone)) options.onFault(error);
        response.destroy();
      },
    );
  });
  return server;
}

/** Rejects only with SenderGone, or where the answer itself cannot be made. */
async function handle(request: IncomingMessage, options: ReceiverOptions): Promise<Answer> {
  const encoding = encodingOf(request.headers['content-type']);
  const refuse = (code: ErrorCode, details = ''): Answer => {
    options.onRefused(code);
    return refusal(code, encoding ?? 'json', details);
  };
  const signal = signalOfPath.get(request.url?.split('?', 1)[0] ?? '');
  if (signal === undefined) return refuse('unknown-path');
  if (request.method !== 'POST') return refuse('method-not-allowed');
  if (encoding === undefined) return refuse('unsupported-content-type');
  const lease = options.budget.lease();
  try {
    const body = await readBody(request, options.bodyBytesMax, lease);
    const outcome = options.commit.append(signal, encoding, body);
    // Decoded: its rows are in the columns, and the bytes are no longer needed.
    lease.release();
    return answerTo(await outcome, signal, encoding);
  } catch (error) {
    if (error instanceof SenderGone) throw error;
    if (error instanceof AppError) return refuse(error.code);
    options.onFault(error);
    return refuse('internal-fault');
  } finally {
    lease.release();
  }
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const length = { 'content-length': String(answer.body.length) };
  if (request.complete) {
    response.writeHead(answer.status, { ...answer.headers, ...length }).end(answer.body);
    return;
  }
  // The sender is still sending what nobody wants: it gets its answer whole, then time to read it.
  response.writeHead(answer.status, { ...answer.headers, ...length, connection: 'close' });
  response.write(answer.body);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  request.once('end', end).once('close', end).resume();
}
