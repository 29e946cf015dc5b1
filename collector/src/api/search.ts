import { type Expression, type Field, parseSearch, readField } from '@sonde/model';
import { BadPattern } from '@sonde/store';
import { ProblemError } from './problems.ts';

/** Asks with what `q` says. A text that is no search, or holds a bad pattern, is a problem that says where in `q`. */
export async function withSearch<T>(q: string | undefined, ask: (search: { search?: Expression }) => Promise<T>): Promise<T> {
  const parsed = parseSearch(q ?? '');
  if (parsed.kind === 'problem') {
    const { message, expected, ...position } = parsed.problem;
    throw new ProblemError('bad-parameter', { parameter: 'q', detail: message, position, expected: [...expected] });
  }
  const { expression, valueAt } = parsed.search;
  try {
    return await ask(expression === undefined ? {} : { search: expression });
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    const position = valueAt.get(error.condition);
    throw new ProblemError('bad-parameter', {
      parameter: 'q',
      detail: error.message,
      cause: error,
      ...(position && { position }),
    });
  }
}

/** The field that a key means. */
export function searchField(key: string): Field {
  const field = readField(key);
  if (field !== undefined) return field;
  throw new ProblemError('bad-parameter', { parameter: 'key', detail: 'key must be a key as it is written in a search.' });
}
