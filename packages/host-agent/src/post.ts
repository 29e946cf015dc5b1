import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Config } from './config.ts';
import { type Outcome } from './outbox.ts';

const compress = promisify(gzip);

export type Signal = 'metrics' | 'logs' | 'traces';

/** One OTLP/HTTP request. Never rejects. */
export async function post({ endpoint, headers }: Config, signal: Signal, timeoutMs: number, body: string): Promise<Outcome> {
  try {
    const response = await fetch(new URL(`v1/${signal}`, endpoint), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: await compress(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.ok) return { kind: 'accepted' };
    const why = `status ${response.status}`;
    return { kind: [429, 502, 503, 504].includes(response.status) ? 'retryable' : 'refused', why };
  } catch (error) {
    return { kind: 'retryable', why: reasonOf(error) };
  }
}

/** fetch() wraps what happened: `fetch failed` says nothing. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error
    ? 'code' in cause && typeof cause.code === 'string'
      ? cause.code
      : cause.message
    : String(cause);
}
