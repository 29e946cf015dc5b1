import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientHttp2Stream, connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createColumnBatch } from '@sonde/otlp';
import { GroupCommit, ItemLedger, nodeDisk, Spool, systemClock } from '@sonde/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Ingest } from '../ingest/ingest.ts';
import { createByteBudget } from './byte-budget.ts';
import type { ReceiverOptions } from './options.ts';
import { createOtlpGrpcServer, listenGrpc } from './otlp-grpc.ts';

const limit = 100_000;
const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/** One span: ExportTraceServiceRequest { 1: ResourceSpans { 2: ScopeSpans { 2: Span { 1: trace id, 2: span id } } } }. */
const oneSpan = Buffer.from('0a20121e121c0a105b8efff798038103d269b633813fc60c1208eee19b7ec3c1b174', 'hex');

function ignore(): void {}

/** A receiver with a limit of 100 kB a message and a budget of 250 kB for all, on a real spool that nobody empties. */
async function receiver(spoolBytesMax = 1e6, overrides: Partial<ReceiverOptions> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'sonde-otlp-grpc-'));
  const ledger = new ItemLedger();
  const clock = systemClock;
  const spool = await Spool.open({
    directory,
    bytesMax: spoolBytesMax,
    random: '00000000',
    disk: nodeDisk,
    clock,
    ledger,
    report: ignore,
  });
  const limits = { delayMs: 1, bytesTarget: 1e6, bytesMax: 1e6 };
  const commit = new GroupCommit({ spool, batch: createColumnBatch(), ledger, clock, report: ignore, ...limits });
  const budget = createByteBudget(250_000);
  const refused: string[] = [];
  const faults: unknown[] = [];
  const server = createOtlpGrpcServer({
    ingest: new Ingest(commit, clock),
    budget,
    bodyBytesMax: limit,
    messageWithinMs: 60_000,
    onRefused: (code) => refused.push(code),
    onFault: (error) => faults.push(error),
    ...overrides,
  });
  const listening = await listenGrpc(server, '127.0.0.1', 0);
  const session = connect(listening.url);
  session.on('error', ignore);
  onTestFinished(async () => {
    session.destroy();
    await listening.stop(100);
    await commit.close();
    await rm(directory, { recursive: true });
  });
  return {
    listening,
    budget,
    refused,
    faults,
    /** Opens a call and sends nothing yet. */
    open: (encoding = 'identity') =>
      session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        'grpc-encoding': encoding,
      }),
  };
}

