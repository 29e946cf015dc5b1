/**
 * OTLP/gRPC as the specification has it (1.11), against the real process and, for what was stored, the real database. The client is
 * grpc-js; requests are made and answers are read by OpenTelemetry's own serializers, and statuses by protobufjs.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CallOptions, Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Signal } from '@sonde/otlp';
import { type Engine, openEngine } from '@sonde/store';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { collectorEnv, collectorFolder, collectorMain } from '../fixtures/collector.ts';
import { type Started, startProcess } from '../fixtures/process.ts';
import { officialCodecs } from './official-requests.ts';

const signals: readonly Signal[] = ['traces', 'metrics', 'logs'];
const MiB = 1024 ** 2;

/** grpc-js's numbers of the message encodings (CompressionAlgorithms). */
const packings = { none: 0, gzip: 2 } as const;
type Packing = keyof typeof packings;
const cases = signals.flatMap((signal) => (['none', 'gzip'] as const).map((packing) => ({ signal, packing })));

const { root } = protobuf.parse(`syntax = "proto3";
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message Any { string type_url = 1; bytes value = 2; }
  message RetryInfo { Duration retry_delay = 1; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }`);

interface Collector extends Started {
  readonly dataDir: string;
}

async function startCollector(settings: Record<string, string> = {}): Promise<Collector> {
  const dataDir = await collectorFolder('grpc');
  const started = await startProcess([collectorMain], { ...collectorEnv, SONDE_DATA_DIR: dataDir, ...settings });
  return { ...started, dataDir };
}

async function remove(collector: Collector): Promise<void> {
  if (collector.child.exitCode === null) await collector.stop();
  await rm(collector.dataDir, { recursive: true, force: true });
}

function pathOf(signal: Signal): string {
  const [name, service] = { traces: ['trace', 'Trace'], metrics: ['metrics', 'Metrics'], logs: ['logs', 'Logs'] }[signal];
  return `/opentelemetry.proto.collector.${name}.v1.${service}Service/Export`;
}

type Send = (path: string, body: Uint8Array, options?: CallOptions, metadata?: Metadata) => Promise<Buffer>;

/** A connection of its own. Rejects with a ServiceError where the call was refused. */
function connect({ ready }: Collector, packing: Packing): Send {
  const client = new Client(new URL(String(ready['otlpGrpc'])).host, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': packings[packing],
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
  });
  onTestFinished(() => client.close());
  return (path, body, options = {}, metadata = new Metadata()) =>
    new Promise((resolve, reject) => {
      const bytes = (message: Uint8Array): Buffer => Buffer.from(message);
      client.makeUnaryRequest(path, bytes, bytes, body, metadata, options, (error, reply) =>
        error ? reject(error) : resolve(reply as Buffer),
      );
    });
}

/** The code, and what the status's details say: the seconds of its RetryInfo, or nothing. */
async function refusalOf(answer: Promise<unknown>): Promise<{ code: string; retrySeconds: number | undefined }> {
  const error = await answer.then(
    () => expect.fail('the call was accepted'),
    (found: unknown) => found as ServiceError,
  );
  expect(error.details).toMatch(/\w/);
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (bytes === undefined) return { code: status[error.code], retrySeconds: undefined };
  const details = root.lookupType('Status').decode(bytes as Buffer) as unknown as {
    code: number;
    message: string;
    details: { typeUrl: string; value: Uint8Array }[];
  };
  expect({ code: details.code, message: details.message }).toEqual({ code: error.code, message: error.details });
  expect(details.details.map(({ typeUrl }) => typeUrl)).toEqual(['type.googleapis.com/google.rpc.RetryInfo']);
  const info = root
    .lookupType('RetryInfo')
    .toObject(root.lookupType('RetryInfo').decode(details.details[0]?.value ?? Buffer.alloc(0)));
  return { code: status[error.code], retrySeconds: Number(info['retryDelay'].seconds) };
}

