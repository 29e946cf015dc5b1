/**
 * One channel of a connection: publishing, consuming and acknowledging (classes queue, basic and confirm of AMQP 0-9-1).
 * Only the default exchange exists: a routing key is the name of a queue.
 */
import { randomUUID } from 'node:crypto';
import { method, ProtocolError, reply } from './protocol.ts';
import { Queue, type Consumer, type Message } from './queue.ts';
import { longLong, long, octet, short, shortString, type FieldReader } from './wire.ts';

/** What a channel needs of its connection. */
export interface ChannelLink {
  send(methodId: number, ...fields: Buffer[]): void;
  sendMessage(methodId: number, fields: Buffer[], message: Message): void;
  /** False while the client does not read what it was sent. */
  hasRoom(): boolean;
}

export interface Queues {
  readonly byName: Map<string, Queue>;
  readonly bytesMax: number;
}

interface Subscription extends Consumer {
  readonly queue: Queue;
  readonly prefetch: number;
  unacknowledged: number;
}

interface Publication {
  readonly routingKey: string;
  readonly mandatory: boolean;
  properties?: Buffer;
  bodyBytes: number;
  body: Buffer[];
}

const messageBytesMax = 16 * 1024 * 1024;

export class Channel {
  readonly #link: ChannelLink;
  readonly #queues: Queues;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #unacknowledged = new Map<number, { message: Message; subscription: Subscription }>();
  #lastDeliveryTag = 0;
  #prefetchPerConsumer = 0;
  #prefetchOfChannel = 0;
  #confirms = false;
  #published = 0;
  #incoming: Publication | undefined;

  constructor(link: ChannelLink, queues: Queues) {
    this.#link = link;
    this.#queues = queues;
  }

