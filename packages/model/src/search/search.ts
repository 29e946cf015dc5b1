/** The search language of docs/formats/search.md, as values. */

export const intrinsicKeys = ['name', 'duration', 'status', 'kind', 'trace.id'] as const;
export const logKeys = ['body', 'severity', 'trace.id', 'span.id'] as const;

/** What is searched, and so which keys are parts of it rather than attributes. */
export type Searched = 'spans' | 'logs';
export type IntrinsicKey = (typeof intrinsicKeys)[number] | (typeof logKeys)[number];

/** The ranges of severity numbers (logs data model, "Field: SeverityNumber"), four numbers each from 1 on, and 0. */
export const severities = ['unspecified', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** What a condition looks at: a part of every span or log record, or an attribute of it or of its resource. */
export type Field =
  | { readonly scope: 'intrinsic'; readonly key: IntrinsicKey }
  | { readonly scope: 'resource' | 'attribute'; readonly key: string };

export const comparisons = ['=', '!=', '>', '>=', '<', '<=', '~', '!~'] as const;
export type Comparison = (typeof comparisons)[number];
export const operators = [...comparisons, 'in', 'exists', 'not exists'] as const;
export type Operator = (typeof operators)[number];

/** A duration is a whole number of ns, what is compared by order is a number, and all else is text. */
export type SearchValue = string | number;

export type Condition =
  | { readonly kind: 'compare'; readonly field: Field; readonly operator: Comparison; readonly value: SearchValue }
  | { readonly kind: 'in'; readonly field: Field; readonly values: readonly SearchValue[] }
  | { readonly kind: 'exists'; readonly field: Field; readonly wanted: boolean }
  /** A part of the span's name; words of the log record's body. */
  | { readonly kind: 'word'; readonly text: string };

/** `and` and `or` have two parts or more, none of their own kind. */
export type Expression =
  | Condition
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression };

/** Part of the text, in UTF-16 code units; half open, [start, end). */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Why a text is no search, for a program (where, what could stand there) and for a person. */
export interface SearchProblem extends TextRange {
  readonly expected: readonly string[];
  readonly message: string;
}

export interface Search {
  /** Absent: the text is empty, and everything matches. */
  readonly expression?: Expression;
  /** Where the value of a comparison stands. */
  readonly valueAt: ReadonlyMap<Condition, TextRange>;
}

/** Bounds of what one search may ask, so that its cost is bounded before it is known. */
export const searchLimits = { charactersMax: 4096, depthMax: 32, conditionsMax: 64, listMax: 100 } as const;

/** These parts joined, without needless nesting. */
export function joined(kind: 'and' | 'or', parts: readonly Expression[]): Expression {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  return flat.length === 1 ? (flat[0] as Expression) : { kind, parts: flat };
}
