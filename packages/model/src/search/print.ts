import { fieldKey } from './fields.ts';
import type { Expression, Field, Searched, SearchValue } from './search.ts';
import { tokenText } from './tokens.ts';
import { durationText } from './values.ts';

/** The canonical text of an expression: `parseSearch` makes the same expression of it again. */
export function printSearch(expression: Expression, searched: Searched = 'spans'): string {
  const print = (part: Expression) => printSearch(part, searched);
  const keyText = (field: Field) => tokenText(fieldKey(field, searched));
  const within = (part: Expression, outer: 'and' | 'or' | 'not') => (isLooser(part, outer) ? `(${print(part)})` : print(part));
  switch (expression.kind) {
    case 'word':
      return tokenText(expression.text);
    case 'compare':
      return `${keyText(expression.field)} ${expression.operator} ${valueText(expression.field, expression.value)}`;
    case 'in':
      return `${keyText(expression.field)} in (${expression.values.map((value) => valueText(expression.field, value)).join(', ')})`;
    case 'exists':
      return `${keyText(expression.field)} ${expression.wanted ? 'exists' : 'not exists'}`;
    case 'not':
      return `not ${within(expression.part, 'not')}`;
    default:
      return expression.parts.map((part) => within(part, expression.kind)).join(` ${expression.kind} `);
  }
}

/** `not` binds closer than `and`, and `and` closer than `or`. */
function isLooser(part: Expression, outer: 'and' | 'or' | 'not'): boolean {
  return (outer !== 'or' && part.kind === 'or') || (outer === 'not' && part.kind === 'and');
}

function valueText(field: Field, value: SearchValue): string {
  if (typeof value === 'string') return tokenText(value);
  return field.scope === 'intrinsic' ? durationText(value) : String(value);
}
