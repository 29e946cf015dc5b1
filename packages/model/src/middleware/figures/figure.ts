/** One metric, or those of its series that have these attributes. `rate`: how fast a counter grew, a second. */
export interface Reading {
  readonly metric: string;
  readonly as: 'rate' | 'level';
  readonly where?: Readonly<Record<string, string>>;
}

/** What is shown: a sum of readings, or its part of another. */
export interface Formula {
  readonly of: readonly Reading[];
  /** What it is divided by; nothing is known where that is 0. */
  readonly over?: readonly Reading[];
  readonly scale?: number;
  /** What is missing from 1: of misses the hits. */
  readonly complement?: true;
  /** How series that are not told apart become one. Default: they are added up; of a lag the worst counts. */
  readonly combine?: 'max';
}

export interface Figure extends Formula {
  /** The key of its title. */
  readonly id: string;
  /** UCUM: `1` a ratio, `By`, `s`, `{command}/s`. */
  readonly unit: string;
}

export interface Line extends Formula {
  /** A word of the kind's own operators; with `by` it is what these attributes hold. */
  readonly name: string;
  readonly by?: readonly string[];
  /** A limit of 0 is none. */
  readonly zeroIsNone?: true;
}

export interface Chart {
  readonly id: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  readonly stacked?: true;
  /** The top of its axis at least. */
  readonly max?: number;
}

/** A row for each value of some attributes; the first column says which rows come first. */
export interface Table {
  readonly id: string;
  readonly by: readonly string[];
  readonly columns: readonly Figure[];
}

/** The page of one kind of middleware: the numbers that its operators know. */
export interface KindPage {
  readonly kind: string;
  /** What a list has room for, the first matters most. */
  readonly figures: readonly Figure[];
  readonly charts: readonly Chart[];
  readonly tables: readonly Table[];
}

type Where = Reading['where'];

export function rate(metric: string, where?: Where): Reading {
  return { metric, as: 'rate', ...(where && { where }) };
}

export function level(metric: string, where?: Where): Reading {
  return { metric, as: 'level', ...(where && { where }) };
}

export function line(name: string, ...of: readonly Reading[]): Line {
  return { name, of };
}

/** A line for each value of an attribute. */
export function linesBy(key: string, ...of: readonly Reading[]): Line {
  return { name: '', of, by: [key] };
}
