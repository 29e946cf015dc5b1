import { createSumTable, type SumTable } from '@sonde/model';
import type { TextNumbers } from '../native/read.ts';

/** Texts by number; 0 is the empty text. */
export class Texts implements TextNumbers {
  readonly #numbers = new Map([['', 0]]);
  readonly list: string[] = [''];

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.list.length);
    return this.list.push(text) - 1;
  }
}

/** Tuples of numbers by number, from 1. */
export class Tuples<Field extends string> {
  readonly #names: readonly Field[];
  readonly #table: SumTable;

  constructor(...names: readonly Field[]) {
    this.#names = names;
    this.#table = createSumTable(names.length, 0);
  }

  /** The fields of the tuple that `number` is asked of, to be written first. */
  get fields(): Uint32Array {
    return this.#table.key;
  }

  number(): number {
    return this.#table.rowOf() + 1;
  }

  /** One field of all tuples, by number; 0 for number 0. */
  column(field: Field): Uint32Array {
    const own = this.#table.keyColumn(this.#names.indexOf(field));
    const column = new Uint32Array(own.length + 1);
    column.set(own, 1);
    return column;
  }
}

/** What the numbers in a batch of spans stand for. */
export class Numbering {
  readonly texts = new Texts();
  readonly services = new Tuples('environment', 'namespace', 'service');
  readonly names = new Tuples('environment', 'namespace', 'service', 'name');
  readonly instances = new Tuples('version', 'instance');
  /** The hash of a statement in two words, low and high. */
  readonly dependencies = new Tuples('kind', 'system', 'address', 'port', 'name', 'hashLow', 'hashHigh');
}
