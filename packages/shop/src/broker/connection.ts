/**
 * One client's connection (classes connection and channel of AMQP 0-9-1, specification 2.2.4):
 *
 *   HEADER --> START --> TUNE --> OPEN --> RUNNING --> CLOSING --> (socket closed)
 *   client:    start-ok  tune-ok  open     frames      close-ok
 *
 * Any user and password are accepted: the broker listens on the loopback address only. A fault of the client closes its channel or its
 * connection with the code of the specification, never the broker.
 */
import type { Socket } from 'node:net';
import { Channel, type Queues } from './channel.ts';
import { encodeFrame, frameOverheadBytes, FrameParser, frameType, type Frame } from './frames.ts';
import { basicClass, method, ProtocolError, reply } from './protocol.ts';
import type { Message } from './queue.ts';
import { FieldReader, long, longLong, longString, octet, short, shortString, table } from './wire.ts';

const protocolHeader = Buffer.from([...Buffer.from('AMQP'), 0, 0, 9, 1]);
const frameBytesMax = 131_072;
const channelsMax = 255;
const heartbeatSeconds = 20;
const handshakeTimeoutMs = 10_000;
const closeTimeoutMs = 500;
/** Beyond this a client that does not read gets no further messages. */
const unreadBytesMax = 1024 * 1024;

/** The broker speaks RabbitMQ's dialect and says so: clients derive from `product` how to treat it (and `messaging.system`). */
const serverProperties = {
  product: 'RabbitMQ',
  version: '0.1.0',
  information: 'The in-memory broker of the Sonde sample shop: the default exchange of AMQP 0-9-1, as RabbitMQ speaks it',
  capabilities: { publisher_confirms: true, 'basic.nack': true },
};

type Phase = 'header' | 'start' | 'tune' | 'open' | 'running' | 'closing';

export class Connection {
  readonly #socket: Socket;
  readonly #queues: Queues;
  readonly #parser = new FrameParser(frameBytesMax);
  /** `undefined` stands for a channel that was closed by us and whose close-ok is awaited: its frames are ignored. */
  readonly #channels = new Map<number, Channel | undefined>();
  #phase: Phase = 'header';
  #head: Buffer = Buffer.alloc(0);
  #bodyBytesMax = frameBytesMax - frameOverheadBytes;
  #heartbeat: NodeJS.Timeout | undefined;
  #wroteSinceBeat = false;
  #silentBeats = 0;

  constructor(socket: Socket, queues: Queues) {
    this.#socket = socket;
    this.#queues = queues;
    socket.setNoDelay(true);
    socket.setTimeout(handshakeTimeoutMs, () => socket.destroy());
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('drain', () => this.#pump());
    // 'close' follows and says the same.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#release());
  }

  /** Tells the client that the broker goes away. */
  close(): void {
    this.#closeWith(reply.connectionForced, 'the broker is shutting down');
  }

  #onData(chunk: Buffer): void {
    this.#silentBeats = 0;
    try {
      const rest = this.#phase === 'header' ? this.#takeProtocolHeader(chunk) : chunk;
      for (const frame of this.#parser.push(rest)) this.#onFrame(frame);
    } catch (error) {
      if (error instanceof ProtocolError) this.#closeWith(error.replyCode, error.message);
      // The arguments of a method or a content header ended too early.
      else if (error instanceof RangeError) this.#closeWith(reply.frameError, error.message);
      else throw error;
    }
  }

  /** Specification 4.2.2: anything but our protocol header is answered with it, and the socket is closed. */
  #takeProtocolHeader(chunk: Buffer): Buffer {
    this.#head = Buffer.concat([this.#head, chunk]);
    const seen = this.#head.subarray(0, protocolHeader.length);
    if (!seen.equals(protocolHeader.subarray(0, seen.length))) {
      this.#phase = 'closing';
      this.#socket.end(protocolHeader);
      return Buffer.alloc(0);
    }
    if (seen.length < protocolHeader.length) return Buffer.alloc(0);
    this.#phase = 'start';
    const locales = [longString('PLAIN'), longString('en_US')];
    this.#send(0, method.connectionStart, octet(0), octet(9), table(serverProperties), ...locales);
    return this.#head.subarray(protocolHeader.length);
  }

  #onFrame({ type, channel, payload }: Frame): void {
    if (type === frameType.heartbeat) return;
    if (type === frameType.method) {
      const methodId = payload.readUInt32BE(0);
      const fields = new FieldReader(payload, 4);
      if (channel === 0) this.#onConnectionMethod(methodId, fields);
      else if (this.#phase === 'running') this.#onChannelMethod(channel, methodId, fields);
      return;
    }
    if (this.#phase !== 'running') return;
    if (type === frameType.header) this.#onChannel(channel, (target) => target.onHeader(payload));
    else if (type === frameType.body) this.#onChannel(channel, (target) => target.onBody(payload));
    else throw new ProtocolError('connection', reply.frameError, `unknown frame type ${type}`);
  }

  #onConnectionMethod(methodId: number, fields: FieldReader): void {
    if (methodId === method.connectionClose) {
      this.#phase = 'closing';
      this.#send(0, method.connectionCloseOk);
      this.#socket.end();
    } else if (methodId === method.connectionCloseOk) {
      this.#socket.end();
    } else if (this.#phase === 'start' && methodId === method.connectionStartOk) {
      this.#phase = 'tune';
      this.#send(0, method.connectionTune, short(channelsMax), long(frameBytesMax), short(heartbeatSeconds));
    } else if (this.#phase === 'tune' && methodId === method.connectionTuneOk) {
      this.#phase = 'open';
      this.#tune(fields);
    } else if (this.#phase === 'open' && methodId === method.connectionOpen) {
      this.#phase = 'running';
      this.#send(0, method.connectionOpenOk, shortString(''));
    } else if (this.#phase !== 'closing') {
      throw new ProtocolError('connection', reply.commandInvalid, `method ${methodId} in phase '${this.#phase}'`);
    }
  }

