import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { type Config } from './config.ts';
import { type Outcome } from './outbox.ts';
import { request } from './request.ts';

const compress = promisify(gzip);

/** An answer to what was sent says how much of it was taken. */
const answerBytesMax = 2 ** 20;

export type Signal = 'metrics' | 'logs' | 'traces';

/** One OTLP/HTTP request. Never rejects. */
export async function post({ endpoint, headers }: Config, signal: Signal, timeoutMs: number, body: string): Promise<Outcome> {
  try {
    const { status } = await request(new URL(`v1/${signal}`, endpoint), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: await compress(body, { level: constants.Z_BEST_SPEED }),
      signal: AbortSignal.timeout(timeoutMs),
      bytesMax: answerBytesMax,
    });
    if (status >= 200 && status < 300) return { kind: 'accepted' };
    return { kind: [429, 502, 503, 504].includes(status) ? 'retryable' : 'refused', why: `status ${status}` };
  } catch (error) {
    return { kind: 'retryable', why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError') return 'no answer in time';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
