/**
 * OTLP/HTTP as the specification has it (1.11), against the real process and, for what was stored, the real database. Requests are
 * made and answers are read by OpenTelemetry's own serializers, and by protobufjs where those have none.
 */
import { rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Encoding, Signal } from '@sonde/otlp';
import { type Engine, openEngine } from '@sonde/store';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorEnv, collectorFolder, collectorMain } from '../fixtures/collector.ts';
import { type Started, startProcess } from '../fixtures/process.ts';
import { officialCodecs } from './official-requests.ts';

const signals: readonly Signal[] = ['traces', 'metrics', 'logs'];
const encodings: readonly Encoding[] = ['protobuf', 'json'];
const contentTypes: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };
const MiB = 1024 ** 2;

const StatusMessage = protobuf
  .parse('syntax = "proto3"; message Status { int32 code = 1; string message = 2; }')
  .root.lookupType('Status');

let dataDir: string;
let collector: Started;
let url: string;
/** Markers of requests that were answered 200, and of those that were refused. */
const accepted = new Set<string>();
const refused = new Set<string>();
let markers = 0;

beforeAll(async () => {
  dataDir = await collectorFolder('conformance');
  const env = {
    SONDE_DATA_DIR: dataDir,
    ...collectorEnv,
  };
  collector = await startProcess([collectorMain], env);
  url = String(collector.ready['otlpHttp']);
});
afterAll(async () => {
  if (collector.child.exitCode === null) await collector.stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

function send(path: string, method: string, headers: Record<string, string>, body?: Uint8Array): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject).end(body);
  });
}

function post(signal: Signal, contentType: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<Reply> {
  return send(`/v1/${signal}`, 'POST', { 'content-type': contentType, ...headers }, body);
}

async function good(signal: Signal, encoding: Encoding, expectation: Set<string>): Promise<Uint8Array> {
  const marker = `${signal}-${encoding}-${++markers}`;
  expectation.add(marker);
  return await officialCodecs[signal][encoding].encode(marker);
}

/** The answer is a google.rpc.Status in the encoding. */
function expectStatus(reply: Reply, status: number, encoding: Encoding): void {
  expect({ status: reply.status, type: reply.headers['content-type'] }).toEqual({ status, type: contentTypes[encoding] });
  const { code, message } =
    encoding === 'json' ? JSON.parse(reply.body.toString()) : StatusMessage.toObject(StatusMessage.decode(reply.body));
  expect(code).toBeGreaterThan(0);
  expect(message).toMatch(/\w/);
}

const cases = signals.flatMap((signal) => encodings.map((encoding) => ({ signal, encoding, type: contentTypes[encoding] })));

describe.each(cases)('$signal as $encoding', ({ signal, encoding, type }) => {
  test.each(['none', 'gzip'] as const)('accepted, encoding %s', async (packing) => {
    const body = await good(signal, encoding, accepted);
    const reply =
      packing === 'gzip'
        ? await post(signal, type, gzipSync(body), { 'content-encoding': 'gzip' })
        : await post(signal, type, body);
    expect({ status: reply.status, type: reply.headers['content-type'] }).toEqual({ status: 200, type });
    expect(officialCodecs[signal][encoding].decodeResponse(reply.body).partialSuccess ?? {}).toEqual({});
    expect(reply.body.toString()).toBe(encoding === 'json' ? '{}' : '');
  });

  test('a content type in another case, with a charset', async () => {
    const body = await good(signal, encoding, accepted);
    const reply = await post(signal, `${type.toUpperCase()}; charset=UTF-8`, body);
    expect({ status: reply.status, type: reply.headers['content-type'] }).toEqual({ status: 200, type });
  });

  test('an empty request is a success', async () => {
    const empty = Buffer.from(encoding === 'json' ? '{}' : '');
    for (const body of [empty, gzipSync(empty)]) {
      const reply = await post(signal, type, body, body === empty ? {} : { 'content-encoding': 'gzip' });
      expect({ status: reply.status, body: reply.body.toString() }).toEqual({
        status: 200,
        body: encoding === 'json' ? '{}' : '',
      });
    }
  });

  test('cut short: 400', async () => {
    const body = await good(signal, encoding, refused);
    for (const length of [1, 5, Math.floor(body.length / 2), body.length - 1]) {
      expectStatus(await post(signal, type, body.subarray(0, length)), 400, encoding);
    }
  });

  test('gzip cut short, and gzip that is none: 400', async () => {
    const packed = gzipSync(await good(signal, encoding, refused));
    expectStatus(await post(signal, type, packed.subarray(0, -9), { 'content-encoding': 'gzip' }), 400, encoding);
    expectStatus(await post(signal, type, Buffer.from('plain'), { 'content-encoding': 'gzip' }), 400, encoding);
  });

  test('another packing: 415', async () => {
    const body = await good(signal, encoding, refused);
    for (const packing of ['br', 'deflate', 'zstd', 'gzip, gzip', 'x']) {
      expectStatus(await post(signal, type, body, { 'content-encoding': packing }), 415, encoding);
    }
  });

  test('another method: 405', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const reply = await send(`/v1/${signal}`, method, { 'content-type': type });
      expectStatus(reply, 405, encoding);
      expect(reply.headers['allow']).toBe('POST');
    }
  });

  test('over 64 MiB as it is sent, and as it unpacks: 413', async () => {
    expectStatus(await post(signal, type, Buffer.alloc(64 * MiB + 1)), 413, encoding);
    const bomb = gzipSync(Buffer.alloc(64 * MiB + 1));
    expect(bomb.length).toBeLessThan(70_000);
    expectStatus(await post(signal, type, bomb, { 'content-encoding': 'gzip' }), 413, encoding);
  });
});

