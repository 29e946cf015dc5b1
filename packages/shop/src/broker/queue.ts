/**
 * A queue in memory, first in first out, with its consumers served in turn.
 *
 * Invariants, each defended in test/shop/broker.test.ts:
 *  (1) A message is in exactly one place: ready here, unacknowledged on one channel, or gone.
 *  (2) What comes back (nack, reject, a closed channel) takes its old place in the order and is marked as redelivered.
 *  (3) Ready bytes stay below `bytesMax`; a publish beyond is refused, never dropped in silence.
 */
export interface Message {
  readonly routingKey: string;
  /** Property flags and properties as the publisher encoded them: they are handed on byte for byte. */
  readonly properties: Buffer;
  readonly body: Buffer;
  redelivered: boolean;
  /** Place in the order of its queue, given when it is enqueued. */
  position: number;
}

export interface Consumer {
  /** Whether the prefetch limit and the socket leave room for one more message. */
  hasRoom(): boolean;
  deliver(message: Message): void;
}

export class Queue {
  readonly name: string;
  readonly durable: boolean;
  readonly #bytesMax: number;
  #ready: Message[] = [];
  #readyBytes = 0;
  #consumers: Consumer[] = [];
  #nextPosition = 0;

  constructor(name: string, durable: boolean, bytesMax: number) {
    this.name = name;
    this.durable = durable;
    this.#bytesMax = bytesMax;
  }

  get readyCount(): number {
    return this.#ready.length;
  }

  get consumerCount(): number {
    return this.#consumers.length;
  }

  /** False when the queue is full: the publisher must be told. */
  enqueue(message: Message): boolean {
    if (this.#readyBytes + bytesOf(message) > this.#bytesMax) return false;
    message.position = this.#nextPosition++;
    this.#ready.push(message);
    this.#readyBytes += bytesOf(message);
    this.pump();
    return true;
  }

  /** Takes back what was delivered and not acknowledged. The caller pumps when it is done. */
  requeue(message: Message): void {
    message.redelivered = true;
    const next = this.#ready.findIndex((ready) => ready.position > message.position);
    this.#ready.splice(next === -1 ? this.#ready.length : next, 0, message);
    this.#readyBytes += bytesOf(message);
  }

  /** Forgets what is ready and tells how many messages that were. */
  purge(): number {
    const count = this.#ready.length;
    this.#ready = [];
    this.#readyBytes = 0;
    return count;
  }

  subscribe(consumer: Consumer): void {
    this.#consumers.push(consumer);
    this.pump();
  }

  unsubscribe(consumer: Consumer): void {
    this.#consumers = this.#consumers.filter((other) => other !== consumer);
  }

  /** Delivers as long as there is a message and a consumer with room; who was served goes to the end of the row. */
  pump(): void {
    for (;;) {
      const consumer = this.#consumers.find((candidate) => candidate.hasRoom());
      const message = consumer && this.#ready.shift();
      if (consumer === undefined || message === undefined) return;
      this.#readyBytes -= bytesOf(message);
      this.#consumers = [...this.#consumers.filter((other) => other !== consumer), consumer];
      consumer.deliver(message);
    }
  }
}

const bytesOf = (message: Message): number => message.properties.length + message.body.length;
