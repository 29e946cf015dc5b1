import { type Condition, type Expression, parseSearch, printSearch, tokenText } from '@sonde/model';

/** Changes of a search by a click: a facet's value in or out, a bar of a comparison. What was written by hand stays as it was written. */
export type Wanted = 'in' | 'out';

function expressionOf(text: string): Expression | undefined {
  const parsed = parseSearch(text);
  return parsed.kind === 'search' ? parsed.search.expression : undefined;
}

/** Conditions that must all hold. */
function partsOf(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return [];
  return expression.kind === 'and' ? expression.parts : [expression];
}

function isSame(a: Expression, b: Expression): boolean {
  return printSearch(a) === printSearch(b);
}

export function valueCondition(key: string, value: string, wanted: Wanted): string {
  return `${tokenText(key)} ${wanted === 'in' ? '=' : '!='} ${tokenText(value)}`;
}

/** [from, to), null: without end; below zero the other bound belongs to it, which no one clicks on for. */
export function rangeCondition(key: string, from: number | null, to: number | null): string {
  const low = from === null ? [] : [`${tokenText(key)} >= ${from}`];
  const high = to === null ? [] : [`${tokenText(key)} < ${to}`];
  return [...low, ...high].join(' and ');
}

/** Whether the search asks for this value, or for all others. */
export function wantedOf(text: string, key: string, value: string): Wanted | undefined {
  const parts = partsOf(expressionOf(text));
  return (['in', 'out'] as const).find((wanted) => {
    const condition = expressionOf(valueCondition(key, value, wanted)) as Condition;
    return parts.some((part) => isSame(part, condition));
  });
}

/** The search with this condition too; what cannot be read is given up for it. */
export function withCondition(text: string, condition: string): string {
  const expression = expressionOf(text);
  if (expression === undefined) return condition;
  const added = partsOf(expressionOf(condition));
  if (added.every((one) => partsOf(expression).some((part) => isSame(part, one)))) return text;
  return expression.kind === 'or' ? `(${text.trim()}) and ${condition}` : `${text.trim()} and ${condition}`;
}

export function withoutCondition(text: string, condition: string): string {
  const gone = expressionOf(condition);
  const parts = partsOf(expressionOf(text)).filter((part) => gone === undefined || !isSame(part, gone));
  const [first] = parts;
  if (first === undefined) return '';
  return printSearch(parts.length === 1 ? first : { kind: 'and', parts });
}

/** A click: in, out, or, where it is so already, neither. */
export function toggleValue(text: string, key: string, value: string, wanted: Wanted): string {
  const was = wantedOf(text, key, value);
  const rest = was === undefined ? text : withoutCondition(text, valueCondition(key, value, was));
  return was === wanted ? rest : withCondition(rest, valueCondition(key, value, wanted));
}

/** Its conditions, each as a text of its own. */
export function conditionsOf(text: string): string[] {
  return partsOf(expressionOf(text)).map((part) => printSearch(part));
}
