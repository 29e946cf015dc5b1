import { limits } from './limits.ts';
import type { Table } from './native/table.ts';
import type { Reader } from './protobuf/reader.ts';
import { ResourceColumns, type ResourceWriter } from './resource.ts';
import { ScopeColumns } from './scope.ts';
import { reasons, type Tally } from './tally.ts';

/** The tables whose rows carry their resource and scope. */
type ScopedTable = Table<'spans'> | Table<'logs'> | Table<'metric_series'>;

/** What the items of one scope share. */
export interface Context {
  readonly tally: Tally;
  /** Fingerprints of resource and scope, as two words each. */
  readonly resource: { readonly low: number; readonly high: number };
  readonly scope: { readonly low: number; readonly high: number };
  /** Of `tally.elementsLeft`, what each row costs: itself, and the scope attributes that are repeated in it. */
  readonly elementsPerRow: number;
  /** Epoch milliseconds, as two words. */
  readonly receivedAt: { readonly low: number; readonly high: number };
  /** Why nothing of this scope can be stored; empty: it can. */
  readonly refusal: string;
}

export interface ItemDecoder {
  /** Whether it needs the fingerprint of the whole scope, its schema URL included. */
  readonly needsScopeFingerprint: boolean;
  /** Decodes one Span, LogRecord or Metric, from `reader.pos` to `end`, into rows and rejections. */
  decode(reader: Reader, end: number, context: Context): void;
  /** Forgets the row that a malformed request left open. */
  abandon(): void;
}

/**
 * The envelope that the three export requests share, field for field:
 * request { 1: resource group }, resource group { 1: Resource, 2: scope group, 3: schema_url }, scope group { 1: scope, 2: item,
 * 3: schema_url }. What surrounds the members of a group may stand behind them, so a group is read twice: first for that, then for them.
 * Encoders write a scope before its items, though; where it is found there, the first reading need not go through them all.
 *
 * The columns of resource and scope are filled for all rows of a scope at once, when its items are done.
 */
export function createEnvelope(resource: ResourceWriter, scoped: ScopedTable, items: ItemDecoder) {
  const resourceColumns = new ResourceColumns(scoped.columns);
  const scope = new ScopeColumns(scoped.columns);
  let surroundingsStart = 0;
  let surroundingsEnd = 0;
  let schemaStart = 0;
  let schemaEnd = 0;

  /** Fields 1 and 3 of a group, the last where there are several. `untilMembers`: up to the first member, if field 1 came before it. */
  function readSurroundings(reader: Reader, end: number, untilMembers: boolean): void {
    const start = reader.pos;
    surroundingsStart = surroundingsEnd = schemaStart = schemaEnd = start;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 0x0a) {
        surroundingsEnd = reader.delimited();
        surroundingsStart = reader.pos;
        reader.pos = surroundingsEnd;
      } else if (tag === 0x1a) {
        schemaEnd = reader.delimited();
        schemaStart = reader.pos;
        reader.pos = schemaEnd;
      } else if (tag === 0x12 && untilMembers && surroundingsStart !== start) return;
      else reader.skip(tag);
    }
    reader.finish(end);
  }

  function decodeResourceGroup(reader: Reader, end: number, tally: Tally, receivedAt: Context['receivedAt']): void {
    const start = reader.pos;
    const acceptedBefore = tally.accepted;
    readSurroundings(reader, end, false);
    reader.pos = surroundingsStart;
    resource.open(reader, surroundingsEnd, schemaStart, schemaEnd);
    resourceColumns.select(resource);
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 0x12) decodeScopeGroup(reader, reader.delimited(), tally, receivedAt);
      else reader.skip(tag);
    }
    resource.close(reader, tally.accepted > acceptedBefore, receivedAt);
  }

  function decodeScopeGroup(reader: Reader, end: number, tally: Tally, receivedAt: Context['receivedAt']): void {
    const start = reader.pos;
    const rowsBefore = scoped.rows;
    readSurroundings(reader, end, !items.needsScopeFingerprint);
    reader.pos = surroundingsStart;
    scope.open(reader, surroundingsEnd, schemaStart, schemaEnd);
    const context: Context = {
      tally,
      resource,
      scope,
      elementsPerRow: 1 + Math.floor(scope.attributeBytes / limits.scopeBytesPerElement),
      receivedAt,
      refusal: resource.storable && scope.storable ? '' : reasons.tooDeep,
    };
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 0x12) items.decode(reader, reader.delimited(), context);
      else if (tag === 0x1a) {
        schemaEnd = reader.delimited();
        schemaStart = reader.pos;
        reader.pos = schemaEnd;
      } else reader.skip(tag);
    }
    reader.finish(end);
    const rows = scoped.rows - rowsBefore;
    scope.close(rows, reader, schemaStart, schemaEnd);
    resourceColumns.fill(rows);
    scoped.columns.received_at.fill(receivedAt.low, receivedAt.high, rows);
  }

  return {
    decode(reader: Reader, tally: Tally, receivedAt: Context['receivedAt']): void {
      while (reader.pos < reader.bytes.length) {
        const tag = reader.tag();
        if (tag === 0x0a) decodeResourceGroup(reader, reader.delimited(), tally, receivedAt);
        else reader.skip(tag);
      }
    },
    /** After a malformed request: forgets what was read of an item and a scope that were never closed. */
    abandon(): void {
      items.abandon();
      scope.abandon();
    },
  };
}
