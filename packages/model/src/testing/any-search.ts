import fc from 'fast-check';
import {
  comparisons,
  type Condition,
  type Expression,
  type Field,
  intrinsicKeys,
  joined,
  logKeys,
  operatorsOf,
  readField,
  type Searched,
  severities,
  spanKinds,
  statusCodes,
} from '../index.ts';

/** Any expression over these keys and texts, as the parser would build it: the depth is bounded, so is the number of conditions. */
export function anySearch(
  key: fc.Arbitrary<string>,
  text: fc.Arbitrary<string>,
  pattern = text,
  searched: Searched = 'spans',
): fc.Arbitrary<Expression> {
  const intrinsic: readonly string[] = searched === 'spans' ? intrinsicKeys : logKeys;
  const field = fc.oneof(fc.constantFrom(...intrinsic), key).map((written) => readField(written, searched) as Field);
  const condition = fc.oneof(
    { weight: 6, arbitrary: field.chain((one) => conditionOn(one, text, pattern)) },
    { weight: 1, arbitrary: text.filter((word) => word !== '').map((word): Condition => ({ kind: 'word', text: word })) },
  );
  const levels: fc.Arbitrary<Expression>[] = [condition];
  for (let depth = 1; depth <= 3; depth++) {
    const part = fc.oneof(...levels);
    levels.push(
      fc.oneof(
        fc
          .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(part, { minLength: 2, maxLength: 3 }))
          .map(([kind, parts]) => joined(kind, parts)),
        part.map((one): Expression => ({ kind: 'not', part: one })),
      ),
    );
  }
  return fc.oneof(...levels);
}

function conditionOn(field: Field, text: fc.Arbitrary<string>, pattern: fc.Arbitrary<string>): fc.Arbitrary<Condition> {
  const known = operatorsOf(field);
  const isOrder = (operator: string) => /[<>]/.test(operator);
  const value = valueOf(field, text);
  const compare = fc
    .constantFrom(...comparisons.filter((operator) => known.includes(operator)))
    .chain((operator) =>
      (operator.includes('~') ? pattern : isOrder(operator) && !isOwnOrder(field) ? number : value).map(
        (compared): Condition => ({ kind: 'compare', field, operator, value: compared }),
      ),
    );
  const list = fc.array(value, { minLength: 1, maxLength: 4 }).map((values): Condition => ({ kind: 'in', field, values }));
  const exists = fc.boolean().map((wanted): Condition => ({ kind: 'exists', field, wanted }));
  return known.includes('exists') ? fc.oneof(compare, list, exists) : fc.oneof(compare, list);
}

/** What is compared by order and is no number. */
function isOwnOrder(field: Field): boolean {
  return field.scope === 'intrinsic' && (field.key === 'duration' || field.key === 'severity');
}

const number = fc
  .oneof(
    fc.integer({ min: -10, max: 600 }),
    fc.integer().map((n) => n / 8),
  )
  .map((n) => n + 0);

function valueOf(field: Field, text: fc.Arbitrary<string>): fc.Arbitrary<string | number> {
  if (field.scope !== 'intrinsic') return text;
  switch (field.key) {
    case 'name':
    case 'body':
      return text;
    case 'severity':
      return fc.constantFrom(...severities);
    case 'span.id':
      return fc.stringMatching(/^[0-9a-f]{16}$/);
    case 'status':
      return fc.constantFrom(...statusCodes);
    case 'kind':
      return fc.constantFrom(...spanKinds);
    case 'duration':
      return fc.oneof(
        fc.maxSafeNat(),
        fc.nat(9).map((power) => 10 ** power),
      );
    default:
      return fc.stringMatching(/^[0-9a-f]{32}$/);
  }
}
