/**
 * The body of a request, whatever the sender claims about it. Fastify's own reading stops at 1 MiB, answers in its own words and
 * knows no gzip, hence this.
 *
 * Invariants, each defended by the test of the same number in read-body.test.ts:
 *  (1) Neither the packed nor the unpacked body is held beyond `bodyBytesMax`; a bomb is given up while it unpacks.
 *  (2) Every byte held is in the lease before it is kept, so that all requests together stay within one budget.
 *  (3) The socket survives a refusal, so that the sender can read why.
 */
import type { IncomingMessage } from 'node:http';
import { createGunzip, type createInflate } from 'node:zlib';
import { AppError } from '../errors.ts';
import { BodyKeeper } from './body-keeper.ts';
import type { ByteLease } from './byte-budget.ts';

/** The sender went away in the middle: there is nobody to answer. */
export class SenderGone extends Error {
  override readonly name = 'SenderGone';
}

/** Reads and unpacks the body, whose memory is the lease's until that is released. Throws AppError (too large, truncated, busy, unknown encoding) or SenderGone. */
export async function readBody(request: IncomingMessage, bodyBytesMax: number, lease: ByteLease): Promise<Uint8Array> {
  const gzip = isGzip(request.headers['content-encoding']);
  // The parser has seen to it that the header is a number; where it lies, the bytes are counted below.
  const bytes = Number(request.headers['content-length'] ?? 0);
  if (bytes > bodyBytesMax) throw new AppError('body-too-large');
  const body = await readWire(request, new BodyKeeper(bodyBytesMax, lease, bytes));
  return gzip ? await unpack(body, createGunzip, bodyBytesMax, lease) : body;
}

function isGzip(contentEncoding: string | undefined): boolean {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === 'gzip') return true;
  if (encoding === '' || encoding === 'identity') return false;
  throw new AppError('unsupported-content-encoding');
}

function readWire(request: IncomingMessage, kept: BodyKeeper): Promise<Buffer> {
  // Not `for await`: leaving such a loop early destroys the socket, and the answer with it.
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      // A late error of a request that is being refused has nobody left to hear it.
      request.on('error', () => undefined);
      end();
    };
    const onData = (chunk: Buffer): void => {
      const refusal = kept.add(chunk);
      if (refusal) settle(() => reject(refusal));
    };
    const onEnd = (): void => settle(() => resolve(kept.joined()));
    const onClose = (): void => settle(() => reject(new SenderGone('the connection closed within a body')));
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

/** Unpacks what was received whole. Throws AppError (too large, truncated, busy). */
export async function unpack(
  packed: Uint8Array,
  createUnpacker: typeof createGunzip | typeof createInflate,
  bodyBytesMax: number,
  lease: ByteLease,
): Promise<Buffer> {
  const unpacker = createUnpacker({ chunkSize: 64 * 1024 });
  const kept = new BodyKeeper(bodyBytesMax, lease, unpackedBytes(packed));
  unpacker.end(packed);
  try {
    for await (const chunk of unpacker) {
      const refusal = kept.add(chunk);
      if (refusal) throw refusal;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('truncated-body', error instanceof Error ? `(${error.message})` : '', { cause: error });
  }
  return kept.joined();
}

/** What the last four bytes of a gzip say (RFC 1952, "ISIZE"), which need not be true. */
function unpackedBytes(packed: Uint8Array): number {
  if (packed.length < 4) return 0;
  return new DataView(packed.buffer, packed.byteOffset + packed.length - 4, 4).getUint32(0, true);
}
