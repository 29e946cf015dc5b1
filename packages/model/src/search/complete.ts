import { operatorsOf, readField } from './fields.ts';
import type { Searched, TextRange } from './search.ts';
import { keywordOf, type Token, tokensOf } from './tokens.ts';
import { valueWords } from './values.ts';

/** What can be written at a place of a search. */
export interface Completion {
  readonly wanted: 'key' | 'operator' | 'value' | 'connective';
  /** Of `operator` and `value`: the key before. */
  readonly key?: string;
  /** What stands there so far, without quotes. */
  readonly prefix: string;
  /** What to put the choice in the place of. */
  readonly replace: TextRange;
  /** All that can stand there, where it is a closed list. Keys and values are the store's to know. */
  readonly choices: readonly string[];
}

type State =
  | { readonly at: 'operand' | 'connective' }
  | { readonly at: 'operator' | 'value' | 'list' | 'list value' | 'list separator'; readonly key: string };

const joins = ['and', 'or', 'not'];

/** The token that the cursor touches is being written; those before it say what it is to be. */
export function completeSearch(text: string, cursor: number, searched: Searched = 'spans'): Completion {
  const tokens = tokensOf(text);
  const touched = tokens.find((token) => isText(token) && token.start < cursor && cursor <= token.end);
  let state: State = { at: 'operand' };
  let depth = 0;
  for (const token of tokens) {
    if (token === touched || token.end > cursor) break;
    depth = Math.max(0, depth + (token.kind === '(' ? 1 : token.kind === ')' ? -1 : 0));
    state = after(state, token);
  }
  const replace = touched ? { start: touched.start, end: touched.end } : { start: cursor, end: cursor };
  const prefix = touched ? (tokensOf(text.slice(touched.start, cursor))[0]?.text ?? '') : '';
  return { ...wantedIn(state, depth, searched), prefix, replace };
}

function wantedIn(state: State, depth: number, searched: Searched): Omit<Completion, 'prefix' | 'replace'> {
  const closing = depth > 0 ? [')'] : [];
  switch (state.at) {
    case 'operand':
      return { wanted: 'key', choices: [] };
    case 'connective':
      return { wanted: 'connective', choices: [...joins, ...closing] };
    case 'operator': {
      const field = readField(state.key, searched);
      return { wanted: 'operator', key: state.key, choices: [...(field ? operatorsOf(field) : []), ...joins, ...closing] };
    }
    case 'list':
      return { wanted: 'connective', choices: ['('] };
    case 'list separator':
      return { wanted: 'connective', choices: [',', ')'] };
    default: {
      const field = readField(state.key, searched);
      return { wanted: 'value', key: state.key, choices: (field && valueWords(field)) ?? [] };
    }
  }
}

function after(state: State, token: Token): State {
  switch (state.at) {
    case 'value':
      return { at: 'connective' };
    case 'list':
      return token.kind === '(' ? { at: 'list value', key: state.key } : { at: 'connective' };
    case 'list value':
      return { at: 'list separator', key: state.key };
    case 'list separator':
      return token.kind === ',' ? { at: 'list value', key: state.key } : { at: 'connective' };
    case 'operator':
      if (token.kind === 'operator') return { at: 'value', key: state.key };
      if (keywordOf(token) === 'in') return { at: 'list', key: state.key };
      if (keywordOf(token) === 'exists') return { at: 'connective' };
      return afterOperand(token);
    default:
      return afterOperand(token);
  }
}

function afterOperand(token: Token): State {
  if (token.kind === ')') return { at: 'connective' };
  if (!isText(token) || keywordOf(token)) return { at: 'operand' };
  return { at: 'operator', key: token.text };
}

function isText(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'quoted' || token.kind === 'open';
}
