import { createEnvelope } from './envelope.ts';
import { exportRequests } from './json/schema.ts';
import { JsonToProtobuf } from './json/to-protobuf.ts';
import { createTable, type Table } from './native/table.ts';
import { MalformedError, Reader } from './protobuf/reader.ts';
import { ResourceWriter } from './resource.ts';
import { Tally } from './tally.ts';
import { createSpanDecoder } from './traces.ts';
import type { AppendOutcome, ColumnBatch, Encoding, Signal } from './types.ts';

interface SignalDecoder {
  readonly tables: readonly Table[];
  decode(reader: Reader, tally: Tally, receivedAt: { low: number; high: number }): void;
  rollback(): void;
}

export function createColumnBatch(): ColumnBatch {
  const resources = createTable('resources');
  const resource = new ResourceWriter(resources);
  const spans = createTable('spans');

  const traces = createEnvelope(resource, spans, createSpanDecoder(spans));
  const tables: readonly Table[] = [resources, spans];
  const json = new JsonToProtobuf();
  let items = 0;

  return {
    append(signal: Signal, encoding: Encoding, body: Uint8Array, receivedAtMs: number): AppendOutcome {
      if (signal !== 'traces') return { kind: 'malformed', message: `${signal} are not decoded yet` };
      const tally = new Tally();
      for (const table of tables) table.mark();
      resource.mark();
      try {
        const bytes = encoding === 'json' ? json.convert(body, exportRequests[signal]) : body;
        traces.decode(new Reader(bytes), tally, {
          low: receivedAtMs >>> 0,
          high: Math.floor(receivedAtMs / 0x1_0000_0000),
        });
      } catch (error) {
        traces.abandon();
        resource.rollback();
        for (const table of tables) table.rollback();
        if (error instanceof MalformedError) return { kind: 'malformed', message: error.message };
        throw error;
      }
      items += tally.accepted;
      return { kind: 'appended', accepted: tally.accepted, rejected: tally.rejected, reason: tally.reason };
    },
    get items() {
      return items;
    },
    get bytes() {
      return tables.reduce((sum, table) => sum + table.byteLength, 0);
    },
    take() {
      items = 0;
      resource.clear();
      return tables.filter((table) => table.rows > 0).map((table) => table.take());
    },
  };
}