function framed(message: Uint8Array, packed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = packed ? 1 : 0;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The gRPC status that a call ends with, and whether it says when to try again. */
async function statusOf(call: ClientHttp2Stream): Promise<{ code: number; hasRetryInfo: boolean }> {
  const headers: Record<string, unknown> = {};
  call.on('response', (found) => Object.assign(headers, found)).on('trailers', (found) => Object.assign(headers, found));
  call.on('error', ignore).resume();
  await new Promise((resolve) => call.once('close', resolve));
  return { code: Number(headers['grpc-status'] ?? NaN), hasRetryInfo: 'grpc-status-details-bin' in headers };
}

function send(call: ClientHttp2Stream, bytes: Uint8Array): Promise<{ code: number; hasRetryInfo: boolean }> {
  call.end(bytes);
  return statusOf(call);
}

const ok = { code: 0, hasRetryInfo: false };
const invalid = { code: 3, hasRetryInfo: false };
const tooLarge = { code: 8, hasRetryInfo: false };
const tryLater = { code: 14, hasRetryInfo: true };

describe('OTLP/gRPC', () => {
  it('takes a message, packed or not, in one chunk or a byte at a time', async () => {
    const { budget, open } = await receiver();
    expect(await send(open(), framed(oneSpan))).toEqual(ok);
    expect(await send(open('gzip'), framed(gzipSync(oneSpan), true))).toEqual(ok);
    // A sender may leave small messages as they are, whatever it announces.
    expect(await send(open('gzip'), framed(oneSpan))).toEqual(ok);
    const slow = open('gzip');
    for (const byte of framed(gzipSync(oneSpan), true)) slow.write(Buffer.from([byte]));
    expect(await send(slow, Buffer.alloc(0))).toEqual(ok);
    expect(budget.heldBytes).toBe(0);
  });

  it.each([
    ['a message over the limit', framed(Buffer.alloc(limit + 1)), 'identity', tooLarge, 'body-too-large'],
    ['a prefix that promises 4 GiB', Buffer.from([0, 255, 255, 255, 255]), 'identity', tooLarge, 'body-too-large'],
    ['a message that unpacks to over it', framed(gzipSync(Buffer.alloc(limit + 1)), true), 'gzip', tooLarge, 'body-too-large'],
    ['a bomb of 90 MB', framed(gzipSync(Buffer.alloc(90_000_000)), true), 'gzip', tooLarge, 'body-too-large'],
    ['a cut gzip', framed(gzipSync(oneSpan).subarray(0, 20), true), 'gzip', invalid, 'truncated-body'],
    ['gzip that is none', framed(oneSpan, true), 'gzip', invalid, 'truncated-body'],
  ])('(1) refuses %s', async (_, bytes, encoding, status, code) => {
    const { budget, open, refused } = await receiver();
    expect(await send(open(encoding), bytes)).toEqual(status);
    expect(refused).toEqual([code]);
    expect(budget.heldBytes).toBe(0);
  });

  it('(1) takes a message of exactly the limit', async () => {
    const { open } = await receiver();
    // An unknown field 15 of the length that is left.
    const message = Buffer.concat([Buffer.from([0x7a, 0x9c, 0x8d, 0x06]), Buffer.alloc(limit - 4)]);
    expect(message.length).toBe(limit);
    expect(await send(open('gzip'), framed(gzipSync(message), true))).toEqual(ok);
  });

  it('(2) counts what is half sent, over all calls, and refuses what would pass the budget', async () => {
    const { budget, open, refused } = await receiver();
    const half = [open(), open()];
    for (const call of half) call.write(framed(Buffer.alloc(limit)).subarray(0, limit));
    await expect.poll(() => budget.heldBytes).toBe(2 * limit);
    expect(await send(open(), framed(Buffer.alloc(60_000)))).toEqual(tryLater);
    expect(await send(open('gzip'), framed(gzipSync(Buffer.alloc(60_000)), true))).toEqual(tryLater);
    expect(refused).toEqual(['ingest-busy', 'ingest-busy']);
    expect(budget.heldBytes).toBe(2 * limit);
    for (const call of half) {
      call.on('error', ignore);
      call.close();
    }
    await expect.poll(() => budget.heldBytes).toBe(0);
    expect(await send(open(), framed(oneSpan))).toEqual(ok);
  });

  it('(3) cuts off a sender that does not finish', async () => {
    const { budget, open } = await receiver(1e6, { messageWithinMs: 100 });
    const call = open();
    call.write(framed(oneSpan).subarray(0, 20));
    await expect.poll(() => budget.heldBytes).toBe(20);
    expect((await statusOf(call)).code).toBeNaN();
    expect(budget.heldBytes).toBe(0);
  });

  it('a full spool is UNAVAILABLE, and says when to try again', async () => {
    const { open } = await receiver(20_000);
    expect(await send(open(), framed(oneSpan))).toEqual(ok);
    expect(await send(open(), framed(oneSpan))).toEqual(tryLater);
  });

  it('what should not happen is UNAVAILABLE too: an INTERNAL makes a sender drop its data', async () => {
    const ingest = { append: () => Promise.reject(new Error('should not happen')) };
    const { faults, open, refused } = await receiver(1e6, { ingest });
    expect(await send(open(), framed(oneSpan))).toEqual(tryLater);
    expect(faults).toEqual([new Error('should not happen')]);
    expect(refused).toEqual(['internal-fault']);
  });

  it('a stop answers the call that is half sent, within its grace, and takes no new one', async () => {
    const { listening, open } = await receiver();
    const call = open();
    const bytes = framed(oneSpan);
    call.write(bytes.subarray(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const stopped = listening.stop(5_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await send(call, bytes.subarray(20))).toEqual(ok);
    await stopped;
    const late = connect(listening.url);
    const [error] = await once(late, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('a stop cuts what is still half sent after its grace', async () => {
    const { listening, open } = await receiver();
    const call = open();
    call.write(framed(oneSpan).subarray(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const ended = statusOf(call);
    await listening.stop(200);
    expect((await ended).code).toBeNaN();
  });
});
