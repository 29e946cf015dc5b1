import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySearch } from '../testing/any-search.ts';
import { type Expression, parseSearch, printSearch, searchLimits } from './index.ts';

function parsed(text: string): Expression | undefined {
  const outcome = parseSearch(text);
  if (outcome.kind === 'problem') throw new Error(outcome.problem.message);
  return outcome.search.expression;
}

function problem(text: string) {
  const outcome = parseSearch(text);
  if (outcome.kind === 'search') throw new Error(`${text} is a search`);
  const { start, end, expected, message } = outcome.problem;
  return { at: text.slice(start, end), start, expected, message };
}

const attribute = (key: string) => ({ scope: 'attribute', key });
const resource = (key: string) => ({ scope: 'resource', key });
const intrinsic = (key: string) => ({ scope: 'intrinsic', key });
const word = (text: string) => ({ kind: 'word', text });

describe('what is written', () => {
  test('the example of the product', () => {
    expect(parsed('service.name = cart and duration > 500ms and status = error and http.route ~ "/api/.*"')).toEqual({
      kind: 'and',
      parts: [
        { kind: 'compare', field: resource('service.name'), operator: '=', value: 'cart' },
        { kind: 'compare', field: intrinsic('duration'), operator: '>', value: 500_000_000 },
        { kind: 'compare', field: intrinsic('status'), operator: '=', value: 'error' },
        { kind: 'compare', field: attribute('http.route'), operator: '~', value: '/api/.*' },
      ],
    });
  });

  test('words side by side are joined as by and, phrases stay whole', () => {
    expect(parsed('GET "a b" /cart')).toEqual({ kind: 'and', parts: [word('GET'), word('a b'), word('/cart')] });
  });

  test('or binds loosest, then and, then not', () => {
    expect(parsed('a or b and not c d')).toEqual({
      kind: 'or',
      parts: [word('a'), { kind: 'and', parts: [word('b'), { kind: 'not', part: word('c') }, word('d')] }],
    });
    expect(parsed('(a or b) c')).toEqual({ kind: 'and', parts: [{ kind: 'or', parts: [word('a'), word('b')] }, word('c')] });
  });

  test('lists and existence', () => {
    const inList = { kind: 'in', field: intrinsic('kind'), values: ['server', 'consumer'] };
    expect(parsed('KIND in (x)')).toMatchObject({ field: attribute('KIND') });
    expect(parsed('kind in (Server, "consumer")')).toEqual(inList);
    expect(parsed('user.id exists')).toEqual({ kind: 'exists', field: attribute('user.id'), wanted: true });
    expect(parsed('k8s.pod.name not exists')).toEqual({ kind: 'exists', field: resource('k8s.pod.name'), wanted: false });
    expect(parsed('a not b exists')).toEqual({
      kind: 'and',
      parts: [word('a'), { kind: 'not', part: { kind: 'exists', field: attribute('b'), wanted: true } }],
    });
  });

  test.each([
    ['1ns', 1],
    ['1.5us', 1500],
    ['2µs', 2000],
    ['0.1ms', 100_000],
    ['1.25s', 1_250_000_000],
    ['2m', 120_000_000_000],
    ['1h', 3_600_000_000_000],
  ])('a duration of %s', (text, value) => {
    expect(parsed(`duration>=${text}`)).toEqual({ kind: 'compare', field: intrinsic('duration'), operator: '>=', value });
  });

  test('a prefix says whose attribute is meant', () => {
    expect(parsed('attribute.status = 1')).toMatchObject({ field: attribute('status') });
    expect(parsed('resource.team = a')).toMatchObject({ field: resource('team') });
    expect(parsed('"odd key" = a')).toMatchObject({ field: attribute('odd key') });
    expect(printSearch(parsed('attribute.service.name = a resource.host.name = b') as Expression)).toBe(
      'attribute.service.name = a and host.name = b',
    );
  });

  test('in quotes only the quote and the backslash are escaped', () => {
    expect(parsed(String.raw`a ~ "\d+\.\\ \" '"`)).toMatchObject({ value: String.raw`\d+\.\ " '` });
    expect(parsed(String.raw`a ~ '\' "'`)).toMatchObject({ value: `' "` });
    expect(parsed(`don't`)).toEqual(word(`don't`));
  });

  test('nothing is a search for everything', () => {
    expect(parsed('')).toBeUndefined();
    expect(parsed(' \n ')).toBeUndefined();
  });
});

