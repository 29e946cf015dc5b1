/**
 * A text of the search language as an expression, by recursive descent; the grammar is in docs/formats/search.md.
 *
 * Invariants, each defended by the test of the same number in parse.test.ts:
 *  (1) Any text has an outcome: a search, or a problem whose range lies within the text. Nothing throws.
 *  (2) Depth, length, conditions and lists are bounded by `searchLimits`.
 *  (3) parse(print(e)) is e.
 */
import { fieldKey, operatorsOf, readField } from './fields.ts';
import {
  type Comparison,
  type Condition,
  type Expression,
  type Field,
  joined,
  type Operator,
  type Search,
  type Searched,
  searchLimits,
  type SearchProblem,
  type SearchValue,
  type TextRange,
} from './search.ts';
import { keywordOf, type Token, tokensOf } from './tokens.ts';
import { readValue } from './values.ts';

export type ParsedSearch =
  | { readonly kind: 'search'; readonly search: Search }
  | { readonly kind: 'problem'; readonly problem: SearchProblem };

export function parseSearch(text: string, searched: Searched = 'spans'): ParsedSearch {
  try {
    if (text.length > searchLimits.charactersMax) {
      const range = { start: searchLimits.charactersMax, end: text.length };
      throw new Refusal(range, [], `A search is at most ${searchLimits.charactersMax} characters long.`);
    }
    return { kind: 'search', search: new Parser(text, searched).search() };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'problem', problem: error.problem };
    throw error;
  }
}

class Refusal extends Error {
  readonly problem: SearchProblem;

  constructor({ start, end }: TextRange, expected: readonly string[], message: string) {
    super(message);
    this.problem = { start, end, expected, message };
  }
}

