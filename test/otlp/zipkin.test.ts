import { createColumnBatch } from '@sonde/otlp';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { NativeReader, type Row } from './read-back.ts';
import { type ExpectedSpan, expectedSpans, type ZipkinSpan } from './zipkin-model.ts';

const reader = new NativeReader();
afterAll(() => reader.close());

const receivedAtMs = 1_763_700_000_123;

function append(body: string | Uint8Array, batch = createColumnBatch()) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return { batch, outcome: batch.append('traces', 'zipkin-json', bytes, receivedAtMs) };
}

function storedSpan(row: Row): ExpectedSpan {
  const types = String(row['attribute_types']);
  const times = row['events_timestamp'] as string[];
  const names = row['events_name'] as string[];
  return {
    traceId: String(row['trace_id']),
    spanId: String(row['span_id']),
    parentSpanId: String(row['parent_span_id']),
    service: String(row['service']),
    name: String(row['name']),
    kind: Number(row['kind']),
    startNs: String(row['timestamp']),
    durationNs: String(row['duration_ns']),
    statusCode: Number(row['status_code']),
    statusMessage: String(row['status_message']),
    attributes: (row['attributes'] as [string, string][]).map(([key, value], i) => `${key}=${value}:${types[i]}`).toSorted(),
    events: times.map((time, i) => `${time} ${names[i]}`),
  };
}

/** What the batch holds, in the order of the request. */
function stored(batch: ReturnType<typeof createColumnBatch>): ExpectedSpan[] {
  return (reader.rows(batch).spans ?? []).map(storedSpan);
}

const traceId = '5b8efff798038103d269b633813fc60c';
const id = 'eee19b7ec3c1b174';

/** One span with these members besides its ids, as text: JSON.stringify could not write some of them. */
function withMembers(members: string): string {
  return `[{"traceId":"${traceId}","id":"${id}"${members === '' ? '' : `,${members}`}}]`;
}

/** Ids that are legal for Zipkin: 1 to n hex digits in any case, not all zero. */
function hexId(digits: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEF')), minLength: 1, maxLength: digits })
    .map((text) => (/^0*$/.test(text) ? '1' : text));
}

const text = fc
  .oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', '"\\\n', '\u2028', '😀', 'x'.repeat(300)))
  // A lone surrogate is no text: it becomes U+FFFD, which the model does not know.
  .map((value) => Buffer.from(value).toString().replaceAll('\0', '0'));
const orNothing = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });
const micros = fc.oneof(fc.nat({ max: 4_000_000_000_000_000 }), fc.nat({ max: 4_000_000_000_000_000 }).map(String));
const endpoint = fc.record(
  {
    serviceName: orNothing(fc.oneof(fc.constantFrom('web', 'cart'), text)),
    ipv4: orNothing(fc.ipV4()),
    ipv6: orNothing(fc.ipV6()),
    port: orNothing(fc.nat(65_535)),
  },
  { requiredKeys: [] },
);
const tagValue = fc.oneof(text, text, fc.boolean(), fc.constantFrom('true', 'false', '', 'OK', 'ERROR', null));
const legalSpan: fc.Arbitrary<ZipkinSpan> = fc.record(
  {
    traceId: hexId(32),
    id: hexId(16),
    parentId: orNothing(hexId(16)),
    kind: orNothing(fc.constantFrom('CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER', 'client', 'LOCAL')),
    name: orNothing(text),
    timestamp: orNothing(micros),
    duration: orNothing(micros),
    localEndpoint: orNothing(endpoint),
    remoteEndpoint: orNothing(endpoint),
    annotations: orNothing(
      fc.array(fc.record({ timestamp: orNothing(micros), value: orNothing(text) }, { requiredKeys: [] }), { maxLength: 4 }),
    ),
    tags: orNothing(
      fc.dictionary(fc.oneof(text, fc.constantFrom('error', 'otel.status_code', 'http.status_code', '__proto__')), tagValue, {
        maxKeys: 6,
      }),
    ),
    debug: orNothing(fc.boolean()),
    shared: orNothing(fc.boolean()),
  },
  { requiredKeys: ['traceId', 'id'] },
);
const legalList = fc.array(legalSpan, { maxLength: 8 });

