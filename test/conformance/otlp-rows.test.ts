/**
 * The rows of the OTLP contract (specification 1.11) that concern what is inside a request, each as a table over encoding, packing and
 * signal, against the real process and the real database. otlp-http.test.ts has what concerns the request as a whole. Requests are made
 * by protobufjs; JSON is written from the same objects.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Encoding, Signal } from '@sonde/otlp';
import { type Engine, openEngine } from '@sonde/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorEnv, collectorFolder, collectorMain } from '../fixtures/collector.ts';
import { type Started, startProcess } from '../fixtures/process.ts';
import { requests } from '../otlp/otlp-proto.ts';
import { toOtlpJson } from '../otlp/to-otlp-json.ts';
import { officialCodecs } from './official-requests.ts';

const MiB = 1024 ** 2;
const contentTypes: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };
const cases = (['traces', 'metrics', 'logs'] as const).flatMap((signal) =>
  (['protobuf', 'json'] as const).flatMap((encoding) =>
    (['none', 'gzip'] as const).map((packing) => ({ signal, encoding, packing, name: `${signal}-${encoding}-${packing}` })),
  ),
);
type Case = (typeof cases)[number];

const int64Max = '9223372036854775807';
const int64Min = '-9223372036854775808';
const traceId = Buffer.from('ab8efff798038103d269b633813fc60c', 'hex');
const spanId = Buffer.from('eee19b7ec3c1b174', 'hex');
const time = '1763700000123456789';
const beyond2262 = '9300000000000000000';
/** Bits 10 to 31: reserved, and to be kept. */
const reservedFlags = 0xff_ff_fc_00;

/** Attribute values that are legal and easily lost; what is stored of each, as key, text and letter. */
const peculiar: readonly (readonly [key: string, value: object, text: string, letter: string])[] = [
  ['duplicate', { stringValue: 'first' }, 'first', 's'],
  ['duplicate', { stringValue: 'second' }, 'second', 's'],
  ['', { stringValue: 'no key' }, 'no key', 's'],
  ['empty', {}, '', 'e'],
  ['empty text', { stringValue: '' }, '', 's'],
  ['bytes', { bytesValue: Buffer.from([0, 255, 254]) }, 'AP/+', 'x'],
  ['array', { arrayValue: { values: [{ stringValue: 'a' }, { intValue: int64Max }, {}] } }, `["a",${int64Max},null]`, 'j'],
  ['empty array', { arrayValue: { values: [] } }, '[]', 'j'],
  [
    'kvlist',
    {
      kvlistValue: {
        values: [
          { key: 'k', value: { boolValue: true } },
          { key: 'k', value: { boolValue: false } },
        ],
      },
    },
    '{"k":true,"k":false}',
    'j',
  ],
  ['largest', { intValue: int64Max }, int64Max, 'i'],
  ['smallest', { intValue: int64Min }, int64Min, 'i'],
  ['not a number', { doubleValue: NaN }, 'NaN', 'd'],
  ['infinite', { doubleValue: Infinity }, 'Infinity', 'd'],
  ['minus infinite', { doubleValue: -Infinity }, '-Infinity', 'd'],
  ['__proto__', { boolValue: true }, 'true', 'b'],
];

let dataDir: string;
let collector: Started;

