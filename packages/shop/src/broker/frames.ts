/**
 * Frames of AMQP 0-9-1 (specification 4.2.3): type, channel, size, payload, and an end octet that must be 0xCE.
 */
import { ProtocolError, reply } from './protocol.ts';

export const frameType = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;

export interface Frame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

const headBytes = 7;
const frameEnd = 0xce;
/** Bytes of a frame around its payload. */
export const frameOverheadBytes = headBytes + 1;

export function encodeFrame(type: number, channel: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(payload.length + frameOverheadBytes);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt16BE(channel, 1);
  bytes.writeUInt32BE(payload.length, 3);
  payload.copy(bytes, headBytes);
  bytes.writeUInt8(frameEnd, headBytes + payload.length);
  return bytes;
}

/** Cuts a byte stream into frames. Holds at most one incomplete frame. */
export class FrameParser {
  readonly #frameBytesMax: number;
  #pending: Buffer = Buffer.alloc(0);

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  *push(chunk: Buffer): Generator<Frame> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length >= headBytes) {
      const payloadBytes = this.#pending.readUInt32BE(3);
      const frameBytes = payloadBytes + frameOverheadBytes;
      if (frameBytes > this.#frameBytesMax) {
        throw new ProtocolError(
          'connection',
          reply.frameError,
          `a frame of ${frameBytes} bytes, ${this.#frameBytesMax} were agreed`,
        );
      }
      if (this.#pending.length < frameBytes) return;
      const frame = this.#pending.subarray(0, frameBytes);
      this.#pending = this.#pending.subarray(frameBytes);
      if (frame[frameBytes - 1] !== frameEnd)
        throw new ProtocolError('connection', reply.frameError, 'a frame without its end octet');
      yield { type: frame.readUInt8(0), channel: frame.readUInt16BE(1), payload: frame.subarray(headBytes, frameBytes - 1) };
    }
  }
}
