import type { UInt16Column } from '../native/fixed-width.ts';
import { LowCardinalityColumn } from '../native/low-cardinality.ts';
import type { Table } from '../native/table.ts';

/**
 * The attributes that fill each promoted column: the first of them that is there and not empty, the name of today's semantic conventions
 * before the older ones. Done here and not by the engine: each lookup in a map of its costs as much as decoding a whole attribute.
 */
const sources = {
  http_request_method: ['http.request.method', 'http.method'],
  http_route: ['http.route'],
  http_status_code: ['http.response.status_code', 'http.status_code'],
  server_address: ['server.address', 'net.peer.name'],
  server_port: ['server.port', 'net.peer.port'],
  db_system: ['db.system.name', 'db.system'],
  db_namespace: ['db.namespace', 'db.name'],
  db_operation: ['db.operation.name', 'db.operation'],
  db_collection: ['db.collection.name', 'db.sql.table', 'db.mongodb.collection'],
  messaging_system: ['messaging.system'],
  messaging_destination: ['messaging.destination.name', 'messaging.destination'],
} as const;

type Name = keyof typeof sources;
const names = Object.keys(sources) as Name[];

/** An attribute key that fills a column: 1 + column * 4 + its rank among the column's keys. Others are 0. */
const classOfKey = new Map<string, number>(
  names.flatMap((name, column) => sources[name].map((key, rank) => [key, 1 + column * 4 + rank] as const)),
);
const longestKey = Math.max(...[...classOfKey.keys()].map((key) => key.length));
const none = 0xff;

function classify(source: DataView, start: number, end: number): number {
  if (end - start > longestKey) return 0;
  return classOfKey.get(Buffer.from(source.buffer, source.byteOffset + start, end - start).toString('latin1')) ?? 0;
}

/** Fills the promoted columns of a table from the attributes that its spans' attribute map takes. */
export class PromotedColumns {
  readonly #map: Table<'spans'>['columns']['attributes'];
  readonly #columns: readonly (LowCardinalityColumn | UInt16Column)[];
  /** Of the open row: for each column which of its keys was met, and where the text stands in the map's values. */
  readonly #ranks = new Uint8Array(names.length).fill(none);
  readonly #starts = new Uint32Array(names.length);
  readonly #ends = new Uint32Array(names.length);
  /** The columns that were met, in the order in which they were. */
  readonly #met = new Uint8Array(names.length);
  #count = 0;

  constructor({ columns }: Table<'spans'>) {
    this.#map = columns.attributes;
    this.#map.keys.classifyWith(classify);
    this.#columns = names.map((name) => columns[name]);
  }

  /** The attribute that the map took last, whose key has this number. */
  note(key: number): void {
    const found = this.#map.keys.classOf(key);
    if (found === 0) return;
    const { lastEnd, lastStart } = this.#map.values;
    const column = (found - 1) >> 2;
    const rank = (found - 1) & 3;
    const known = this.#ranks[column] ?? none;
    if (lastStart === lastEnd || rank >= known) return;
    if (known === none) this.#met[this.#count++] = column;
    this.#ranks[column] = rank;
    this.#starts[column] = lastStart;
    this.#ends[column] = lastEnd;
  }

  /** Fills the columns that the row of this number has something for. */
  endRow(row: number): void {
    const { view } = this.#map.values;
    for (let i = 0; i < this.#count; i++) {
      const number = this.#met[i] ?? 0;
      const column = this.#columns[number];
      const start = this.#starts[number] ?? 0;
      const end = this.#ends[number] ?? 0;
      this.#ranks[number] = none;
      if (column instanceof LowCardinalityColumn) {
        column.padTo(row);
        column.pushNext(view, start, end);
      } else if (column !== undefined) {
        column.padTo(row);
        column.push(wholeNumber(view, start, end));
      }
    }
    this.#count = 0;
  }

  abandonRow(): void {
    this.#ranks.fill(none);
    this.#count = 0;
  }
}

/** Decimal digits that fit 16 bits, else 0. */
function wholeNumber(view: DataView, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = view.getUint8(at) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
    if (value > 0xffff) return 0;
  }
  return value;
}