function spanOf(traceId: string, spanId: string, marker: string) {
  const attributes = [{ key: 'test.marker', value: { stringValue: marker } }];
  return { traceId, spanId, name: 'GET /', attributes };
}

describe('every signal', () => {
  test.each(signals)('%s as anything else: 415', async (signal) => {
    const body = await good(signal, 'json', refused);
    for (const type of ['text/plain', 'application/octet-stream', 'application/json-seq', 'application/protobuf', '']) {
      expectStatus(await post(signal, type, body), 415, 'json');
    }
    expectStatus(await send(`/v1/${signal}`, 'POST', {}, body), 415, 'json');
  });

  test('another path: 404', async () => {
    for (const path of ['/', '/v1', '/v1/traces/', '/v1/profiles', '/V1/traces', '/api/v1/health']) {
      expectStatus(await send(path, 'POST', { 'content-type': contentTypes.protobuf }, Buffer.alloc(0)), 404, 'protobuf');
    }
  });

  test('what cannot be stored is counted in the answer, and its neighbours are stored', async () => {
    const body = {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                spanOf('0'.repeat(32), 'eee19b7ec3c1b174', 'no-trace-id'),
                spanOf('5B8EFFF798038103D269B633813FC60C', 'EEE19B7EC3C1B174', 'neighbour'),
                spanOf('5b8efff798038103d269b633813fc60c', '0'.repeat(16), 'no-span-id'),
              ],
            },
          ],
        },
      ],
    };
    const reply = await post('traces', contentTypes.json, Buffer.from(JSON.stringify(body)));
    expect(reply.status).toBe(200);
    const answer = JSON.parse(reply.body.toString());
    expect(answer).toEqual({ partialSuccess: { rejectedSpans: '2', errorMessage: expect.stringMatching(/\w/) } });
    accepted.add('neighbour');
    refused.add('no-trace-id').add('no-span-id');
  });

  test('keys that JavaScript finds special are unknown fields like any other', async () => {
    const marker = 'special-keys';
    const span = `{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b175","name":"n","__proto__":{"a":[1,{"b":2}]},
      "constructor":{"prototype":{}},"attributes":[{"key":"test.marker","value":{"stringValue":"${marker}"}},{"key":"__proto__","value":{"stringValue":"kept"}}]}`;
    const body = `{"__proto__":{},"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}],"unknown":null}`;
    expect((await post('traces', contentTypes.json, Buffer.from(body))).status).toBe(200);
    accepted.add(marker);
  });

  test('a Content-Length that lies is answered or dropped, and the server stays up', async () => {
    const { hostname, port } = new URL(url);
    const raw = (head: string, body: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), hostname);
        let text = '';
        socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
        socket.on('close', () => resolve(text)).on('error', () => resolve(text));
        socket.end(`POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${head}\r\n\r\n${body}`);
      });
    expect(await raw('Content-Length: 500', '{}')).not.toContain('200 OK');
    expect(await raw(`Content-Length: ${10 * 1024 * MiB}`, '{}')).toContain('413');
    expect(await raw('Content-Length: -1', '{}')).toContain('400');
    // What follows the body is the next request, and that is none.
    expect(await raw('Content-Length: 2', '{}trailing')).toMatch(/^HTTP\/1.1 (200|400) /);
    expect((await post('traces', contentTypes.json, Buffer.from('{}'))).status).toBe(200);
  });
});

test('what was answered 200 is in the database once, and what was refused is not', async () => {
  expect(await collector.stop()).toBe(0);
  const engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
  try {
    const stored = await storedMarkers(engine);
    expect(stored.toSorted((a, b) => a.localeCompare(b))).toEqual([...accepted].toSorted((a, b) => a.localeCompare(b)));
    expect(stored.filter((marker) => refused.has(marker))).toEqual([]);
    expect(accepted.size).toBeGreaterThan(18);
  } finally {
    await engine.close();
  }
});

async function storedMarkers(engine: Engine): Promise<string[]> {
  const budget = { timeMs: 10_000, memoryBytes: 1e9, rowsMax: 1e7 };
  const rows = await engine.query<{ marker: string }>(
    `SELECT attributes['test.marker'] AS marker FROM spans
     UNION ALL SELECT attributes['test.marker'] FROM logs
     UNION ALL SELECT series.attributes['test.marker'] FROM metric_samples
       JOIN (SELECT DISTINCT series_id, attributes FROM metric_series) AS series USING series_id`,
    {},
    budget,
  );
  return rows.map((row) => row.marker);
}