beforeAll(async () => {
  dataDir = await collectorFolder('rows');
  collector = await startProcess([collectorMain], {
    SONDE_DATA_DIR: dataDir,
    ...collectorEnv,
    SONDE_SPOOL_MAX_BYTES: String(16 * MiB),
  });
});
afterAll(async () => {
  if (collector.child.exitCode === null) await collector.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** The request with these items, one scope each: spans, log records, or number data points of a gauge. */
function request(signal: Signal, items: readonly object[]): object {
  if (signal === 'traces') return { resourceSpans: [{ scopeSpans: items.map((item) => ({ spans: [item] })) }] };
  if (signal === 'logs') return { resourceLogs: [{ scopeLogs: items.map((item) => ({ logRecords: [item] })) }] };
  return {
    resourceMetrics: [{ scopeMetrics: items.map((item) => ({ metrics: [{ name: 'm', gauge: { dataPoints: [item] } }] })) }],
  };
}

/** An item that is legal, with an attribute that says which it is. */
function legalItem(signal: Signal, name: string, attributes: readonly object[] = []): object {
  const named = [{ key: 'test.case', value: { stringValue: name } }, ...attributes];
  const shared = { attributes: named, flags: reservedFlags };
  if (signal === 'traces') return { ...shared, traceId, spanId, startTimeUnixNano: time, endTimeUnixNano: time };
  if (signal === 'logs') return { ...shared, traceId, spanId, timeUnixNano: time };
  return { ...shared, timeUnixNano: time, asInt: int64Max };
}

/** JSON has bare 64-bit integers and ids in upper case: what a sender may do and a careless reader gets wrong. */
function encode({ signal, encoding }: Case, message: object): Uint8Array {
  const type = requests[signal];
  const made = type.fromObject(message);
  if (encoding === 'protobuf') return type.encode(made).finish();
  const text = toOtlpJson(type.toObject(made, { longs: String }), true);
  return Buffer.from(
    text.replace(/("(?:traceId|spanId)": )"([0-9a-f]+)"/g, (_, key: string, id: string) => `${key}"${id.toUpperCase()}"`),
  );
}

function post({ signal, encoding, packing }: Case, body: Uint8Array): Promise<Response> {
  const isPacked = packing === 'gzip';
  return fetch(`${collector.ready['otlpHttp']}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': contentTypes[encoding], ...(isPacked && { 'content-encoding': 'gzip' }) },
    body: new Blob([isPacked ? gzipSync(body) : Buffer.from(body)]),
  });
}

/** What an official reader finds in an answer 200: how many items were rejected. */
async function rejectedIn({ signal, encoding }: Case, answer: Promise<Response>): Promise<number> {
  const response = await answer;
  expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({
    status: 200,
    type: contentTypes[encoding],
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  // Responses are limited to 4 MiB; nothing of a request is repeated in them.
  expect(bytes.length).toBeLessThan(1_000);
  const partialSuccess: Readonly<Record<string, unknown>> | undefined =
    officialCodecs[signal][encoding].decodeResponse(bytes).partialSuccess;
  if (partialSuccess === undefined) return 0;
  expect(partialSuccess['errorMessage']).toMatch(/\w/);
  return Number(
    partialSuccess['rejectedSpans'] ?? partialSuccess['rejectedDataPoints'] ?? partialSuccess['rejectedLogRecords'],
  );
}

describe.each(cases)('$signal as $encoding, packing $packing', (of) => {
  const { encoding, name, signal } = of;

  test('values that are easily lost are accepted', async () => {
    const attributes = peculiar.map(([key, value]) => ({ key, value }));
    expect(await rejectedIn(of, post(of, encode(of, request(signal, [legalItem(signal, name, attributes)]))))).toBe(0);
  });

  test('what cannot be stored is counted, its neighbours are stored, and the answer stays small', async () => {
    const timeField = signal === 'traces' ? 'startTimeUnixNano' : 'timeUnixNano';
    const large = { key: 'large', value: { stringValue: 'x'.repeat(5 * MiB) } };
    const late = { ...legalItem(signal, `${name}-late`, [large]), [timeField]: beyond2262 };
    const items = [legalItem(signal, `${name}-before`), late, late, legalItem(signal, `${name}-after`)];
    expect(await rejectedIn(of, post(of, encode(of, request(signal, items))))).toBe(2);
  });

  test('ids that are none: a span is rejected, a log record belongs to no trace', async () => {
    const ids = [
      { traceId: Buffer.alloc(16) },
      { spanId: Buffer.alloc(8) },
      { traceId: traceId.subarray(1) },
      { spanId: traceId },
    ];
    const items = ids.map((id, i) => ({ ...legalItem(signal, `${name}-id-${i}`), ...id }));
    expect(await rejectedIn(of, post(of, encode(of, request(signal, items))))).toBe(signal === 'traces' ? ids.length : 0);
  });

  test('a full spool: 503, and when to try again', async () => {
    // Field 15 of the request, or a member of that name: unknown, and larger than the spool.
    const filler = Buffer.alloc(17 * MiB, ' ');
    const body =
      encoding === 'json'
        ? Buffer.concat([Buffer.from('{'), filler, Buffer.from('}')])
        : Buffer.concat([Buffer.from([0x7a, 0x80, 0x80, 0xc0, 0x08]), filler]);
    const response = await post(of, body);
    expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({
      status: 503,
      type: contentTypes[encoding],
    });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test.runIf(encoding === 'json')(
    'names of fields as in the .proto files are unknown, enums as text are malformed',
    async () => {
      const known = Buffer.from(encode(of, request(signal, [legalItem(signal, `${name}-snake`)]))).toString();
      const snake = known.replace(
        /"(resource|scope)(Spans|Logs|Metrics)"/g,
        (_, a: string, b: string) => `"${a}_${b.toLowerCase()}"`,
      );
      expect(await rejectedIn(of, post(of, Buffer.from(snake)))).toBe(0);
      const enums = { traces: ['kind', 'SPAN_KIND_SERVER'], logs: ['severityNumber', 'SEVERITY_NUMBER_INFO'] } as const;
      if (signal === 'metrics') return;
      const [field, word] = enums[signal];
      const named = known.replace('"flags"', `"${field}": "${word}", "flags"`);
      expect((await post(of, Buffer.from(named))).status).toBe(400);
    },
  );
});

interface Stored {
  readonly name: string;
  readonly keys: string[];
  readonly texts: string[];
  readonly letters: string;
  readonly flags: number;
  readonly trace: string;
  readonly span: string;
  readonly value: string;
}

test('what was accepted is stored as it was sent, and nothing else is', async () => {
  expect(await collector.stop()).toBe(0);
  const engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
  try {
    const stored = await storedItems(engine);
    const ids = { trace: traceId.toString('hex'), span: spanId.toString('hex') };
    const none = { trace: '0'.repeat(32), span: '0'.repeat(16) };
    const value = (signal: Signal): string => (signal === 'metrics' ? int64Max : '');
    const plain = (signal: Signal, name: string, found: object): Stored => ({
      name,
      keys: ['test.case'],
      texts: [name],
      letters: 's',
      flags: reservedFlags,
      value: value(signal),
      ...none,
      ...found,
    });
    const expected = cases.flatMap(({ name, signal }) => {
      const found = signal === 'metrics' ? none : ids;
      const noIds = [none, none, none, none];
      const halfIds = [
        { ...ids, trace: none.trace },
        { ...ids, span: none.span },
        { ...ids, trace: none.trace },
        { ...ids, span: none.span },
      ];
      return [
        {
          ...plain(signal, name, found),
          keys: ['test.case', ...peculiar.map(([key]) => key)],
          texts: [name, ...peculiar.map(([, , text]) => text)],
          letters: `s${peculiar.map(([, , , letter]) => letter).join('')}`,
        },
        plain(signal, `${name}-before`, found),
        plain(signal, `${name}-after`, found),
        ...(signal === 'traces'
          ? []
          : (signal === 'logs' ? halfIds : noIds).map((id, i) => plain(signal, `${name}-id-${i}`, id))),
      ];
    });
    const byName = (a: Stored, b: Stored): number => a.name.localeCompare(b.name);
    expect(stored.toSorted(byName)).toEqual(expected.toSorted(byName));
  } finally {
    await engine.close();
  }
});

function storedItems(engine: Engine): Promise<Stored[]> {
  const shown = (ids: string, value: string) => `attributes['test.case'] AS name, mapKeys(attributes) AS keys,
    mapValues(attributes) AS texts, attribute_types AS letters, flags, ${ids}, ${value} AS value`;
  const ids = 'lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span';
  const noIds = `repeat('0', 32) AS trace, repeat('0', 16) AS span`;
  const budget = { timeMs: 10_000, memoryBytes: 1e9, rowsMax: 1e7 };
  return engine.query<Stored>(
    `SELECT ${shown(ids, "''")} FROM spans UNION ALL SELECT ${shown(ids, "''")} FROM logs
     UNION ALL SELECT ${shown(noIds, 'toString(value_int)')} FROM metric_samples
       JOIN (SELECT DISTINCT metric, series_id, attributes, attribute_types FROM metric_series) AS series USING (metric, series_id)`,
    {},
    budget,
  );
}