  /** Zero means "no limit" for the frame size and "none" for heartbeats (specification 1.4.2.6). */
  #tune(fields: FieldReader): void {
    fields.short();
    const frameBytes = fields.long();
    const beatSeconds = fields.short();
    if (frameBytes !== 0) this.#bodyBytesMax = Math.min(frameBytes, frameBytesMax) - frameOverheadBytes;
    this.#socket.setTimeout(0);
    if (beatSeconds !== 0) this.#heartbeat = setInterval(() => this.#beat(), beatSeconds * 500);
  }

  /** Twice in the agreed interval. A client that was silent for two intervals is dead (specification 4.2.7). */
  #beat(): void {
    if (++this.#silentBeats > 4) this.#socket.destroy();
    else if (!this.#wroteSinceBeat) this.#write([encodeFrame(frameType.heartbeat, 0, Buffer.alloc(0))]);
    this.#wroteSinceBeat = false;
  }

  #onChannelMethod(id: number, methodId: number, fields: FieldReader): void {
    if (methodId === method.channelOpen) {
      if (this.#channels.has(id)) throw new ProtocolError('connection', reply.channelError, `channel ${id} is open already`);
      if (this.#channels.size >= channelsMax) throw new ProtocolError('connection', reply.notAllowed, 'too many channels');
      const link = {
        send: (sent: number, ...sentFields: Buffer[]) => this.#send(id, sent, ...sentFields),
        sendMessage: (sent: number, sentFields: Buffer[], message: Message) => this.#sendMessage(id, sent, sentFields, message),
        hasRoom: () => this.#socket.writable && this.#socket.writableLength < unreadBytesMax,
      };
      this.#channels.set(id, new Channel(link, this.#queues));
      this.#send(id, method.channelOpenOk, long(0));
    } else if (methodId === method.channelClose) {
      this.#channels.get(id)?.release();
      this.#channels.delete(id);
      this.#send(id, method.channelCloseOk);
    } else if (methodId === method.channelCloseOk) {
      this.#channels.delete(id);
    } else {
      this.#onChannel(id, (channel) => channel.onMethod(methodId, fields));
    }
  }

  #onChannel(id: number, act: (channel: Channel) => void): void {
    if (!this.#channels.has(id)) throw new ProtocolError('connection', reply.channelError, `channel ${id} is not open`);
    const channel = this.#channels.get(id);
    if (channel === undefined) return;
    try {
      act(channel);
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.scope === 'connection') throw error;
      channel.release();
      this.#channels.set(id, undefined);
      this.#send(id, method.channelClose, short(error.replyCode), shortString(error.message), short(0), short(0));
    }
  }

  #closeWith(replyCode: number, message: string): void {
    if (this.#phase === 'closing') return;
    this.#phase = 'closing';
    this.#send(0, method.connectionClose, short(replyCode), shortString(message), short(0), short(0));
    this.#socket.setTimeout(closeTimeoutMs);
    this.#releaseChannels();
  }

  #send(channel: number, methodId: number, ...fields: Buffer[]): void {
    this.#write([encodeFrame(frameType.method, channel, Buffer.concat([long(methodId), ...fields]))]);
  }

  #sendMessage(channel: number, methodId: number, fields: Buffer[], { properties, body }: Message): void {
    const header = Buffer.concat([short(basicClass), short(0), longLong(body.length), properties]);
    const frames = [
      encodeFrame(frameType.method, channel, Buffer.concat([long(methodId), ...fields])),
      encodeFrame(frameType.header, channel, header),
    ];
    for (let start = 0; start < body.length; start += this.#bodyBytesMax) {
      frames.push(encodeFrame(frameType.body, channel, body.subarray(start, start + this.#bodyBytesMax)));
    }
    this.#write(frames);
  }

  #write(frames: Buffer[]): void {
    if (!this.#socket.writable) return;
    this.#wroteSinceBeat = true;
    this.#socket.write(Buffer.concat(frames));
  }

  #pump(): void {
    for (const channel of this.#channels.values()) channel?.pump();
  }

  #release(): void {
    clearInterval(this.#heartbeat);
    this.#releaseChannels();
  }

  #releaseChannels(): void {
    for (const channel of this.#channels.values()) channel?.release();
    this.#channels.clear();
  }
}
