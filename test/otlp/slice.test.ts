import { createColumnBatch, type NativeTable, readNativeBlock, type TableName, tables } from '@sonde/otlp';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { arbitraryRequest } from './arbitrary-request.ts';
import { everyField } from './every-field.ts';
import { requests } from './otlp-proto.ts';
import { NativeReader } from './read-back.ts';

const reader = new NativeReader();
afterAll(() => reader.close());

const signals = ['traces', 'logs', 'metrics'] as const;
const receivedAtMs = 1_763_700_000_123;

function tablesOf(sent: readonly { readonly signal: (typeof signals)[number]; readonly request: object }[]): NativeTable[] {
  const batch = createColumnBatch();
  for (const { signal, request } of sent) {
    const type = requests[signal];
    batch.append(signal, 'protobuf', type.encode(type.fromObject(request)).finish(), receivedAtMs);
  }
  return batch.take();
}

function sliceOf(block: NativeTable, from: number, to: number): NativeTable {
  const read = readNativeBlock(block.table, block.bytes);
  if (read.kind === 'malformed') throw new Error(`${block.table}: ${read.message}`);
  expect(read.rows).toBe(block.rows);
  return { table: block.table, rows: to - from, bytes: read.slice(from, to) };
}

const every = tablesOf(signals.map((signal) => ({ signal, request: everyField[signal] })));

describe('ClickHouse reads a slice as the same rows of the whole', () => {
  it('of every table, every range', () => {
    expect(every.map(({ table }) => table).toSorted()).toEqual(Object.keys(tables).toSorted());
    for (const block of every) {
      const whole = reader.read(block);
      for (let from = 0; from < block.rows; from++) {
        for (let to = from + 1; to <= block.rows; to++) {
          expect(reader.read(sliceOf(block, from, to)), `${block.table} ${from}-${to}`).toEqual(whole.slice(from, to));
        }
      }
    }
  });

  it('of whatever was sent', () => {
    const sent = fc.array(
      fc
        .constantFrom(...signals)
        .chain((signal) => fc.record({ signal: fc.constant(signal), request: arbitraryRequest[signal] })),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(sent, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (all, a, b) => {
        for (const block of tablesOf(all)) {
          const [from = 0, to = 0] = [Math.floor(a * block.rows), Math.ceil(b * block.rows)].toSorted((x, y) => x - y);
          if (from === to) continue;
          expect(reader.read(sliceOf(block, from, to))).toEqual(reader.read(block).slice(from, to));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('with dictionaries of more than 256 and more than 65,536 texts, of which it keeps its own', () => {
    const spans = Array.from({ length: 70_000 }, (_, i) => ({
      traceId: Uint8Array.of(...Array.from({ length: 15 }, () => 1), 1),
      spanId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      name: `name ${i}`,
    }));
    const [block] = tablesOf([{ signal: 'traces', request: { resourceSpans: [{ scopeSpans: [{ spans }] }] } }]).filter(
      ({ table }) => table === 'spans',
    );
    if (!block) throw new Error('no spans');
    for (const [from, to] of [
      [65_530, 65_540],
      [100, 700],
      [0, 66_000],
    ] as const) {
      const slice = sliceOf(block, from, to);
      const names = reader.read(slice).map((row) => row['name']);
      expect(names).toEqual(Array.from({ length: to - from }, (_, i) => `name ${from + i}`));
      expect(Buffer.from(slice.bytes).includes(`name ${to}`)).toBe(false);
    }
  });
});

describe('what is no block of the table', () => {
  const block = fc.constantFrom(...every);

  it('is refused after any change, or read within its bounds', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'insert', 'remove', 'cut', 'repeat'));
    fc.assert(
      fc.property(block, fc.array(change, { minLength: 1, maxLength: 4 }), ({ table, bytes }, changes) => {
        let changed = [...bytes];
        for (const [where, byte, how] of changes) {
          const at = where % (changed.length + 1);
          if (how === 'set') changed[at] = byte;
          else if (how === 'insert') changed.splice(at, 0, byte);
          else if (how === 'remove') changed.splice(at, 1 + (byte % 8));
          else if (how === 'cut') changed = changed.slice(0, at);
          else changed.splice(at, 0, ...changed.slice(at, at + byte));
        }
        // Surrounded by other bytes, so that a read past the end would find something.
        const surrounded = Uint8Array.from([...bytes.slice(0, 9), ...changed, ...bytes]);
        const exact = readNativeBlock(table, Uint8Array.from(changed));
        const within = readNativeBlock(table, surrounded.subarray(9, 9 + changed.length));
        expect(within.kind).toBe(exact.kind);
        if (exact.kind === 'malformed' || within.kind === 'malformed') return;
        for (let row = 0; row < Math.min(exact.rows, 20); row++) {
          const slice = exact.slice(row, row + 1);
          expect(within.slice(row, row + 1)).toEqual(slice);
          expect(readNativeBlock(table, slice)).toMatchObject({ kind: 'block', rows: 1 });
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each<[string, TableName, (bytes: Uint8Array) => Uint8Array]>([
    ['nothing', 'spans', () => new Uint8Array()],
    ['noise', 'spans', () => Buffer.from('this is no block of columns, whatever it is')],
    ['a block of another table', 'logs', (bytes) => bytes],
    ['two blocks', 'spans', (bytes) => Buffer.concat([bytes, bytes])],
    ['half a block', 'spans', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['a length of 10 continued bytes', 'spans', () => new Uint8Array(10).fill(0xff)],
    [
      '2^31 rows',
      'spans',
      (bytes) => Uint8Array.from([...bytes.subarray(0, 1), 0x80, 0x80, 0x80, 0x80, 8, ...bytes.subarray(2)]),
    ],
  ])('%s', (_, table, damage) => {
    const spans = every.find((one) => one.table === 'spans');
    if (!spans) throw new Error('no spans');
    expect(readNativeBlock(table, damage(spans.bytes))).toMatchObject({ kind: 'malformed' });
  });

  it('a range beyond the rows is the fault of who asks', () => {
    const [{ table, bytes, rows } = { table: 'spans' as const, bytes: new Uint8Array(), rows: 0 }] = every;
    const read = readNativeBlock(table, bytes);
    if (read.kind === 'malformed') throw new Error(read.message);
    for (const [from, to] of [
      [-1, 1],
      [0, rows + 1],
      [1, 0],
      [Number.NaN, 1],
    ] as const) {
      expect(() => read.slice(from, to)).toThrow(RangeError);
    }
    expect(read.slice(0, 0).length).toBeGreaterThan(0);
  });
});
