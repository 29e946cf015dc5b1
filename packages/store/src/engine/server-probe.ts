import { EngineUnreachable, EngineUnusable } from './errors.ts';
import { checkVersion } from './settings.ts';

const timeoutMs = 10_000;

/** What a proxy says for a server that is not there at the moment. */
const passingStatuses = new Set([429, 502, 503, 504]);

/**
 * Asks what answers at the URL for its version, in a way that every ClickHouse understands, however old: the client sends settings
 * that some refuse. Throws EngineUnreachable where nothing answers, EngineUnusable where the answer says that none will do.
 */
export async function probeServer(url: string): Promise<string> {
  const { username, password, origin, pathname } = new URL(url);
  const where = `${origin}${pathname}`;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  const { status, text } = await answerOf(where, { ...authorization }).catch((error: unknown) => {
    throw new EngineUnreachable(`ClickHouse at ${where} cannot be reached: ${reasonOf(error)}`, { cause: error });
  });
  const [firstLine = ''] = text.trim().split('\n', 1);
  const said = `${status} ${JSON.stringify(firstLine.slice(0, 200))}`;
  if (passingStatuses.has(status)) throw new EngineUnreachable(`ClickHouse at ${where} is not there: it answered ${said}`);
  if (status === 401 || status === 403)
    throw new EngineUnusable(`ClickHouse at ${where} refuses the user: it answered ${said}`);
  if (status !== 200 || !/^\d+\.\d+/.test(firstLine)) {
    // An overloaded ClickHouse says 500, and is one nevertheless.
    if (status >= 500 && firstLine.startsWith('Code: ')) {
      throw new EngineUnreachable(`ClickHouse at ${where} cannot answer: ${said}`);
    }
    throw new EngineUnusable(`What answers at ${where} is not ClickHouse's HTTP interface: it answered ${said}`);
  }
  checkVersion(firstLine);
  return firstLine;
}

async function answerOf(url: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    body: 'SELECT version()',
    headers: { ...headers, connection: 'close' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, text: await response.text() };
}

/** Node's fetch says "fetch failed" and keeps why in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
