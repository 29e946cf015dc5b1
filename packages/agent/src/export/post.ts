import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Destination } from './destination.ts';

// Taken before any instrumentation replaces them: what the agent sends is never traced.
const requestOf = { 'http:': http.request, 'https:': https.request };
const gzipAsync = promisify(gzip);

/** More than this of an answer is not read. */
const answerBytesMax = 64 * 1024;

export type Answer =
  | { readonly kind: 'accepted'; readonly body: Uint8Array }
  /** OTLP: 429, 502, 503, 504 and lost connections may be tried again. */
  | { readonly kind: 'retryable'; readonly why: string; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * One OTLP/HTTP request. Never rejects. Nothing it opens keeps the process alive: sockets and timers are unreferenced, so that an
 * application ends when it has nothing left to do, whatever the collector does meanwhile.
 */
export function createPost(destination: Destination): (body: Uint8Array) => Promise<Answer> {
  const { url, gzip: compress, timeoutMs } = destination;
  const secure = url.protocol === 'https:';
  const agent = new (secure ? https : http).Agent({ keepAlive: true, maxSockets: 1 });
  const request = secure ? requestOf['https:'] : requestOf['http:'];
  const headers = {
    ...destination.headers,
    'content-type': 'application/x-protobuf',
    'user-agent': 'sonde-agent',
    ...(compress ? { 'content-encoding': 'gzip' } : {}),
  };

  const send = (body: Uint8Array): Promise<Answer> =>
    new Promise((resolve) => {
      const outgoing = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.byteLength } });
      const timer = setTimeout(() => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs).unref();
      const done = (answer: Answer): void => {
        clearTimeout(timer);
        resolve(answer);
      };
      outgoing.on('socket', (socket) => socket.unref());
      outgoing.on('error', (error) => done({ kind: 'retryable', why: reasonOf(error), retryAfterMs: undefined }));
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.byteLength;
          if (bytes <= answerBytesMax) chunks.push(chunk);
          else incoming.destroy();
        });
        // 'close' follows 'end', an abort and our own destroy alike; the status line is what counts.
        incoming.on('error', () => incoming.destroy());
        incoming.on('close', () =>
          done(judge(incoming.statusCode ?? 0, incoming.headers['retry-after'], Buffer.concat(chunks))),
        );
      });
      outgoing.end(body);
    });

  return async (body) => send(compress ? await gzipAsync(body, { level: 1 }) : body);
}

function judge(status: number, retryAfter: string | undefined, body: Buffer): Answer {
  if (status >= 200 && status < 300) return { kind: 'accepted', body };
  if (status === 429 || status === 502 || status === 503 || status === 504) {
    const seconds = Number(retryAfter);
    return { kind: 'retryable', why: `status ${status}`, retryAfterMs: seconds >= 0 ? seconds * 1000 : undefined };
  }
  return { kind: 'refused', why: `status ${status}` };
}

function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