describe('what cannot be read says where and why', () => {
  test.each([
    ['service.name = ', '', 'Expected a value, but the search ends.'],
    ['a = "b', '"b', 'The quote that opens here is not closed.'],
    ['a = b = c', '=', 'Expected the end, but here stands "=". A text that holds this sign stands in quotes.'],
    ['(a or b', '', 'Expected a closing parenthesis, but the search ends.'],
    ['a)', ')', 'Expected the end, but here stands ")".'],
    ['a and', '', 'Expected a key or a word, but the search ends.'],
    ['or a', 'or', 'Expected a key or a word, but here stands "or".'],
    ['a in b', 'b', 'Expected a list in parentheses after "in" (the word in stands in quotes), but here stands "b".'],
    ['a in (b c)', 'c', 'Expected a comma or a closing parenthesis, but here stands "c".'],
    ['a in ()', ')', 'Expected a value, but here stands ")".'],
    ['duration > 500', '500', 'A duration is a number and a unit, such as 500ms; units are ns, us, ms, s, m and h.'],
    ['duration > 0.5ns', '0.5ns', 'A duration is a whole number of nanoseconds.'],
    ['duration > 3000h', '3000h', 'A duration is below 104 days.'],
    ['status = failed', 'failed', 'A status is one of unset, ok, error.'],
    ['trace.id = abc', 'abc', 'A trace id is 32 hexadecimal digits.'],
    ['retries > many', 'many', 'Attributes are compared by > as numbers, and this is none.'],
    ['""', '""', 'There is nothing between these quotes to look for.'],
    ['"" = a', '""', 'This is no key: a key has a name.'],
  ])('%s', (text, at, message) => {
    expect(problem(text)).toMatchObject({ at, message });
  });

  test('with what could stand there', () => {
    expect(problem('status ~ "e.*"')).toMatchObject({ at: '~', expected: ['=', '!=', 'in'] });
    expect(problem('kind = client or kind = web')).toMatchObject({ start: 24, expected: expect.arrayContaining(['server']) });
  });
});

test('(1) any text has an outcome, and a problem lies within it', () => {
  const piece = fc.constantFrom(
    'a',
    'and',
    'not',
    'in',
    'exists',
    '(',
    ')',
    ',',
    '"',
    "'",
    '\\',
    '=',
    '!',
    '>',
    '~',
    ' ',
    'status',
    '5ms',
    '\u{1f600}',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (any) => {
      const outcome = parseSearch(any);
      if (outcome.kind === 'search') return;
      const { start, end, message } = outcome.problem;
      expect(0 <= start && start <= end && end <= any.length).toBe(true);
      expect(message).toMatch(/^[A-Z].*\.$/s);
    }),
    { numRuns: 2000 },
  );
});

test('(2) length, depth, conditions and lists are bounded', () => {
  const { charactersMax, depthMax, conditionsMax, listMax } = searchLimits;
  expect(parsed('a'.repeat(charactersMax))).toBeDefined();
  expect(problem('a'.repeat(charactersMax + 1)).message).toMatch(/at most 4096 characters/);
  const nested = (depth: number) => '('.repeat(depth) + 'a' + ')'.repeat(depth);
  expect(parsed(nested(depthMax))).toEqual(word('a'));
  expect(problem(nested(depthMax + 1))).toMatchObject({ start: depthMax, message: expect.stringMatching(/nests at most/) });
  expect(problem('not '.repeat(1000) + 'a').message).toMatch(/nests at most/);
  expect(parsed(nested(depthMax) + nested(depthMax))).toBeDefined();
  expect(parsed('a '.repeat(conditionsMax))).toBeDefined();
  expect(problem('a '.repeat(conditionsMax + 1)).start).toBe(2 * conditionsMax);
  const list = (length: number) => `a in (${Array.from({ length }, () => 'x').join()})`;
  expect(parsed(list(listMax))).toBeDefined();
  expect(problem(list(listMax + 1)).message).toMatch(/at most 100 values/);
});

test('(3) what is printed reads back as the same expression', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('and', 'NOT', 'in', 'resource.', `"\\'`, 'a b'),
  );
  const key = fc.oneof(
    fc.constantFrom(
      'http.route',
      'service.name',
      'attribute.status',
      'attribute.service.name',
      'resource.x',
      'a b',
      'not',
      'exists',
      'attribute.resource.a',
    ),
    text.map((own) => `attribute.${own}x`),
  );
  const small = anySearch(key, text).filter((expression) => printSearch(expression).length < searchLimits.charactersMax);
  fc.assert(
    fc.property(small, (expression) => {
      const outcome = parseSearch(printSearch(expression));
      expect(outcome).toMatchObject({ kind: 'search', search: { expression } });
      expect(outcome.kind === 'search' && outcome.search.expression).toEqual(expression);
    }),
    { numRuns: 2000 },
  );
});

test('the place of every compared value is kept', () => {
  const text = 'a = b and c ~ "(" and d > 5';
  const outcome = parseSearch(text);
  if (outcome.kind === 'problem') throw new Error(outcome.problem.message);
  expect([...outcome.search.valueAt.values()].map(({ start, end }) => text.slice(start, end))).toEqual(['b', '"("', '5']);
});
