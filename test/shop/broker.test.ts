import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBroker, type Broker } from '../../packages/shop/src/broker/broker.ts';

// The judge of the broker is the client that everybody uses.

let broker: Broker;
let connections: ChannelModel[] = [];

beforeAll(async () => {
  broker = await startBroker({ queueBytesMax: 1024 * 1024 });
});
afterEach(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  connections = [];
});
afterAll(() => broker.close());

async function open(parameters = ''): Promise<ChannelModel> {
  const connection = await connect(`amqp://127.0.0.1:${broker.port}${parameters}`);
  connections.push(connection);
  return connection;
}

async function openChannel(): Promise<Channel> {
  return (await open()).createChannel();
}

/** Messages in the order of their arrival. */
async function consume(
  channel: Channel,
  queue: string,
  { noAck = false } = {},
): Promise<{ next(): Promise<ConsumeMessage>; count(): number }> {
  const arrived: ConsumeMessage[] = [];
  let taken = 0;
  await channel.consume(queue, (message) => message && arrived.push(message), { noAck });
  return {
    count: () => arrived.length,
    next: async () => {
      await expect.poll(() => arrived.length, { timeout: 2_000, interval: 2 }).toBeGreaterThan(taken);
      return arrived[taken++]!;
    },
  };
}

const send = (channel: Channel, queue: string, ...texts: string[]): void => {
  for (const text of texts) channel.sendToQueue(queue, Buffer.from(text));
};

test('properties and headers arrive as they were sent', async () => {
  const channel = await openChannel();
  const { queue } = await channel.assertQueue('');
  const headers = {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    count: 42,
    far: Number.MAX_SAFE_INTEGER,
    ratio: 0.25,
    yes: true,
    none: null,
    bytes: Buffer.from([0, 255, 206]),
    nested: { list: [1, 'two', { three: 3 }] },
    'ключ 🔑': 'значение',
  };
  const properties = {
    headers,
    contentType: 'text/plain',
    messageId: 'm-1',
    correlationId: 'c-1',
    deliveryMode: 2,
    timestamp: 1_800_000_000,
  };
  channel.sendToQueue(queue, Buffer.from('hello'), properties);
  const message = await (await consume(channel, queue)).next();
  expect(message.properties).toMatchObject(properties);
  expect(message.properties.headers).toEqual(headers);
  expect(message.content.toString()).toBe('hello');
  expect(message.fields).toMatchObject({ exchange: '', routingKey: queue, redelivered: false });
});

test.each([0, 1, 131_063, 131_064, 131_065, 700_000])('a body of %i bytes comes through', async (bodyBytes) => {
  const channel = await openChannel();
  const { queue } = await channel.assertQueue('');
  const body = randomBytes(bodyBytes);
  channel.sendToQueue(queue, body);
  const message = await (await consume(channel, queue)).next();
  expect(message.content.equals(body)).toBe(true);
});

test('a client with small frames gets a large body in many', async () => {
  const publisher = await openChannel();
  const { queue } = await publisher.assertQueue('');
  const body = randomBytes(100_000);
  publisher.sendToQueue(queue, body);
  const reader = await (await open('?frameMax=8192')).createChannel();
  expect((await (await consume(reader, queue)).next()).content.equals(body)).toBe(true);
});

test('messages of one queue keep their order and go to its consumers in turn', async () => {
  const publisher = await openChannel();
  const { queue } = await publisher.assertQueue('');
  const readers = [await openChannel(), await openChannel()];
  const received: [number, string][] = [];
  for (const [reader, channel] of readers.entries()) {
    await channel.consume(queue, (message) => message && received.push([reader, message.content.toString()]), { noAck: true });
  }
  send(publisher, queue, 'a', 'b', 'c', 'd');
  await expect.poll(() => received.length).toBe(4);
  expect(received.filter(([reader]) => reader === 0).map(([, text]) => text)).toEqual(['a', 'c']);
  expect(received.filter(([reader]) => reader === 1).map(([, text]) => text)).toEqual(['b', 'd']);
});

