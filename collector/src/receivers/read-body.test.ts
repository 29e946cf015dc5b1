import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../errors.ts';
import { createByteBudget } from './byte-budget.ts';
import { readBody, SenderGone } from './read-body.ts';

interface Seen {
  readonly port: number;
  /** What became of each body, in order: its text, or the code of its refusal. */
  readonly outcomes: string[];
  readonly peakBytes: () => number;
}

const limit = 100_000;

/** A server that reads bodies with a limit of 100 kB, all together with a budget of 250 kB. */
async function serve(): Promise<Seen> {
  const budget = createByteBudget(250_000);
  const outcomes: string[] = [];
  let peak = 0;
  const server = createServer((request, response) => {
    const lease = budget.lease();
    readBody(request, limit, {
      take(bytes) {
        const taken = lease.take(bytes);
        peak = Math.max(peak, budget.heldBytes);
        return taken;
      },
      slabFor: (bytes) => lease.slabFor(bytes),
      release: () => lease.release(),
    })
      .then(
        (body) => outcomes.push(Buffer.from(body).toString()),
        (error: unknown) => outcomes.push(error instanceof AppError ? error.code : (error as Error).name),
      )
      .finally(() => {
        lease.release();
        response.end(outcomes.at(-1)?.slice(0, 40));
        request.resume();
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, outcomes, peakBytes: () => peak };
}

function post(port: number, body: Uint8Array, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () => resolve(text));
    });
    request.on('error', reject).end(body);
  });
}

describe('reading a body', () => {
  it('hands over what was sent, packed or not, in one piece or many', async () => {
    const { port, outcomes } = await serve();
    await post(port, Buffer.from('plain'));
    await post(port, gzipSync('packed'), { 'content-encoding': 'GZIP' });
    await post(port, Buffer.concat([gzipSync('two '), gzipSync('members')]), { 'content-encoding': 'gzip' });
    await post(port, Buffer.from('chunked'), { 'transfer-encoding': 'chunked' });
    await post(port, Buffer.from('named'), { 'content-encoding': 'identity' });
    await post(port, Buffer.alloc(0));
    expect(outcomes).toEqual(['plain', 'packed', 'two members', 'chunked', 'named', '']);
  });

  it.each([
    ['a body over the limit', Buffer.alloc(limit + 1), {}, 'body-too-large'],
    ['a chunked body over the limit', Buffer.alloc(limit + 1), { 'transfer-encoding': 'chunked' }, 'body-too-large'],
    [
      'a body that unpacks to over the limit',
      gzipSync(Buffer.alloc(limit + 1)),
      { 'content-encoding': 'gzip' },
      'body-too-large',
    ],
    [
      'a bomb of 200 MB',
      gzipSync(Buffer.alloc(200_000_000)).subarray(0, limit),
      { 'content-encoding': 'gzip' },
      'body-too-large',
    ],
    ['a cut gzip', gzipSync('x'.repeat(5000)).subarray(0, 30), { 'content-encoding': 'gzip' }, 'truncated-body'],
    ['gzip that is none', Buffer.from('plain'), { 'content-encoding': 'gzip' }, 'truncated-body'],
    ['an empty gzip', Buffer.alloc(0), { 'content-encoding': 'gzip' }, 'truncated-body'],
    ['another encoding', Buffer.from('x'), { 'content-encoding': 'br' }, 'unsupported-content-encoding'],
    ['two encodings', Buffer.from('x'), { 'content-encoding': 'gzip, gzip' }, 'unsupported-content-encoding'],
  ])('(1) and (3): refuses %s, and the sender can read it', async (_, body, headers, code) => {
    const { port, peakBytes } = await serve();
    expect(await post(port, body, headers)).toBe(code);
    expect(peakBytes()).toBeLessThanOrEqual(2 * limit);
  });

  it('(1) takes a body of exactly the limit', async () => {
    const { port } = await serve();
    expect(await post(port, Buffer.alloc(limit, 'y'), { 'content-encoding': 'identity' })).toBe('y'.repeat(40));
    expect(await post(port, gzipSync(Buffer.alloc(limit, 'y')), { 'content-encoding': 'gzip' })).toBe('y'.repeat(40));
  });

  it('(2) refuses the body that would pass the budget of all, and has it back when the others end', async () => {
    const { port, outcomes } = await serve();
    const slow = [0, 1].map(() => {
      const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': '100000' } });
      request.on('error', () => undefined).write(Buffer.alloc(99_999));
      return request;
    });
    await expect.poll(() => post(port, Buffer.alloc(60_000, 'z')), { interval: 50 }).toBe('ingest-busy');
    for (const request of slow) request.destroy();
    await expect.poll(() => post(port, Buffer.alloc(60_000, 'z')), { interval: 50 }).toBe('z'.repeat(40));
    expect(outcomes).toContain(SenderGone.name);
  });

  it('gives up on a sender that promised more than it sent', async () => {
    const { port, outcomes } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.end('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nshort');
    await expect.poll(() => outcomes).toEqual([SenderGone.name]);
  });
});
