import { HttpError } from './http-error.ts';

const timeoutMs = 10_000;

/**
 * Calls another service and answers its JSON. What the other refuses (4xx) is refused with the same status; what fails there, or
 * cannot be reached, becomes 502 (504 when it took too long).
 */
export async function call<Reply>(method: 'GET' | 'POST', url: string, body?: unknown): Promise<Reply> {
  const reply = await send(method, url, body);
  const content: unknown = await reply.json();
  if (reply.ok) return content as Reply;
  const message = `${new URL(url).pathname} answered ${reply.status}: ${messageOf(content)}`;
  throw new HttpError(reply.status < 500 ? reply.status : 502, message);
}

async function send(method: string, url: string, body: unknown): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  } catch (cause) {
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
    throw new HttpError(timedOut ? 504 : 502, `${new URL(url).pathname} ${timedOut ? 'took too long' : 'cannot be reached'}`, {
      cause,
    });
  }
}

function messageOf(content: unknown): string {
  return typeof content === 'object' && content !== null && 'message' in content ? String(content.message) : 'no reason given';
}