describe('a running collector', () => {
  let collector: Collector;
  /** Markers of requests that were accepted, and of those that were refused. */
  const accepted = new Set<string>();
  const refused = new Set<string>();
  let markers = 0;

  beforeAll(async () => {
    collector = await startCollector();
  });
  afterAll(() => remove(collector));

  async function good(signal: Signal, expectation: Set<string>): Promise<Uint8Array> {
    const marker = `${signal}-${++markers}`;
    expectation.add(marker);
    return await officialCodecs[signal].protobuf.encode(marker);
  }

  describe.each(cases)('$signal, packing $packing', ({ signal, packing }) => {
    test('accepted: an empty Export response', async () => {
      const send = connect(collector, packing);
      for (let n = 0; n < 3; n++) {
        const reply = await send(pathOf(signal), await good(signal, accepted));
        expect(reply.length).toBe(0);
        expect(officialCodecs[signal].protobuf.decodeResponse(reply).partialSuccess ?? {}).toEqual({});
      }
    });

    test('many at once on one connection', async () => {
      const send = connect(collector, packing);
      const bodies = await Promise.all(Array.from({ length: 300 }, () => good(signal, accepted)));
      await Promise.all(bodies.map((body) => send(pathOf(signal), body)));
    });

    test('an empty request is a success', async () => {
      expect((await connect(collector, packing)(pathOf(signal), Buffer.alloc(0))).length).toBe(0);
    });

    test('cut short: INVALID_ARGUMENT', async () => {
      const send = connect(collector, packing);
      const body = await good(signal, refused);
      for (const length of [1, 5, Math.floor(body.length / 2), body.length - 1]) {
        expect(await refusalOf(send(pathOf(signal), body.subarray(0, length)))).toEqual({
          code: 'INVALID_ARGUMENT',
          retrySeconds: undefined,
        });
      }
    });

    test('over 64 MiB, as it is sent or as it unpacks: RESOURCE_EXHAUSTED, not to be tried again', async () => {
      const send = connect(collector, packing);
      const refusal = await refusalOf(send(pathOf(signal), Buffer.alloc(64 * MiB + 1)));
      expect(refusal).toEqual({ code: 'RESOURCE_EXHAUSTED', retrySeconds: undefined });
      // The connection is as good as before.
      await send(pathOf(signal), await good(signal, accepted));
    });
  });

  test('what cannot be stored is counted in the answer, and its neighbours are stored', async () => {
    const { traces } = officialCodecs;
    const parts = [await good('traces', accepted), await good('traces', refused), await good('traces', accepted)];
    // A span id of eight zeros: field 2 of the span, found by its length behind the 16 bytes of the trace id.
    const broken = Buffer.from(parts[1] as Uint8Array);
    const at = broken.indexOf(Buffer.from([0x12, 0x08]), broken.indexOf(Buffer.from([0x0a, 0x10])) + 18);
    broken.fill(0, at + 2, at + 10);
    const body = Buffer.concat([parts[0] as Uint8Array, broken, parts[2] as Uint8Array]);
    const reply = await connect(collector, 'gzip')(pathOf('traces'), body);
    expect(traces.protobuf.decodeResponse(reply).partialSuccess).toMatchObject({
      rejectedSpans: 1,
      errorMessage: expect.stringContaining('span_id'),
    });
  });

  test('another service or method: UNIMPLEMENTED', async () => {
    const send = connect(collector, 'none');
    for (const path of [
      '/opentelemetry.proto.collector.trace.v1.TraceService/Import',
      '/grpc.health.v1.Health/Check',
      '/x/Export',
    ]) {
      expect(await refusalOf(send(path, Buffer.alloc(0)))).toMatchObject({ code: 'UNIMPLEMENTED', retrySeconds: undefined });
    }
  });

  test('metadata beyond 64 KiB is refused, and the server stays up', async () => {
    const metadata = new Metadata();
    metadata.set('x-large', 'x'.repeat(100_000));
    const body = await good('traces', refused);
    await refusalOf(connect(collector, 'none')(pathOf('traces'), body, {}, metadata));
    await connect(collector, 'none')(pathOf('traces'), await good('traces', accepted));
  });

  test("OpenTelemetry's own exporter gets its spans through", async () => {
    for (const compression of ['none', 'gzip']) {
      const exporter = new OTLPTraceExporter({
        url: String(collector.ready['otlpGrpc']),
        compression: compression as NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>['compression'] & string,
      });
      const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
      const marker = `exporter-${compression}`;
      provider
        .getTracer('conformance')
        .startSpan('exported', { attributes: { 'test.marker': marker } })
        .end();
      await provider.forceFlush();
      await provider.shutdown();
      accepted.add(marker);
    }
  });

  test('what was accepted is in the database once, and what was refused is not', async () => {
    expect(await collector.stop()).toBe(0);
    expect((await storedMarkers(collector)).toSorted()).toEqual([...accepted].toSorted());
    expect(accepted.size).toBeGreaterThan(1_800);
    expect(refused.size).toBeGreaterThan(6);
  });
});

