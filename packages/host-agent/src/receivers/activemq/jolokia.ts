import { request } from '../../request.ts';
import { ScrapeError } from '../failure.ts';

/** One answer of Jolokia's: an HTTP status of its own, and a value or an error in words. */
export interface Answer {
  readonly status: number;
  readonly value: unknown;
  readonly error: string;
}

export interface Jolokia {
  readonly endpoint: URL;
  readonly username: string;
  readonly password: string;
}

const answerBytesMax = 16 * 2 ** 20;

/** Several questions in one request ("bulk"); the answers are in their order. */
export async function ask(
  { endpoint, username, password }: Jolokia,
  questions: readonly object[],
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const { status, text } = await request(new URL(endpoint.href.replace(/\/?$/, '/')), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      // ActiveMQ's policy answers nobody without it ("strict-checking").
      origin: endpoint.origin,
      ...(username === '' ? {} : { authorization: `Basic ${credentials}` }),
    },
    body: Buffer.from(JSON.stringify(questions)),
    signal,
    bytesMax: answerBytesMax,
  });
  if (status === 401) {
    throw new ScrapeError(
      'forbidden',
      `Jolokia ${username === '' ? 'asks for a user: set' : 'refuses the user or the password: correct'} \`username\` and \`password\``,
    );
  }
  if (status === 403)
    throw new ScrapeError('forbidden', 'the user may not ask Jolokia: give it the role `user` of the console');
  const answers = jsonOf(text);
  if (Array.isArray(answers)) return answers.map(answerOf);
  const only = answerOf(answers);
  if (only.status === 403) throw refusedByPolicy(only.error);
  throw new ScrapeError(
    'unexpected',
    `${endpoint.href} (status ${status}) does not answer as Jolokia: correct \`endpoint\` (ActiveMQ's usual one is http://127.0.0.1:8161/api/jolokia)`,
  );
}

export function refusedByPolicy(error: string): ScrapeError {
  return new ScrapeError('forbidden', `Jolokia's policy refuses (${error.slice(0, 120)}): correct jolokia-access.xml`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function answerOf(given: unknown): Answer {
  const { status, value, error } = (typeof given === 'object' && given !== null ? given : {}) as Partial<
    Record<string, unknown>
  >;
  return { status: typeof status === 'number' ? status : 0, value, error: typeof error === 'string' ? error : '' };
}