describe('a list of Zipkin spans', () => {
  it('is stored as a slow reading of it says, whatever the spans', () => {
    const lists = fc.sample(legalList, { numRuns: 400, seed: 20 });
    const batch = createColumnBatch();
    for (const list of lists) {
      const { outcome } = append(JSON.stringify(list), batch);
      expect(outcome).toEqual({ kind: 'appended', accepted: list.length, rejected: 0, reason: '' });
    }
    const expected = lists.flatMap((list) => expectedSpans(list, receivedAtMs));
    expect(stored(batch)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(1_000);
  });

  it('loses nothing to how it is written: blanks, escapes, order of members, unknown ones', () => {
    const { batch, outcome } = append(
      `\uFEFF [ {"tags" : {"\\u0061" : "\\u00e9\\n\\/"} , "unknown":{"deep":[[[{}]]]},"name":"\\u0067et", "__proto__":{"id":"1"},
        "constructor":null,"id":"${id.toUpperCase()}","trace\\u0049d":"A1" } ] `,
    );
    expect(outcome).toMatchObject({ kind: 'appended', accepted: 1 });
    expect(stored(batch)).toEqual(expectedSpans([{ traceId: 'a1', id, name: 'get', tags: { a: 'é\n/' } }], receivedAtMs));
  });

  it('keeps services apart that follow each other, and lone spans without one', () => {
    const services = ['a', 'a', undefined, 'b', 'a', undefined, undefined, 'ab', '\u00e9', 'b'];
    const list = services.map((serviceName, i) => ({
      traceId,
      id: String(i + 1),
      ...(serviceName !== undefined && { localEndpoint: { serviceName } }),
    }));
    const { batch } = append(JSON.stringify(list));
    const rows = reader.rows(batch);
    expect(rows.spans?.map((row) => row['service'])).toEqual(services.map((name) => name ?? 'unknown_service'));
    expect(rows.resources?.length).toBe(5);
  });

  it('numbers and booleans in tags are kept digit by digit', () => {
    const { batch } = append(
      withMembers(`"timestamp":1,"tags":{"big":123456789012345678901234567890.10,"yes":true,"no":false,"none":null}`),
    );
    expect(stored(batch)[0]?.attributes).toEqual(['big=123456789012345678901234567890.10:s', 'no=false:s', 'yes=true:s']);
  });

  it('a span without a start gets the earliest time of its list, or of its arrival, and says so', () => {
    const { batch } = append(
      `[{"traceId":"1","id":"1","duration":7},{"traceId":"1","id":"2","timestamp":2000,"annotations":[{"timestamp":1500}]},
        {"traceId":"1","id":"3","timestamp":0}]`,
    );
    append(`[{"traceId":"1","id":"4","duration":7}]`, batch);
    expect(stored(batch).map(({ startNs, durationNs, attributes }) => [startNs, durationNs, ...attributes])).toEqual([
      ['1500000', '7000', 'zipkin.timestamp_absent=true:b'],
      ['2000000', '0'],
      ['1500000', '0', 'zipkin.timestamp_absent=true:b'],
      [`${receivedAtMs}000000`, '7000', 'zipkin.timestamp_absent=true:b'],
    ]);
  });

  it('times are exact to the microsecond, up to the last that nanoseconds hold', () => {
    const last = 9_223_372_036_854_775n;
    const { batch } = append(withMembers(`"timestamp":${last},"duration":0`));
    expect(stored(batch)[0]?.startNs).toBe(`${last}000`);
  });

  it.each([
    ['a trace id of zeros', `[{"traceId":"000","id":"${id}"}]`, 'trace_id'],
    ['no trace id', `[{"id":"${id}"}]`, 'trace_id'],
    ['a trace id of 33 digits', `[{"traceId":"${'1'.repeat(33)}","id":"${id}"}]`, 'trace_id'],
    ['a trace id that is not hex', `[{"traceId":"xyz","id":"${id}"}]`, 'trace_id'],
    ['no span id', `[{"traceId":"${traceId}"}]`, 'span_id'],
    ['a span id of 17 digits', `[{"traceId":"${traceId}","id":"${'1'.repeat(17)}"}]`, 'span_id'],
    ['a parent that is not hex', withMembers('"parentId":"parent"'), 'parent_span_id'],
    ['a time after 2262', withMembers('"timestamp":9223372036854776'), '2262'],
    ['a time of 2^64 - 1 microseconds', withMembers('"timestamp":18446744073709551615'), '2262'],
    ['an end after 2262', withMembers('"timestamp":9223372036854775,"duration":18446744073709551615'), '2262'],
    ['an annotation after 2262', withMembers('"annotations":[{"timestamp":18446744073709551615}]'), '2262'],
  ])('%s: that span is rejected, its neighbours are stored', (_, list, reason) => {
    const neighbour = `{"traceId":"${traceId}","id":"1"}`;
    const { batch, outcome } = append(`[${neighbour},${list.slice(1, -1)},${neighbour}]`);
    expect(outcome).toEqual({ kind: 'appended', accepted: 2, rejected: 1, reason: expect.stringContaining(reason) });
    expect(stored(batch).length).toBe(2);
  });

  it.each([
    ['nothing', ''],
    ['an object', '{}'],
    ['a list that does not end', '[{'],
    ['something behind the list', '[] x'],
    ['a span that is no object', '[1]'],
    ['a bare number as an id', `[{"traceId":12345678901234567890,"id":"${id}"}]`],
    ['a text as a time', withMembers('"timestamp":"soon"')],
    ['a fraction of a microsecond', withMembers('"timestamp":1.5')],
    ['a negative time', withMembers('"duration":-1')],
    ['a time beyond 64 bits', withMembers('"timestamp":18446744073709551616')],
    ['an object as a tag', withMembers('"tags":{"a":{}}')],
    ['a list as tags', withMembers('"tags":[]')],
    ['an object as annotations', withMembers('"annotations":{}')],
    ['a text as an endpoint', withMembers('"localEndpoint":"web"')],
    ['a number as a service name', withMembers('"localEndpoint":{"serviceName":1}')],
    ['a text as a flag', withMembers('"shared":"true"')],
    ['an object as a name', withMembers('"name":{}')],
    ['a raw control character', withMembers('"name":"\n"')],
    ['an escape that JSON does not have', withMembers('"name":"\\x"')],
    ['100,000 open brackets', '['.repeat(100_000)],
    ['100,000 open brackets in a tag', withMembers(`"tags":{"a":${'['.repeat(100_000)}`)],
  ])('%s is malformed', (_, body) => {
    const { batch, outcome } = append(body);
    expect(outcome).toEqual({ kind: 'malformed', message: expect.stringMatching(/byte \d+$/) });
    expect(batch.items).toBe(0);
  });

  it('an unknown member may be as deep as it likes', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(append(withMembers(`"unknown":${deep}`)).outcome).toMatchObject({ kind: 'appended', accepted: 1 });
  });

  it('an empty list is a success', () => {
    expect(append('[]').outcome).toEqual({ kind: 'appended', accepted: 0, rejected: 0, reason: '' });
  });

  it('changed bytes give rows or malformed, never anything else, and never hurt the next list', () => {
    let malformed = 0;
    const good = JSON.stringify([{ traceId, id, name: 'good' }]);
    fc.assert(
      fc.property(
        legalList,
        fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'insert', 'remove', 'cut')), {
          minLength: 1,
          maxLength: 4,
        }),
        (list, changes) => {
          let bytes = [...Buffer.from(JSON.stringify(list))];
          for (const [where, byte, how] of changes) {
            const at = where % (bytes.length + 1);
            if (how === 'set') bytes[at] = byte;
            else if (how === 'insert') bytes.splice(at, 0, byte);
            else if (how === 'remove') bytes.splice(at, 1 + (byte % 8));
            else bytes = bytes.slice(0, at);
          }
          const { batch, outcome } = append(Uint8Array.from(bytes));
          if (outcome.kind === 'malformed') {
            malformed++;
            expect({ items: batch.items, bytes: batch.bytes }).toEqual({ items: 0, bytes: createColumnBatch().bytes });
          } else expect(batch.items).toBe(outcome.accepted);
          expect(append(good, batch).outcome).toMatchObject({ accepted: 1 });
        },
      ),
      { numRuns: 1_000 },
    );
    expect(malformed).toBeGreaterThan(300);
  });
});
