import { createHash } from 'node:crypto';
import { createColumnBatch, type ColumnBatch, type Encoding, limits, type Signal } from '@sonde/otlp';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { arbitraryRequest } from './arbitrary-request.ts';
import { everyField } from './every-field.ts';
import { requests } from './otlp-proto.ts';
import { NativeReader } from './read-back.ts';
import { toOtlpJson } from './to-otlp-json.ts';

const reader = new NativeReader();
afterAll(() => reader.close());

const receivedAtMs = 1_763_700_000_123;
const signals = ['traces', 'logs', 'metrics'] as const;
const signal = fc.constantFrom<Signal>(...signals);

interface Sent {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly body: Uint8Array;
}

function encode(of: Signal, encoding: Encoding, request: object): Sent {
  const type = requests[of];
  const made = type.fromObject(request);
  const body =
    encoding === 'protobuf'
      ? Uint8Array.from(type.encode(made).finish())
      : Buffer.from(toOtlpJson(type.toObject(made, { longs: String }), false));
  return { signal: of, encoding, body };
}

const legal = fc
  .tuple(signal, fc.constantFrom<Encoding>('protobuf', 'json'))
  .chain(([of, encoding]) => arbitraryRequest[of].map((request) => encode(of, encoding, request)));

/** A legal request with bytes changed, cut, doubled or inserted. */
const mutated = fc
  .tuple(
    legal,
    fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'insert', 'remove', 'cut', 'repeat')), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([sent, changes]): Sent => {
    let body = [...sent.body];
    for (const [where, byte, how] of changes) {
      const at = where % (body.length + 1);
      if (how === 'set') body[at] = byte;
      else if (how === 'insert') body.splice(at, 0, byte);
      else if (how === 'remove') body.splice(at, 1 + (byte % 8));
      else if (how === 'cut') body = body.slice(0, at);
      else body.splice(at, 0, ...body.slice(at, at + byte));
    }
    return { ...sent, body: Uint8Array.from(body) };
  });

const noise = fc
  .tuple(signal, fc.constantFrom<Encoding>('protobuf', 'json'), fc.uint8Array({ maxLength: 40 }))
  .map(([of, encoding, body]): Sent => ({ signal: of, encoding, body }));

/** What a batch holds, short enough to compare thousands of times; empties it. */
const digest = (batch: ColumnBatch): string[] =>
  batch.take().map(({ table, rows, bytes }) => `${table} ${rows} ${createHash('sha256').update(bytes).digest('hex')}`);

const append = (batch: ColumnBatch, { signal: of, encoding, body }: Sent) => batch.append(of, encoding, body, receivedAtMs);

const protobuf = (bytes: number[]) => createColumnBatch().append('traces', 'protobuf', Uint8Array.from(bytes), receivedAtMs);

/** A length-delimited field. */
function delimited(tag: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = body.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([tag, ...length, rest]), body]);
}

describe('whatever the bytes', () => {
  it('append does not throw, a malformed request leaves nothing, and its neighbours are stored as if it had not come', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(legal, mutated, mutated, noise), { minLength: 1, maxLength: 10 }), (all) => {
        const batch = createColumnBatch();
        const accepted: Sent[] = [];
        for (const sent of all) {
          const before = { items: batch.items, bytes: batch.bytes };
          const outcome = append(batch, sent);
          if (outcome.kind === 'malformed' || outcome.accepted === 0)
            expect({ items: batch.items, bytes: batch.bytes }).toEqual(before);
          if (outcome.kind === 'malformed') refused++;
          else accepted.push(sent);
        }
        const alone = createColumnBatch();
        for (const sent of accepted) append(alone, sent);
        expect(alone.items).toBe(batch.items);
        expect(digest(alone)).toEqual(digest(batch));
      }),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it.each(signals)('each byte of a request for %s changed, one at a time', (of) => {
    // Unlike a cut, a changed byte deep inside leaves the lengths around it true: the decoder is far in when it finds out.
    const { body } = encode(of, 'protobuf', everyField[of]);
    const good: Sent = { signal: of, encoding: 'protobuf', body };
    const [hurt, alone] = [createColumnBatch(), createColumnBatch()];
    append(alone, good);
    const expected = digest(alone);
    const outcomes = new Set<string>();
    for (let at = 0; at < body.length; at++) {
      for (const byte of [0x0b, 0xff]) {
        const changed = { ...good, body: body.with(at, byte) };
        const outcome = append(hurt, changed);
        append(hurt, good);
        if (outcome.kind === 'malformed') expect(digest(hurt), `byte ${at} = ${byte}`).toEqual(expected);
        else {
          append(alone, changed);
          append(alone, good);
          expect(digest(hurt), `byte ${at} = ${byte}`).toEqual(digest(alone));
        }
        outcomes.add(outcome.kind);
      }
    }
    expect([...outcomes].toSorted()).toEqual(['appended', 'malformed']);
  });

  it('what was taken from it is a table to ClickHouse', () => {
    const batch = createColumnBatch();
    for (const sent of fc.sample(fc.oneof(legal, mutated, noise), 400)) append(batch, sent);
    const { items } = batch;
    const rows = reader.rows(batch);
    const held = (
      ['spans', 'logs', 'metric_samples', 'metric_histograms', 'metric_exponential_histograms', 'metric_summaries'] as const
    )
      .map((table) => rows[table]?.length ?? 0)
      .reduce((sum, count) => sum + count, 0);
    expect(held).toBe(items);
    expect(items).toBeGreaterThan(100);
  });

  it('a batch that was taken starts empty, whatever it held', () => {
    const [used, fresh] = [createColumnBatch(), createColumnBatch()];
    for (const sent of fc.sample(fc.oneof(legal, mutated), 60)) append(used, sent);
    used.take();
    expect(used.bytes).toBe(fresh.bytes);
    for (const sent of fc.sample(legal, { numRuns: 20, seed: 7 })) {
      append(used, sent);
      append(fresh, sent);
    }
    expect(digest(used)).toEqual(digest(fresh));
  });
});

