import { createColumnBatch, type Signal, type TableName } from '@sonde/otlp';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { arbitraryRequest } from './arbitrary-request.ts';
import { Model } from './model.ts';
import { requests } from './otlp-proto.ts';
import { NativeReader, type Row } from './read-back.ts';
import { toOtlpJson } from './to-otlp-json.ts';

const reader = new NativeReader();
afterAll(() => reader.close());

const signals = ['traces', 'logs', 'metrics'] as const;
const receivedAtMs = 1_763_700_000_123;
const toObjectOptions = { longs: String, arrays: false, defaults: false } as const;

/** What is to be sent, as bytes, and what an independent reader makes of them. */
function encode(signal: Signal, request: object): { bytes: Uint8Array; object: Record<string, unknown> } {
  const type = requests[signal];
  const bytes = Uint8Array.from(type.encode(type.fromObject(request)).finish());
  return { bytes, object: type.toObject(type.decode(bytes), toObjectOptions) };
}

/** Rows with fingerprints replaced by what they stand for; fails where one stands for two things, or two for one. */
function withIdentities(tables: Partial<Record<TableName, Row[]>>, model: Partial<Record<TableName, Row[]>>) {
  const named = new Map<unknown, unknown>();
  const fingerprints = new Map<unknown, unknown>();
  const answer: Partial<Record<TableName, Row[]>> = {};
  for (const table of Object.keys(tables) as TableName[]) {
    answer[table] = (tables[table] ?? []).map((row, i) => {
      const shown = { ...row };
      for (const column of ['resource_id', 'series_id']) {
        const identity = model[table]?.[i]?.[column];
        if (identity === undefined) continue;
        expect(named.get(row[column]) ?? identity, `${table}.${column}`).toBe(identity);
        expect(fingerprints.get(identity) ?? row[column], `${table}.${column}`).toBe(row[column]);
        named.set(row[column], identity);
        fingerprints.set(identity, row[column]);
        shown[column] = identity;
      }
      return shown;
    });
  }
  return answer;
}

describe('any legal request is stored as a slow, obvious decoder says', () => {
  const steps = fc.array(
    fc
      .constantFrom(...signals)
      .chain((signal) => fc.record({ signal: fc.constant(signal), request: arbitraryRequest[signal] })),
    { minLength: 1, maxLength: 12 },
  );

  it.each([
    { how: 'protobuf', encoding: 'protobuf', bareIntegers: false },
    { how: 'JSON', encoding: 'json', bareIntegers: false },
    { how: 'JSON with 64-bit integers as numbers', encoding: 'json', bareIntegers: true },
  ] as const)('$how', ({ encoding, bareIntegers }) => {
    fc.assert(
      fc.property(steps, (requestsMade) => {
        const batch = createColumnBatch();
        const model = new Model();
        let items = 0;
        for (const { signal, request } of requestsMade) {
          const { bytes, object } = encode(signal, request);
          const body = encoding === 'json' ? Buffer.from(toOtlpJson(object, bareIntegers)) : bytes;
          const expected = model.append(signal, object, receivedAtMs);
          expect(batch.append(signal, encoding, body, receivedAtMs)).toMatchObject({ kind: 'appended', ...expected });
          items += expected.accepted;
        }
        expect(batch.items).toBe(items);
        expect(withIdentities(reader.rows(batch), model.tables)).toEqual(model.tables);
        expect(batch.items).toBe(0);
        expect(batch.take()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
