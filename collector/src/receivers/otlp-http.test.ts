import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColumnBatch } from '@sonde/otlp';
import { type Disk, GroupCommit, ItemLedger, nodeDisk, Spool, systemClock } from '@sonde/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Ingest } from '../ingest/ingest.ts';
import { createByteBudget } from './byte-budget.ts';
import { createOtlpHttpServer, type HttpReceiverOptions } from './otlp-http.ts';

/** A receiver on a real spool that nobody empties. */
async function receiver(bytesMax: number, disk: Disk = nodeDisk, overrides: Partial<HttpReceiverOptions> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'sonde-otlp-http-'));
  const ledger = new ItemLedger();
  const clock = systemClock;
  const spool = await Spool.open({ directory, bytesMax, random: '00000000', disk, clock, ledger, report: ignore });
  const limits = { delayMs: 1, bytesTarget: 1e6, bytesMax: 1e6 };
  const commit = new GroupCommit({ spool, batch: createColumnBatch(), ledger, clock, report: ignore, ...limits });
  const faults: unknown[] = [];
  const server = createOtlpHttpServer({
    ingest: new Ingest(commit, clock),
    budget: createByteBudget(1e6),
    bodyBytesMax: 1e6,
    messageWithinMs: 60_000,
    corsOrigins: [],
    onRefused: (code) => ledger.refusedRequest(code),
    onFault: (error) => faults.push(error),
    ...overrides,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await commit.close();
    await rm(directory, { recursive: true });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = (contentType: string, body: string | Uint8Array = request): Promise<Response> =>
    fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': contentType }, body });
  return { post, commit, ledger, faults };
}

function ignore(): void {}

const request = JSON.stringify({
  resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174' }] }] }],
});

/** The same span: ExportTraceServiceRequest { 1: ResourceSpans { 2: ScopeSpans { 2: Span { 1: trace id, 2: span id } } } }. */
const protobufRequest = Buffer.from('0a20121e121c0a105b8efff798038103d269b633813fc60c1208eee19b7ec3c1b174', 'hex');

async function expectTryLater(response: Response, contentType: string): Promise<void> {
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(response.headers.get('content-type')).toBe(contentType);
}

describe('OTLP/HTTP when it cannot take more: 503 with Retry-After, in the encoding of the request', () => {
  it('a full spool', async () => {
    const { post, ledger } = await receiver(20_000);
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) statuses.push((await post('application/json')).status);
    expect(statuses).toEqual([200, 503, 503, 503, 503]);
    await expectTryLater(await post('application/json'), 'application/json');
    await expectTryLater(await post('application/x-protobuf', protobufRequest), 'application/x-protobuf');
    expect(ledger.snapshot().refusedRequests['spool-full']).toBe(6);
  });

  it.each(['ENOSPC', 'EIO'])('%s from the disk; and it recovers alone', async (code) => {
    let failing = false;
    const disk: Disk = {
      ...nodeDisk,
      async writeDurably(path, bytes) {
        if (failing) throw Object.assign(new Error(code), { code });
        await nodeDisk.writeDurably(path, bytes);
      },
    };
    const { post } = await receiver(1e6, disk);
    failing = true;
    await expectTryLater(await post('application/json'), 'application/json');
    failing = false;
    expect((await post('application/json')).status).toBe(200);
  });

  it('a shutdown', async () => {
    const { post, commit } = await receiver(1e6);
    await commit.close();
    await expectTryLater(await post('application/json'), 'application/json');
  });

  it('a fault of ours, which is never a 500', async () => {
    const broken = { append: () => Promise.reject(new Error('should not happen')) };
    const { post, faults } = await receiver(1e6, nodeDisk, { ingest: broken });
    const response = await post('application/json');
    await expectTryLater(response, 'application/json');
    expect(await response.json()).toEqual({ code: 14, message: expect.stringContaining('failed') });
    expect(faults).toEqual([new Error('should not happen')]);
  });

  it('too many bytes under way', async () => {
    const { post } = await receiver(1e6, nodeDisk, { budget: createByteBudget(10) });
    await expectTryLater(await post('application/json'), 'application/json');
  });
});