test('an acknowledged message is gone; others return in order, marked, when the connection ends', async () => {
  const publisher = await openChannel();
  const { queue } = await publisher.assertQueue('');
  send(publisher, queue, 'a', 'b', 'c');
  const lost = await connect(`amqp://127.0.0.1:${broker.port}`);
  const first = await lost.createChannel();
  const firstReader = await consume(first, queue);
  first.ack(await firstReader.next());
  await firstReader.next();
  await firstReader.next();
  // A reply on the same channel: the broker has seen the acknowledgement.
  await first.checkQueue(queue);
  await lost.close();

  const second = await openChannel();
  const reader = await consume(second, queue);
  const again = [await reader.next(), await reader.next()];
  expect(again.map((message) => message.content.toString())).toEqual(['b', 'c']);
  expect(again.map((message) => message.fields.redelivered)).toEqual([true, true]);
  for (const message of again) second.ack(message);
  await expect.poll(async () => (await publisher.checkQueue(queue)).messageCount).toBe(0);
});

test('prefetch bounds what a consumer holds', async () => {
  const channel = await openChannel();
  const { queue } = await channel.assertQueue('');
  await channel.prefetch(2);
  send(channel, queue, 'a', 'b', 'c', 'd');
  const reader = await consume(channel, queue);
  const a = await reader.next();
  await reader.next();
  await sleep(50);
  expect(reader.count()).toBe(2);
  expect((await channel.checkQueue(queue)).messageCount).toBe(2);
  channel.ack(a);
  expect((await reader.next()).content.toString()).toBe('c');
  channel.ackAll();
  expect((await reader.next()).content.toString()).toBe('d');
});

test('a prefetch for the channel is shared by its consumers', async () => {
  const channel = await openChannel();
  const queues = [(await channel.assertQueue('')).queue, (await channel.assertQueue('')).queue];
  await channel.prefetch(1, true);
  const readers: { count(): number }[] = [];
  for (const queue of queues) {
    send(channel, queue, 'x', 'y');
    readers.push(await consume(channel, queue));
  }
  const held = (): number => readers.reduce((sum, reader) => sum + reader.count(), 0);
  for (const count of [1, 2, 3, 4]) {
    await expect.poll(held).toBe(count);
    await sleep(20);
    expect(held()).toBe(count);
    channel.ackAll();
  }
});

test('nack and reject return a message to its place, or drop it', async () => {
  const channel = await openChannel();
  const { queue } = await channel.assertQueue('');
  await channel.prefetch(1);
  send(channel, queue, 'a', 'b', 'c');
  const reader = await consume(channel, queue);
  channel.nack(await reader.next());
  const again = await reader.next();
  expect(again.content.toString()).toBe('a');
  expect(again.fields.redelivered).toBe(true);
  channel.reject(again, false);
  const b = await reader.next();
  expect(b.content.toString()).toBe('b');
  channel.nack(b, false, false);
  expect((await reader.next()).content.toString()).toBe('c');
});

test('a cancelled consumer gets nothing more', async () => {
  const channel = await openChannel();
  const { queue } = await channel.assertQueue('');
  const received: string[] = [];
  const { consumerTag } = await channel.consume(queue, (message) => message && received.push(message.content.toString()), {
    noAck: true,
  });
  send(channel, queue, 'a');
  await expect.poll(() => received).toEqual(['a']);
  await channel.cancel(consumerTag);
  send(channel, queue, 'b');
  expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 1, consumerCount: 0 });
  expect(received).toEqual(['a']);
  expect(await channel.purgeQueue(queue)).toEqual({ messageCount: 1 });
});

test('publishes are confirmed in order, and refused when the queue is full', async () => {
  const channel = await (await open()).createConfirmChannel();
  const { queue } = await channel.assertQueue('');
  for (let index = 0; index < 100; index++) channel.sendToQueue(queue, Buffer.from(String(index)));
  await channel.waitForConfirms();
  expect((await channel.checkQueue(queue)).messageCount).toBe(100);

  channel.sendToQueue(queue, Buffer.alloc(1024 * 1024));
  await expect(channel.waitForConfirms()).rejects.toThrow('nacked');
  expect((await channel.checkQueue(queue)).messageCount).toBe(100);
});