describe('bytes that were made to hurt', () => {
  it.each([
    ['a length beyond the end', [0x0a, 0x7f]],
    ['a length of 2^32 - 1', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a length beyond 32 bits', [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a group', [0x0b, 0x0c]],
    ['wire type 6', [0x0e]],
    ['wire type 7', [0x0f]],
    ['field number 0', [0x00, 0x00]],
    ['a varint of 11 bytes', [0x10, ...Array.from({ length: 10 }, () => 0x80), 0x01]],
    ['a varint that does not end', [0x10, 0x80]],
    ['a fixed64 cut short', [0x11, 1, 2, 3]],
    ['a field that passes the end of its message', [0x0a, 0x02, 0x12, 0x05, 0x52, 0x03, 0, 0, 0]],
  ])('%s is malformed', (_, bytes) => {
    expect(protobuf(bytes)).toEqual({ kind: 'malformed', message: expect.stringMatching(/byte \d+$/) });
  });

  it.each([
    ['a varint of 10 bytes', [0x10, ...Array.from({ length: 9 }, () => 0xff), 0x01]],
    ['unknown fields of each wire type', [0x50, 1, 0x51, 1, 2, 3, 4, 5, 6, 7, 8, 0x52, 1, 0, 0x55, 1, 2, 3, 4]],
    ['nothing at all', []],
  ])('%s is legal', (_, bytes) => {
    expect(protobuf(bytes)).toEqual({ kind: 'appended', accepted: 0, rejected: 0, reason: '' });
  });

  it.each([
    ['logs', Buffer.alloc(0)],
    // Metric { gauge { NumberDataPoint } }
    ['metrics', delimited(0x2a, delimited(0x0a, Buffer.alloc(0)))],
  ] as const)('the fields of %s come in any order', (of, item) => {
    const resource = delimited(0x0a, Buffer.from([0x10, 3]));
    const scope = delimited(0x0a, delimited(0x0a, Buffer.from('the scope')));
    const schemaUrl = delimited(0x1a, Buffer.from('https://example.org/1'));
    const items = [delimited(0x12, item), delimited(0x12, item)];
    const stored = (scopeGroup: Buffer[], order: (group: Buffer) => Buffer[]): string[] => {
      const batch = createColumnBatch();
      const group = Buffer.concat(order(delimited(0x12, Buffer.concat(scopeGroup))));
      expect(append(batch, { signal: of, encoding: 'protobuf', body: delimited(0x0a, group) })).toMatchObject({ accepted: 2 });
      return digest(batch);
    };
    const usual = stored([scope, ...items, schemaUrl], (group) => [resource, group, schemaUrl]);
    for (const scopeGroup of [
      [...items, schemaUrl, scope],
      [schemaUrl, ...items, scope],
      [schemaUrl, scope, ...items],
    ]) {
      expect(stored(scopeGroup, (group) => [schemaUrl, group, resource])).toEqual(usual);
    }
    expect(stored([scope, ...items], (group) => [resource, group, schemaUrl])).not.toEqual(usual);
    expect(stored([...items, schemaUrl], (group) => [resource, group, schemaUrl])).not.toEqual(usual);
  });

  it('more elements than the limit: the items beyond it are rejected, those before are stored', () => {
    const batch = createColumnBatch();
    const records = Buffer.alloc(2 * (limits.elementsPerRequestMax + 3), Buffer.from([0x12, 0x00]));
    const outcome = batch.append('logs', 'protobuf', delimited(0x0a, delimited(0x12, records)), receivedAtMs);
    expect(outcome).toEqual({
      kind: 'appended',
      accepted: limits.elementsPerRequestMax,
      rejected: 3,
      reason: expect.stringContaining(String(limits.elementsPerRequestMax)),
    });
    expect(batch.take().map(({ table, rows }) => [table, rows])).toEqual([
      ['resources', 1],
      ['logs', limits.elementsPerRequestMax],
    ]);
  });

  it('a span with more events than the limit is rejected without holding them', () => {
    const batch = createColumnBatch();
    const { body } = encode('traces', 'protobuf', {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: new Uint8Array(16).fill(1),
                  spanId: new Uint8Array(8).fill(1),
                  events: Array.from({ length: limits.elementsPerRequestMax }, () => ({})),
                },
                { traceId: new Uint8Array(16).fill(2), spanId: new Uint8Array(8).fill(2) },
              ],
            },
          ],
        },
      ],
    });
    expect(batch.append('traces', 'protobuf', body, receivedAtMs)).toMatchObject({ accepted: 1, rejected: 1 });
    expect(batch.bytes).toBeLessThan(100_000);
  });

  it('large scope attributes count for each row in which they are repeated', () => {
    const { body } = encode('logs', 'protobuf', {
      resourceLogs: [
        {
          scopeLogs: [
            {
              scope: { attributes: [{ key: 'k', value: { stringValue: 'x'.repeat(1_000_000) } }] },
              logRecords: Array.from({ length: 1_000 }, () => ({})),
            },
          ],
        },
      ],
    });
    const batch = createColumnBatch();
    expect(batch.append('logs', 'protobuf', body, receivedAtMs)).toMatchObject({
      kind: 'appended',
      accepted: 63,
      rejected: 937,
    });
    expect(batch.bytes).toBeLessThan(70_000_000);
  });
});