const operands = ['a key', 'a word', 'not', '('];
const connectives = ['and', 'or'];

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: TextRange;
  readonly #valueAt = new Map<Condition, TextRange>();
  readonly #searched: Searched;
  #next = 0;
  #depth = 0;
  #conditions = 0;

  constructor(text: string, searched: Searched) {
    this.#searched = searched;
    this.#tokens = tokensOf(text);
    this.#end = { start: text.length, end: text.length };
    const open = this.#tokens.find((token) => token.kind === 'open');
    if (open) throw new Refusal(open, ['a closing quote'], 'The quote that opens here is not closed.');
  }

  search(): Search {
    if (this.#tokens.length === 0) return { valueAt: this.#valueAt };
    const expression = this.#or();
    const rest = this.#peek();
    if (rest) throw this.#unexpected([...connectives, 'the end'], 'the end');
    return { expression, valueAt: this.#valueAt };
  }

  #or(): Expression {
    const parts = [this.#and()];
    while (this.#takeKeyword('or')) parts.push(this.#and());
    return joined('or', parts);
  }

  /** What stands side by side is joined as by `and`. */
  #and(): Expression {
    const parts = [this.#not()];
    while (this.#takeKeyword('and') || this.#beginsOperand()) parts.push(this.#not());
    return joined('and', parts);
  }

  #not(): Expression {
    if (keywordOf(this.#peek()) !== 'not') return this.#primary();
    return this.#deeper(() => {
      this.#next++;
      return { kind: 'not', part: this.#not() };
    });
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token?.kind === '(') {
      return this.#deeper(() => {
        this.#next++;
        const inner = this.#or();
        if (this.#peek()?.kind !== ')') throw this.#unexpected([...connectives, ')'], 'a closing parenthesis');
        this.#next++;
        return inner;
      });
    }
    if (!token || !isText(token) || keywordOf(token)) throw this.#unexpected(operands, 'a key or a word');
    this.#next++;
    if (++this.#conditions > searchLimits.conditionsMax) {
      throw new Refusal(token, [], `A search has at most ${searchLimits.conditionsMax} conditions.`);
    }
    return this.#condition(token);
  }

  #condition(token: Token): Condition {
    const sign = this.#peek();
    if (sign?.kind === 'operator') {
      this.#next++;
      const operator = sign.text as Comparison;
      const field = this.#field(token, sign, operator);
      const { value, at } = this.#value(field, operator);
      const condition: Condition = { kind: 'compare', field, operator, value };
      this.#valueAt.set(condition, at);
      return condition;
    }
    if (keywordOf(sign) === 'in') return this.#in(token, this.#advance());
    if (keywordOf(sign) === 'exists') {
      return { kind: 'exists', field: this.#field(token, this.#advance(), 'exists'), wanted: true };
    }
    if (keywordOf(sign) === 'not' && keywordOf(this.#tokens[this.#next + 1]) === 'exists') {
      this.#next++;
      return { kind: 'exists', field: this.#field(token, this.#advance(), 'not exists'), wanted: false };
    }
    if (token.text === '') throw new Refusal(token, ['a word'], 'There is nothing between these quotes to look for.');
    return { kind: 'word', text: token.text };
  }

  #in(key: Token, sign: Token): Condition {
    const field = this.#field(key, sign, 'in');
    if (this.#peek()?.kind !== '(')
      throw this.#unexpected(['('], 'a list in parentheses after "in" (the word in stands in quotes)');
    const values: SearchValue[] = [];
    do {
      const separator = this.#advance();
      if (values.length === searchLimits.listMax) {
        throw new Refusal(separator, [')'], `A list has at most ${searchLimits.listMax} values.`);
      }
      values.push(this.#value(field, 'in').value);
    } while (this.#peek()?.kind === ',');
    if (this.#peek()?.kind !== ')') throw this.#unexpected([',', ')'], 'a comma or a closing parenthesis');
    this.#next++;
    return { kind: 'in', field, values };
  }

  #field(token: Token, sign: TextRange, operator: Operator): Field {
    const field = readField(token.text, this.#searched);
    if (!field) throw new Refusal(token, ['a key'], 'This is no key: a key has a name.');
    const known = operatorsOf(field);
    if (known.includes(operator)) return field;
    const message = `The ${fieldKey(field, this.#searched)} of a ${this.#searched === 'spans' ? 'span' : 'log record'} cannot be asked for by "${operator}", only by ${known.join(' ')}; an attribute of this name is attribute.${field.key}.`;
    throw new Refusal(sign, known, message);
  }

  #value(field: Field, operator: Comparison | 'in'): { value: SearchValue; at: TextRange } {
    const token = this.#peek();
    if (!token || !isText(token)) throw this.#unexpected(['a value'], 'a value');
    const read = readValue(field, operator, token.text);
    if (!('value' in read)) throw new Refusal(token, read.expected, read.message);
    this.#next++;
    return { value: read.value, at: { start: token.start, end: token.end } };
  }

  #beginsOperand(): boolean {
    const token = this.#peek();
    if (!token) return false;
    const keyword = keywordOf(token);
    return token.kind === '(' || keyword === 'not' || (keyword === undefined && isText(token));
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > searchLimits.depthMax) {
      throw new Refusal(this.#peek() ?? this.#end, [], `A search nests at most ${searchLimits.depthMax} deep.`);
    }
    const result = read();
    this.#depth--;
    return result;
  }

  #takeKeyword(keyword: 'and' | 'or'): boolean {
    if (keywordOf(this.#peek()) !== keyword) return false;
    this.#next++;
    return true;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  /** Past the token that was seen. */
  #advance(): Token {
    return this.#tokens[this.#next++] as Token;
  }

  #unexpected(expected: readonly string[], wanted: string): Refusal {
    const token = this.#peek();
    const found = token ? `here stands ${JSON.stringify(token.text)}` : 'the search ends';
    const hint = token?.kind === 'operator' ? ' A text that holds this sign stands in quotes.' : '';
    return new Refusal(token ?? this.#end, expected, `Expected ${wanted}, but ${found}.${hint}`);
  }
}

function isText(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'quoted';
}