test('a mandatory message without a queue comes back', async () => {
  const channel = await openChannel();
  const returned = once(channel, 'return');
  channel.publish('', 'nowhere', Buffer.from('lost'), { mandatory: true, headers: { key: 'value' } });
  const [message] = (await returned) as [ConsumeMessage];
  expect(message.content.toString()).toBe('lost');
  expect(message.fields).toMatchObject({ replyCode: 312, routingKey: 'nowhere' });
  expect(message.properties.headers).toEqual({ key: 'value' });
});

test.each([
  ['an unknown queue', 404, (channel: Channel) => channel.checkQueue('unknown')],
  [
    'another kind of the same queue',
    406,
    async (channel: Channel) => {
      const { queue } = await channel.assertQueue('');
      return channel.assertQueue(queue, { durable: false });
    },
  ],
])('%s costs the channel, code %i, not the connection', async (_, code, act) => {
  const connection = await open();
  const channel = await connection.createChannel();
  const failed = once(channel, 'error');
  await expect(act(channel)).rejects.toThrow();
  expect((await failed)[0]).toMatchObject({ code });
  const next = await connection.createChannel();
  await expect(next.assertQueue('')).resolves.toMatchObject({ messageCount: 0 });
});

test('acknowledging what is not held costs the channel, and what it held goes back', async () => {
  const connection = await open();
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('');
  send(channel, queue, 'a');
  const message = await (await consume(channel, queue)).next();
  const failed = once(channel, 'error');
  channel.ack({ ...message, fields: { ...message.fields, deliveryTag: 99 } });
  expect((await failed)[0]).toMatchObject({ code: 406 });
  const next = await connection.createChannel();
  expect((await (await consume(next, queue)).next()).fields.redelivered).toBe(true);
});

test('what the broker cannot do is refused, and costs only that connection', async () => {
  const other = await openChannel();
  const refused = await connect(`amqp://127.0.0.1:${broker.port}`);
  const failed = once(refused, 'error');
  const channel = await refused.createChannel();
  channel.on('error', () => undefined);
  await expect(channel.assertQueue('', { arguments: { 'x-message-ttl': 1 } })).rejects.toThrow();
  expect((await failed)[0]).toMatchObject({ code: 540 });
  await expect(other.assertQueue('')).resolves.toMatchObject({ messageCount: 0 });
});

test('an idle connection is kept by heartbeats; a dead one is dropped and its messages return', async () => {
  const kept = await (await open('?heartbeat=1')).createChannel();
  const { queue } = await kept.assertQueue('');
  send(kept, queue, 'a');

  const dead = await connect(`amqp://127.0.0.1:${broker.port}?heartbeat=1`);
  dead.on('error', () => undefined);
  await (await consume(await dead.createChannel(), queue)).next();
  // Its process hangs: the socket stays open and nothing is sent any more.
  (dead.connection as unknown as { heartbeater: { clear(): void } }).heartbeater.clear();
  const reader = await consume(kept, queue);
  await expect.poll(() => reader.count(), { timeout: 4_000 }).toBe(1);
  expect((await reader.next()).fields.redelivered).toBe(true);
  await expect(kept.checkQueue(queue)).resolves.toBeDefined();
}, 8_000);

test.each([
  ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['an oversized frame', Buffer.from([...Buffer.from('AMQP'), 0, 0, 9, 1, 1, 0, 0, 0xff, 0xff, 0xff, 0xff])],
  ['a method that ends too early', Buffer.from([...Buffer.from('AMQP'), 0, 0, 9, 1, 1, 0, 0, 0, 0, 0, 2, 0, 10, 0xce])],
  ['a frame without its end', Buffer.from([...Buffer.from('AMQP'), 0, 0, 9, 1, 8, 0, 0, 0, 0, 0, 0, 0])],
])('%s ends that socket, and the broker goes on', async (_, bytes) => {
  const socket = connectSocket(broker.port, '127.0.0.1');
  const closed = once(socket, 'close');
  socket.resume();
  socket.write(bytes);
  await closed;
  await expect((await openChannel()).assertQueue('')).resolves.toBeDefined();
});

test('a broker that ends says so to its clients', async () => {
  const short = await startBroker();
  const client = await connect(`amqp://127.0.0.1:${short.port}`);
  const closed = once(client, 'close');
  client.on('error', () => undefined);
  await short.close();
  expect((await closed)[0]).toMatchObject({ code: 320 });
});
