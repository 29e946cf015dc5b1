import { AttributeFingerprint } from './attributes/attribute-fingerprint.ts';
import { AttributeWriter } from './attributes/attribute-writer.ts';
import { Fingerprint } from './fingerprint.ts';
import type { UInt32Column } from './native/fixed-width.ts';
import type { LowCardinalityColumn } from './native/low-cardinality.ts';
import type { MapColumn } from './native/map.ts';
import type { Reader } from './protobuf/reader.ts';

interface ScopeColumnSet {
  readonly scope_name: LowCardinalityColumn;
  readonly scope_version: LowCardinalityColumn;
  readonly scope_attributes: MapColumn;
  readonly scope_attribute_types: LowCardinalityColumn;
  readonly scope_dropped_attributes_count: UInt32Column;
  readonly scope_schema_url: LowCardinalityColumn;
}

/** The InstrumentationScope columns of one table: read once for a scope, then filled for all of its rows. */
export class ScopeColumns {
  /** The scope's 64-bit fingerprint: name, version, schema URL and attributes. */
  low = 0;
  high = 0;
  /** False: a value is nested too deep, so nothing of this scope can be stored. */
  storable = true;
  /** Of the attributes, as they will be repeated in each row. */
  attributeBytes = 0;
  readonly #columns: ScopeColumnSet;
  readonly #attributes: AttributeWriter;
  readonly #sum = new AttributeFingerprint();
  readonly #fingerprint = new Fingerprint();
  #name = 0;
  #version = 0;
  #dropped = 0;

  constructor(columns: ScopeColumnSet) {
    this.#columns = columns;
    this.#attributes = new AttributeWriter(columns.scope_attributes, columns.scope_attribute_types);
  }

  /** Reads the InstrumentationScope message from `reader.pos` to `end`. The schema URL, which stands outside of it, is part of its fingerprint. */
  open(reader: Reader, end: number, schemaStart: number, schemaEnd: number): void {
    this.storable = true;
    this.attributeBytes = 0;
    this.#dropped = 0;
    this.#sum.start();
    let nameStart = 0;
    let nameEnd = 0;
    let versionStart = 0;
    let versionEnd = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case 0x0a:
          nameEnd = reader.delimited();
          nameStart = reader.pos;
          reader.pos = nameEnd;
          break;
        case 0x12:
          versionEnd = reader.delimited();
          versionStart = reader.pos;
          reader.pos = versionEnd;
          break;
        case 0x1a: {
          const stop = reader.delimited();
          const start = reader.pos;
          this.attributeBytes += stop - start;
          this.#attributes.append(reader, stop);
          reader.pos = start;
          if (!this.#sum.add(reader, stop)) this.storable = false;
          break;
        }
        case 0x20:
          this.#dropped = reader.varint32();
          break;
        default:
          reader.skip(tag);
      }
    }
    reader.finish(end);
    const { view } = reader;
    this.#name = this.#columns.scope_name.indexOf(view, nameStart, nameEnd);
    this.#version = this.#columns.scope_version.indexOf(view, versionStart, versionEnd);
    const identity = this.#fingerprint.start().word(this.#sum.low).word(this.#sum.high);
    identity.bytes(view, nameStart, nameEnd).bytes(view, versionStart, versionEnd).bytes(view, schemaStart, schemaEnd).finish();
    this.low = identity.low;
    this.high = identity.high;
  }

  /** Writes the scope, and the schema URL of its items, into the last `count` rows of its table. */
  close(count: number, reader: Reader, schemaStart: number, schemaEnd: number): void {
    if (count === 0) return this.#attributes.abandonRow();
    this.#columns.scope_name.fill(this.#name, count);
    this.#columns.scope_version.fill(this.#version, count);
    const { scope_schema_url: schemaUrls } = this.#columns;
    schemaUrls.fill(schemaUrls.indexOf(reader.view, schemaStart, schemaEnd), count);
    this.#columns.scope_dropped_attributes_count.fill(this.#dropped, count);
    this.#attributes.endRows(count);
  }

  abandon(): void {
    this.#attributes.abandonRow();
  }
}