describe('a collector that cannot take it', () => {
  test('a full spool is UNAVAILABLE and says when to try again; what fits is taken', async () => {
    const collector = await startCollector({ SONDE_SPOOL_MAX_BYTES: String(16 * MiB) });
    onTestFinished(() => remove(collector));
    const send = connect(collector, 'gzip');
    // An unknown field of 17 MiB: more than the spool may ever hold.
    const large = Buffer.concat([Buffer.from([0x7a, 0x80, 0x80, 0xc0, 0x08]), Buffer.alloc(17 * MiB)]);
    expect(await refusalOf(send(pathOf('traces'), large))).toEqual({ code: 'UNAVAILABLE', retrySeconds: 2 });
    await send(pathOf('traces'), await officialCodecs.traces.protobuf.encode('fits'));
    expect(await collector.stop()).toBe(0);
    expect(await storedMarkers(collector)).toEqual(['fits']);
  });

  test('SIGTERM under load: ends in time, and everything that was acknowledged is stored once', async () => {
    const collector = await startCollector();
    onTestFinished(() => remove(collector));
    const acknowledged = new Set<string>();
    const sent = new Set<string>();
    const failures = new Set<string>();
    const stopping = new AbortController();
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      const send = connect(collector, sender % 2 === 0 ? 'none' : 'gzip');
      for (let n = 0; !stopping.signal.aborted; n++) {
        const marker = `sender-${sender}-${n}`;
        sent.add(marker);
        try {
          await send(pathOf('traces'), await officialCodecs.traces.protobuf.encode(marker), { deadline: Date.now() + 5_000 });
          acknowledged.add(marker);
        } catch (error) {
          failures.add(status[(error as ServiceError).code]);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    });
    await expect.poll(() => acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(500);
    const stoppedAt = performance.now();
    expect(await collector.stop()).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);
    stopping.abort();
    await Promise.all(senders);
    expect([...failures]).toEqual(['UNAVAILABLE']);
    const stored = await storedMarkers(collector);
    expect(stored.length).toBe(new Set(stored).size);
    expect([...acknowledged].filter((marker) => !stored.includes(marker))).toEqual([]);
    expect(stored.filter((marker) => !sent.has(marker))).toEqual([]);
  });
});

async function storedMarkers({ dataDir }: Collector): Promise<string[]> {
  const engine: Engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
  try {
    const rows = await engine.query<{ marker: string }>(
      `SELECT attributes['test.marker'] AS marker FROM spans
       UNION ALL SELECT attributes['test.marker'] FROM logs
       UNION ALL SELECT series.attributes['test.marker'] FROM metric_samples
         JOIN (SELECT DISTINCT series_id, attributes FROM metric_series) AS series USING series_id`,
      {},
      { timeMs: 10_000, memoryBytes: 1e9, rowsMax: 1e7 },
    );
    return rows.map(({ marker }) => marker);
  } finally {
    await engine.close();
  }
}
