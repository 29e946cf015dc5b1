/**
 * The message of a gRPC call under the same bounds as the body of an HTTP request. grpc-js bounds one message, packed and unpacked, but
 * holds any number of them at once; so each byte is counted on its way in, and unpacking is done here.
 *
 * Invariants, each defended by the test of the same number in otlp-grpc.test.ts:
 *  (1) Neither the packed nor the unpacked message is held beyond `bodyBytesMax`; a bomb is given up while it unpacks.
 *  (2) Every byte held is in the lease before it is kept, so that all requests, HTTP ones included, stay within one budget.
 *  (3) A sender that does not finish its message is cut off, and what it held is given back.
 */
import type { ServerHttp2Stream } from 'node:http2';
import { createGunzip, createInflate } from 'node:zlib';
import { ServerInterceptingCall, type ServerInterceptingCallInterface, type ServerInterceptor } from '@grpc/grpc-js';
import { AppError, type ErrorCode } from '../errors.ts';
import { grpcRefusal } from './answer.ts';
import type { ByteLease } from './byte-budget.ts';
import type { ReceiverOptions } from './options.ts';
import { unpack } from './read-body.ts';

/** What the handler of a call gets: the message, and the lease that it gives back when the bytes are decoded. */
export interface GrpcBody {
  readonly bytes: Uint8Array;
  readonly lease: ByteLease;
}

/** gRPC over HTTP/2, "Length-Prefixed-Message": whether it is packed, then its length in four bytes. */
const prefixBytes = 5;

export function boundMessages(options: ReceiverOptions): ServerInterceptor {
  return (_method, call) => {
    const inside = insideOf(call);
    if (!inside) {
      options.onFault(new Error('this version of @grpc/grpc-js does not show the stream of a call'));
      call.sendStatus(grpcRefusal('internal-fault'));
      return new ServerInterceptingCall(call);
    }
    const { incomingEncoding, stream } = inside;
    const unpacker = { gzip: createGunzip, deflate: createInflate }[incomingEncoding];
    // Any other encoding is left to grpc-js, which answers UNIMPLEMENTED.
    if (unpacker) inside.incomingEncoding = 'identity';
    const lease = options.budget.lease();
    const prefix = new Prefix();
    let isRefused = false;

    const refuse = (code: ErrorCode, details = ''): void => {
      if (isRefused) return;
      isRefused = true;
      options.onRefused(code);
      lease.release();
      call.sendStatus(grpcRefusal(code, details));
    };
    const tooSlow = setTimeout(() => stream.close(), options.messageWithinMs);
    stream.once('end', () => clearTimeout(tooSlow));
    stream.once('close', () => {
      clearTimeout(tooSlow);
      lease.release();
    });
    // Before grpc-js keeps the chunk: once a call has its status, it keeps nothing of it any more.
    stream.prependListener('data', (chunk: Buffer) => {
      if (isRefused) return;
      prefix.read(chunk);
      if (prefix.messageBytes > options.bodyBytesMax) refuse('body-too-large');
      else if (!lease.take(chunk.length)) refuse('ingest-busy');
    });

    const unpacked = async (message: Buffer): Promise<GrpcBody> => {
      const isPacked = prefix.isPacked && unpacker !== undefined;
      return { lease, bytes: isPacked ? await unpack(message, unpacker, options.bodyBytesMax, lease) : message };
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMessage(message: Buffer, hand: (body: GrpcBody) => void) {
            unpacked(message).then(hand, (error: unknown) => {
              if (error instanceof AppError) return refuse(error.code);
              options.onFault(error);
              return refuse('internal-fault');
            });
          },
        }),
    });
  };
}

interface Inside {
  readonly stream: ServerHttp2Stream;
  incomingEncoding: string;
}

/** What grpc-js knows of a call and offers no other way to. Nothing where another version keeps it elsewhere: no call is taken then. */
function insideOf(call: ServerInterceptingCallInterface): Inside | undefined {
  const inside = call as unknown as Partial<Inside>;
  return inside.stream === undefined || typeof inside.incomingEncoding !== 'string' ? undefined : (inside as Inside);
}

/** The prefix of the one message of a unary call, in however many chunks it comes. */
class Prefix {
  readonly #bytes = Buffer.alloc(prefixBytes);
  #length = 0;

  read(chunk: Buffer): void {
    if (this.#length < prefixBytes) this.#length += chunk.copy(this.#bytes, this.#length);
  }

  get isPacked(): boolean {
    return this.#bytes[0] === 1;
  }

  /** 0 until it is known. */
  get messageBytes(): number {
    return this.#length === prefixBytes ? this.#bytes.readUInt32BE(1) : 0;
  }
}
