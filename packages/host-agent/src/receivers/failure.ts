/** Why a server could not be asked; one of each is reported when it begins. */
export type FailureKind = 'unreachable' | 'timeout' | 'forbidden' | 'unexpected';

/** A failure that a receiver understands. Its message is a sentence that says what to do. */
export class ScrapeError extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.kind = kind;
  }
}

/** What is known of any other error: the ways in which a connection fails are the same everywhere. `where` is `address:port`. */
export function toScrapeError(error: unknown, where: string): ScrapeError {
  if (error instanceof ScrapeError) return error;
  const options = { cause: error };
  const code = codeOf(error);
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return new ScrapeError(
      'timeout',
      `${where} does not answer in time: is the server overloaded or behind a firewall?`,
      options,
    );
  }
  const known = code === undefined ? undefined : sentences[code];
  if (known !== undefined) return new ScrapeError('unreachable', `${known.replace('{where}', where)} (${code})`, options);
  return new ScrapeError('unexpected', `${where}: ${messageOf(error)}`, options);
}

const sentences: Partial<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at {where}: start the server, or correct `endpoint`',
  ECONNRESET: '{where} closed the connection: does it speak this protocol there, and from this address?',
  EPIPE: '{where} closed the connection: does it speak this protocol there, and from this address?',
  ENOTFOUND: 'no address is known for the name in {where}: correct `endpoint`',
  EAI_AGAIN: 'the name in {where} cannot be resolved now: is there a name server?',
  ETIMEDOUT: '{where} does not answer: is it behind a firewall?',
  EHOSTUNREACH: 'there is no route to {where}: correct `endpoint`, or the network',
  ENETUNREACH: 'there is no route to {where}: correct `endpoint`, or the network',
  ENOENT: 'there is no {where}: correct `endpoint`',
  EACCES: 'this user may not open {where}: give it the right to',
};

/** Drivers wrap what happened: the innermost code is the one that says something. */
function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at instanceof AggregateError ? at.errors[0] : at.cause) {
    if ('code' in at && typeof at.code === 'string' && at.code in sentences) return at.code;
  }
  return undefined;
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]?.slice(0, 300) ?? '';
}
