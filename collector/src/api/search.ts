import { type Expression, type Field, parseSearch, readField, type Search, type Searched } from '@sonde/model';
import { BadPattern } from '@sonde/store';
import { ProblemError } from './problems.ts';

/** Asks with what `q` says. A text that is no search, or holds a bad pattern, is a problem that says where in `q`. */
export function withSearch<T>(
  q: string | undefined,
  ask: (search: { search?: Expression }) => Promise<T>,
  searched: Searched = 'spans',
): Promise<T> {
  const asked = ({ q: search }: { readonly q?: Expression }) => ask(search === undefined ? {} : { search });
  return withSearches({ q: q ?? '' }, asked, searched);
}

/** The same for several parameters at once. */
export async function withSearches<T, K extends string>(
  texts: Readonly<Record<K, string>>,
  ask: (searches: { readonly [P in K]?: Expression }) => Promise<T>,
  searched: Searched = 'spans',
): Promise<T> {
  const parameters = Object.keys(texts) as K[];
  const searches = parameters.map((parameter) => ({ parameter, search: read(parameter, texts[parameter], searched) }));
  const expressions: { [P in K]?: Expression } = {};
  for (const { parameter, search } of searches) {
    if (search.expression !== undefined) expressions[parameter] = search.expression;
  }
  try {
    return await ask(expressions);
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    const holder = searches.find(({ search }) => search.valueAt.has(error.condition)) ?? searches[0];
    const position = holder?.search.valueAt.get(error.condition);
    throw new ProblemError('bad-parameter', {
      parameter: holder?.parameter ?? '',
      detail: error.message,
      cause: error,
      ...(position && { position }),
    });
  }
}

function read(parameter: string, text: string, searched: Searched): Search {
  const parsed = parseSearch(text, searched);
  if (parsed.kind === 'search') return parsed.search;
  const { message, expected, ...position } = parsed.problem;
  throw new ProblemError('bad-parameter', { parameter, detail: message, position, expected: [...expected] });
}

/** The field that a key means. */
export function searchField(key: string): Field {
  const field = readField(key);
  if (field !== undefined) return field;
  throw new ProblemError('bad-parameter', { parameter: 'key', detail: 'key must be a key as it is written in a search.' });
}
