/**
 * OTLP over HTTP: POST /v1/traces, /v1/metrics and /v1/logs (OTLP 1.11, "OTLP/HTTP"), and Zipkin's POST /api/v2/spans. On Node's own server, because nothing of a
 * framework's body reading, limits or error bodies may reach a sender.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Answer } from './answer.ts';
import { corsHeaders, type CorsOrigins, preflightHeaders } from './cors.ts';
import { dialectAt, dialectOfStranger } from './dialect.ts';
import type { ReceiverOptions } from './options.ts';
import { readBody, SenderGone } from './read-body.ts';

export interface HttpReceiverOptions extends ReceiverOptions {
  /** The pages whose browsers may send. */
  readonly corsOrigins: CorsOrigins;
}

/** How long a refused sender may go on sending before its connection is cut: closing at once would lose it the answer. */
const lingerMs = 2_000;

export function createOtlpHttpServer(options: HttpReceiverOptions): Server {
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
async function handle(request: IncomingMessage, options: HttpReceiverOptions): Promise<Answer> {
  const { status, headers, body } = await judge(request, options);
  return { status, headers: { ...headers, ...corsHeaders(options.corsOrigins, request.headers) }, body };
}

async function judge(request: IncomingMessage, options: HttpReceiverOptions): Promise<Answer> {
  const dialect = dialectAt(request.url?.split('?', 1)[0] ?? '', request.headers);
  const refuse = (code: ErrorCode): Answer => {
    options.onRefused(code);
    return (dialect ?? dialectOfStranger(request.headers)).refusal(code);
  };
  if (dialect === undefined) return refuse('unknown-path');
  const preflight = preflightHeaders(options.corsOrigins, request.method, request.headers);
  if (preflight) return { status: 204, headers: preflight, body: new Uint8Array(0) };
  if (request.method !== 'POST') return refuse('method-not-allowed');
  if (dialect.encoding === undefined) return refuse('unsupported-content-type');
  const lease = options.budget.lease();
  try {
    const body = await readBody(request, options.bodyBytesMax, lease);
    const { encoding, signal } = dialect;
    return dialect.answerTo(await options.ingest.append(signal, encoding, body, () => lease.release()));
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
  // A 204 has no length (RFC 9110, 8.6).
  const length = answer.status === 204 ? {} : { 'content-length': String(answer.body.length) };
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
