/** The thread that decodes large requests, one at a time. It never loads the database: a thread that did could not end. */
import { parentPort } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { type AppendOutcome, type BodyEncoding, createColumnBatch, type NativeTable, type Signal } from '@sonde/otlp';

export interface DecodeTask {
  readonly signal: Signal;
  readonly encoding: BodyEncoding;
  readonly body: Uint8Array;
  readonly receivedAtMs: number;
}

export interface Decoded {
  readonly outcome: AppendOutcome;
  readonly durationMs: number;
  readonly tables: readonly (NativeTable & { readonly crc32: number })[];
}

const batch = createColumnBatch();

parentPort?.on('message', ({ signal, encoding, body, receivedAtMs }: DecodeTask) => {
  const startedAtMs = performance.now();
  const outcome = batch.append(signal, encoding, body, receivedAtMs);
  const tables = batch.take().map((table) => ({ ...table, crc32: crc32(table.bytes) }));
  const decoded: Decoded = { outcome, tables, durationMs: performance.now() - startedAtMs };
  parentPort?.postMessage(
    decoded,
    tables.map(({ bytes }) => bytes.buffer as ArrayBuffer),
  );
});