  onMethod(methodId: number, fields: FieldReader): void {
    if (this.#incoming !== undefined) throw unexpectedFrame();
    switch (methodId) {
      case method.queueDeclare:
        return this.#declare(fields);
      case method.queuePurge:
        return this.#purge(fields);
      case method.basicQos:
        return this.#qos(fields);
      case method.basicConsume:
        return this.#consume(fields);
      case method.basicCancel:
        return this.#cancel(fields);
      case method.basicPublish:
        return this.#publish(fields);
      case method.basicAck:
        return this.#settle(fields.longLong(), (fields.octet() & 1) !== 0, false);
      case method.basicReject:
        return this.#settle(fields.longLong(), false, (fields.octet() & 1) !== 0);
      case method.basicNack: {
        const deliveryTag = fields.longLong();
        const bits = fields.octet();
        return this.#settle(deliveryTag, (bits & 1) !== 0, (bits & 2) !== 0);
      }
      case method.confirmSelect:
        refuse(fields.octet(), ['no-wait']);
        this.#confirms = true;
        return this.#link.send(method.confirmSelectOk);
      default:
        throw notImplemented(`method ${methodId >> 16}.${methodId & 0xffff}`);
    }
  }

  /** Content header (specification 4.2.6.1): class, weight, body size, then the properties that are kept as they came. */
  onHeader(payload: Buffer): void {
    const publication = this.#incoming;
    if (publication === undefined || publication.properties !== undefined) throw unexpectedFrame();
    publication.bodyBytes = Number(payload.readBigUInt64BE(4));
    if (publication.bodyBytes > messageBytesMax) {
      throw new ProtocolError(
        'connection',
        reply.notAllowed,
        `a message of ${publication.bodyBytes} bytes, ${messageBytesMax} at most`,
      );
    }
    publication.properties = Buffer.from(payload.subarray(12));
    this.#enqueueWhenComplete(publication);
  }

  onBody(payload: Buffer): void {
    const publication = this.#incoming;
    if (publication?.properties === undefined) throw unexpectedFrame();
    publication.body.push(payload);
    this.#enqueueWhenComplete(publication);
  }

  /** What the client held and did not acknowledge goes back to its queues. */
  release(): void {
    for (const subscription of this.#subscriptions.values()) subscription.queue.unsubscribe(subscription);
    const touched = new Set<Queue>();
    for (const { message, subscription } of this.#unacknowledged.values()) {
      subscription.queue.requeue(message);
      touched.add(subscription.queue);
    }
    this.#subscriptions.clear();
    this.#unacknowledged.clear();
    for (const queue of touched) queue.pump();
  }

  /** The client reads again, or has room below its prefetch limit. */
  pump(): void {
    for (const { queue } of this.#subscriptions.values()) queue.pump();
  }

  #declare(fields: FieldReader): void {
    fields.short();
    const name = fields.shortString() || `amq.gen-${randomUUID()}`;
    const bits = fields.octet();
    const passive = (bits & 1) !== 0;
    const durable = (bits & 2) !== 0;
    refuse(bits >> 2, ['exclusive', 'auto-delete', 'no-wait']);
    refuseArguments(fields);
    const existing = passive ? this.#queueNamed(name) : this.#queues.byName.get(name);
    if (existing !== undefined && !passive && existing.durable !== durable) {
      throw new ProtocolError('channel', reply.preconditionFailed, `queue '${name}' exists with another 'durable'`);
    }
    const queue = existing ?? new Queue(name, durable, this.#queues.bytesMax);
    this.#queues.byName.set(name, queue);
    this.#link.send(method.queueDeclareOk, shortString(name), long(queue.readyCount), long(queue.consumerCount));
  }

  #purge(fields: FieldReader): void {
    fields.short();
    const queue = this.#queueNamed(fields.shortString());
    refuse(fields.octet(), ['no-wait']);
    this.#link.send(method.queuePurgeOk, long(queue.purge()));
  }

  /** As RabbitMQ reads it: without `global` the count is for each consumer subscribed from now on, with it for the channel. */
  #qos(fields: FieldReader): void {
    if (fields.long() !== 0) throw notImplemented('a prefetch size');
    const count = fields.short();
    const global = (fields.octet() & 1) !== 0;
    if (global) this.#prefetchOfChannel = count;
    else this.#prefetchPerConsumer = count;
    this.#link.send(method.basicQosOk);
    this.pump();
  }

  #consume(fields: FieldReader): void {
    fields.short();
    const queue = this.#queueNamed(fields.shortString());
    const tag = fields.shortString() || `amq.ctag-${randomUUID()}`;
    const bits = fields.octet();
    const noAck = (bits & 2) !== 0;
    refuse(bits & ~2, ['no-local', '', 'exclusive', 'no-wait']);
    refuseArguments(fields);
    if (this.#subscriptions.has(tag)) throw new ProtocolError('connection', reply.notAllowed, `consumer tag '${tag}' is taken`);
    const prefetch = this.#prefetchPerConsumer;
    const subscription: Subscription = {
      queue,
      prefetch,
      unacknowledged: 0,
      hasRoom: () =>
        this.#link.hasRoom() &&
        (noAck ||
          ((prefetch === 0 || subscription.unacknowledged < prefetch) &&
            (this.#prefetchOfChannel === 0 || this.#unacknowledged.size < this.#prefetchOfChannel))),
      deliver: (message) => {
        const deliveryTag = ++this.#lastDeliveryTag;
        if (!noAck) {
          this.#unacknowledged.set(deliveryTag, { message, subscription });
          subscription.unacknowledged++;
        }
        const head = [shortString(tag), longLong(deliveryTag), octet(message.redelivered ? 1 : 0)];
        this.#link.sendMessage(method.basicDeliver, [...head, shortString(''), shortString(message.routingKey)], message);
      },
    };
    this.#subscriptions.set(tag, subscription);
    this.#link.send(method.basicConsumeOk, shortString(tag));
    queue.subscribe(subscription);
  }

  #cancel(fields: FieldReader): void {
    const tag = fields.shortString();
    refuse(fields.octet(), ['no-wait']);
    const subscription = this.#subscriptions.get(tag);
    subscription?.queue.unsubscribe(subscription);
    this.#subscriptions.delete(tag);
    this.#link.send(method.basicCancelOk, shortString(tag));
  }

  #publish(fields: FieldReader): void {
    fields.short();
    const exchange = fields.shortString();
    if (exchange !== '')
      throw new ProtocolError('channel', reply.notFound, `no exchange '${exchange}': only the default one exists`);
    const routingKey = fields.shortString();
    const bits = fields.octet();
    refuse(bits >> 1, ['immediate']);
    this.#incoming = { routingKey, mandatory: (bits & 1) !== 0, bodyBytes: 0, body: [] };
  }

  #enqueueWhenComplete({ routingKey, mandatory, properties, bodyBytes, body }: Publication): void {
    const receivedBytes = body.reduce((sum, part) => sum + part.length, 0);
    if (receivedBytes > bodyBytes) throw unexpectedFrame();
    if (receivedBytes < bodyBytes || properties === undefined) return;
    this.#incoming = undefined;
    const message: Message = { routingKey, properties, body: Buffer.concat(body), redelivered: false, position: 0 };
    const queue = this.#queues.byName.get(routingKey);
    if (queue === undefined && mandatory) {
      const reason = [short(reply.noRoute), shortString('NO_ROUTE'), shortString(''), shortString(routingKey)];
      this.#link.sendMessage(method.basicReturn, reason, message);
    }
    const accepted = queue?.enqueue(message) ?? true;
    if (!this.#confirms) return;
    this.#link.send(accepted ? method.basicAck : method.basicNack, longLong(++this.#published), octet(0));
  }

  #settle(deliveryTag: number, multiple: boolean, requeue: boolean): void {
    const known = this.#unacknowledged.has(deliveryTag) || (multiple && deliveryTag === 0);
    if (!known) throw new ProtocolError('channel', reply.preconditionFailed, `unknown delivery tag ${deliveryTag}`);
    const upTo = deliveryTag === 0 ? this.#lastDeliveryTag : deliveryTag;
    const tags = multiple ? [...this.#unacknowledged.keys()].filter((tag) => tag <= upTo) : [deliveryTag];
    for (const tag of tags) {
      const delivery = this.#unacknowledged.get(tag);
      if (delivery === undefined) continue;
      this.#unacknowledged.delete(tag);
      delivery.subscription.unacknowledged--;
      if (requeue) delivery.subscription.queue.requeue(delivery.message);
    }
    this.pump();
  }

  #queueNamed(name: string): Queue {
    const queue = this.#queues.byName.get(name);
    if (queue === undefined) throw new ProtocolError('channel', reply.notFound, `no queue '${name}'`);
    return queue;
  }
}

const notImplemented = (what: string): ProtocolError =>
  new ProtocolError('connection', reply.notImplemented, `${what} is not implemented`);

const unexpectedFrame = (): ProtocolError =>
  new ProtocolError('connection', reply.unexpectedFrame, 'a frame that does not belong to the message under way');

/** What the broker cannot do is refused, so that nobody relies on it: the first bit that is set and its name. */
function refuse(bits: number, names: string[]): void {
  const asked = names.find((_, position) => (bits & (1 << position)) !== 0);
  if (asked !== undefined) throw notImplemented(asked);
}

function refuseArguments(fields: FieldReader): void {
  if (fields.longBytes().length > 0) throw notImplemented('an argument table');
}
