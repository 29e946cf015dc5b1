import type { Problem } from '@sonde/api';

/** Every way in which the API says no: status, title and one sentence for a human. */
export const problems = {
  'bad-parameter': { status: 400, title: 'Bad Request', sentence: 'The parameter is unknown or its value cannot be used.' },
  'malformed-body': { status: 400, title: 'Bad Request', sentence: 'The body is not JSON.' },
  'cross-site': { status: 403, title: 'Forbidden', sentence: 'Pages of other sites may not change anything here.' },
  'body-too-large': { status: 413, title: 'Content Too Large', sentence: 'The body is larger than 64 KiB.' },
  'unsupported-content-type': {
    status: 415,
    title: 'Unsupported Media Type',
    sentence: 'The content type must be application/json.',
  },
  'unknown-path': { status: 404, title: 'Not Found', sentence: 'The API has no such path.' },
  'unknown-trace': { status: 404, title: 'Not Found', sentence: 'There is no trace of this id.' },
  'unknown-service': { status: 404, title: 'Not Found', sentence: 'No service of this name sent anything in the range.' },
  'unknown-middleware': { status: 404, title: 'Not Found', sentence: 'Nothing is known of such middleware in the range.' },
  'unknown-host': { status: 404, title: 'Not Found', sentence: 'Nothing came from a host of this name in the range.' },
  'question-too-large': {
    status: 422,
    title: 'Unprocessable Content',
    sentence: 'The answer costs more than one question may. Ask for a shorter range or less.',
  },
  'engine-busy': {
    status: 503,
    title: 'Service Unavailable',
    sentence: 'Too many questions are under way. Ask again in a moment.',
  },
  'store-unreachable': {
    status: 503,
    title: 'Service Unavailable',
    sentence: 'The database is out of reach. What is sent meanwhile waits in the spool; ask again when it is back.',
  },
  'internal-fault': { status: 500, title: 'Internal Server Error', sentence: 'The collector failed; its log says how.' },
} as const satisfies Record<string, { status: number; title: string; sentence: string }>;

export type ProblemCode = keyof typeof problems;

/** What of the request is wrong: a parameter, a part of its text, and what could stand there. */
type ProblemPlace = Pick<Problem, 'parameter' | 'position' | 'expected'>;

/** The request ends with this problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly place: ProblemPlace;

  constructor(code: ProblemCode, options: ProblemPlace & { readonly detail?: string; readonly cause?: unknown } = {}) {
    super(options.detail ?? problems[code].sentence, { cause: options.cause });
    this.code = code;
    const { parameter, position, expected } = options;
    this.place = {
      ...(parameter !== undefined && { parameter }),
      ...(position && { position: { start: position.start, end: position.end } }),
      ...(expected && expected.length > 0 && { expected }),
    };
  }
}

/** RFC 9457. The type is `about:blank`: nothing stands behind it but the status; `code` is for programs. */
export function problemDocument(error: ProblemError): Problem {
  const { status, title } = problems[error.code];
  return { type: 'about:blank', title, status, detail: error.message, code: error.code, ...error.place };
}
