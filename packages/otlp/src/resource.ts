import { AttributeFingerprint } from './attributes/attribute-fingerprint.ts';
import { AttributeWriter } from './attributes/attribute-writer.ts';
import { KeyValue } from './attributes/key-value.ts';
import { Fingerprint } from './fingerprint.ts';
import { IdSet } from './id-set.ts';
import { ByteBuffer } from './native/byte-buffer.ts';
import type { UInt64Column } from './native/fixed-width.ts';
import type { LowCardinalityColumn } from './native/low-cardinality.ts';
import type { Table } from './native/table.ts';
import { viewOf } from './native/utf8.ts';
import type { Reader } from './protobuf/reader.ts';
import { writeValueText } from './attributes/value-text.ts';

/** The columns that name a row's resource, and the attributes that fill each of them: the first that is there and not empty. */
const sources = [
  ['service', 'service.name'],
  ['namespace', 'service.namespace'],
  ['environment', 'deployment.environment.name'],
  ['environment', 'deployment.environment'],
  ['version', 'service.version'],
  ['instance', 'service.instance.id'],
  ['host', 'host.name'],
  ['host', 'host.id'],
] as const;

const columnNames = ['service', 'namespace', 'environment', 'version', 'instance', 'host'] as const;
type ColumnName = (typeof columnNames)[number];

/** What a service without a name is called; the SDKs' own fallback (resource semantic conventions) begins so. */
const unknownService = viewOf(new TextEncoder().encode('unknown_service'));

const wanted = sources.map(([column, key]) => ({ column, key: new TextEncoder().encode(key) }));

function isKey(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== key.length) return false;
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false;
  return true;
}

interface Range {
  start: number;
  end: number;
}

/** The resource that is being decoded. Its row is written only when one of its items was accepted and its id is new in the batch. */
export class ResourceWriter {
  low = 0;
  high = 0;
  /** The texts of `wanted`, in one buffer. */
  readonly texts = new ByteBuffer();
  /** False: a value is nested too deep, so nothing of this resource can be stored. */
  storable = true;
  readonly #ranges: Range[] = wanted.map(() => ({ start: 0, end: 0 }));
  readonly #table: Table<'resources'>;
  readonly #columns: ResourceColumns;
  readonly #attributes: AttributeWriter;
  readonly #pair = new KeyValue();
  readonly #sum = new AttributeFingerprint();
  readonly #fingerprint = new Fingerprint();
  readonly #known = new IdSet();
  #dropped = 0;
  #schemaStart = 0;
  #schemaEnd = 0;

  constructor(table: Table<'resources'>) {
    this.#table = table;
    this.#columns = new ResourceColumns(table.columns);
    this.#attributes = new AttributeWriter(table.columns.attributes, table.columns.attribute_types);
  }

  /** Reads the Resource message from `reader.pos` to `end`, and notes where its schema URL stands. */
  open(reader: Reader, end: number, schemaStart: number, schemaEnd: number): void {
    this.storable = true;
    this.texts.length = 0;
    for (const range of this.#ranges) range.start = range.end = 0;
    this.#sum.start();
    this.#dropped = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 0x0a) this.#attribute(reader, reader.delimited());
      else if (tag === 0x10) this.#dropped = reader.varint32();
      else reader.skip(tag);
    }
    reader.finish(end);
    this.#schemaStart = schemaStart;
    this.#schemaEnd = schemaEnd;
    this.#fingerprint.start().word(this.#sum.low).word(this.#sum.high).bytes(reader.view, schemaStart, schemaEnd).finish();
    ({ low: this.low, high: this.high } = this.#fingerprint);
  }

  #attribute(reader: Reader, end: number): void {
    const { pos } = reader;
    if (!this.#sum.add(reader, end)) this.storable = false;
    reader.pos = pos;
    this.#attributes.append(reader, end);
    reader.pos = pos;
    this.#pair.read(reader, end);
    const { keyStart, keyEnd, valueEnd } = this.#pair;
    const index = wanted.findIndex(({ key }) => isKey(key, reader.bytes, keyStart, keyEnd));
    const range = this.#ranges[index];
    if (range === undefined) {
      reader.pos = end;
      return;
    }
    range.start = this.texts.length;
    writeValueText(reader, valueEnd, this.texts);
    range.end = this.texts.length;
    reader.pos = end;
  }

  /** Where in `texts` the value of a column is; empty where no attribute gives it. */
  rangeOf(column: ColumnName): Readonly<Range> {
    let found: Range = { start: 0, end: 0 };
    wanted.forEach((candidate, i) => {
      const range = this.#ranges[i];
      if (candidate.column === column && found.start === found.end && range !== undefined) found = range;
    });
    return found;
  }

  /** Stores the resource's row if it has to be, or forgets it. */
  close(reader: Reader, hasItems: boolean, receivedAt: { readonly low: number; readonly high: number }): void {
    if (!hasItems || !this.#known.add(this.low, this.high)) return this.#attributes.abandonRow();
    this.#columns.select(this);
    this.#columns.fill(1);
    this.#attributes.endRow();
    const { columns } = this.#table;
    columns.dropped_attributes_count.push(this.#dropped);
    columns.schema_url.push(reader.view, this.#schemaStart, this.#schemaEnd);
    columns.received_at.push(receivedAt.low, receivedAt.high);
  }

  mark(): void {
    this.#known.mark();
  }

  rollback(): void {
    this.#known.rollback();
    this.#attributes.abandonRow();
  }

  clear(): void {
    this.#known.clear();
  }
}

type ResourceColumnSet = { readonly [Column in ColumnName]: LowCardinalityColumn } & {
  readonly resource_id: UInt64Column;
};

/** The resource columns of one table. They are the same in all rows of a resource, so each is looked up once and filled. */
export class ResourceColumns {
  readonly #columns: ResourceColumnSet;
  readonly #indexes = columnNames.map(() => 0);
  #low = 0;
  #high = 0;

  constructor(columns: ResourceColumnSet) {
    this.#columns = columns;
  }

  select(resource: ResourceWriter): void {
    columnNames.forEach((name, i) => {
      const { start, end } = resource.rangeOf(name);
      const column = this.#columns[name];
      this.#indexes[i] =
        name === 'service' && start === end
          ? column.indexOf(unknownService, 0, unknownService.byteLength)
          : column.indexOf(resource.texts.view, start, end);
    });
    this.#low = resource.low;
    this.#high = resource.high;
  }

  fill(count: number): void {
    columnNames.forEach((name, i) => this.#columns[name].fill(this.#indexes[i] ?? 0, count));
    this.#columns.resource_id.fill(this.#low, this.#high, count);
  }
}
