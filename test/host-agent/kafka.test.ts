import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KafkaContent, startKafka } from '../fixtures/servers/kafka.ts';
import { type Server } from '../fixtures/servers/server.ts';
import { watch, type Watched } from '../fixtures/watched.ts';

/** The group has read all but what is written while the test runs: 100 messages each second. */
let writtenMs = Infinity;
const end = (): number => 500 + Math.max(0, Math.floor((Date.now() - writtenMs) / 10));
const content = (): KafkaContent => ({
  topics: {
    orders: [
      { oldest: 100, end: end(), inSync: [1, 2] },
      { oldest: 0, end: 40, inSync: [1] },
    ],
    __consumer_offsets: [{ oldest: 0, end: 9, inSync: [1, 2] }],
  },
  groups: { mail: { members: 2, offsets: { orders: [500, -1] } } },
});

let server: Server;
let poor: Server;
let watched: Watched;

beforeAll(async () => {
  [server, poor] = await Promise.all([startKafka(content), startKafka(() => ({ ...content(), areGroupsForbidden: true }))]);
  const endpoint = `127.0.0.1:${server.port}`;
  watched = await watch({
    'kafka/main': { endpoint, interval_seconds: 1 },
    'kafka/poor': { endpoint: `127.0.0.1:${poor.port}`, interval_seconds: 1 },
    'kafka/wrong': { endpoint, username: 'sonde', password: 'wr0ng-one', mechanism: 'plain', interval_seconds: 1 },
    'kafka/nobody': { endpoint: '127.0.0.1:1', interval_seconds: 1 },
  });
  await watched.capture.until(() => of('kafka.brokers'));
});
afterAll(async () => {
  await watched.stop();
  await Promise.all([server.stop(), poor.stop()]);
});

const of = (metric: string, attributes?: object) => watched.newest('kafka/main', metric, attributes);

test('brokers, partitions and groups, in a resource that says which Kafka this is', () => {
  expect(of('kafka.brokers')).toMatchObject({ value: 2, type: 'sum', isMonotonic: false, unit: '{brokers}' });
  expect(of('kafka.topic.partitions', { topic: 'orders' })?.value).toBe(2);
  expect(of('kafka.topic.partitions', { topic: '__consumer_offsets' })).toBeUndefined();
  const second = { topic: 'orders', partition: 1 };
  expect(of('kafka.partition.current_offset', second)).toMatchObject({ value: 40, type: 'gauge' });
  expect(of('kafka.partition.oldest_offset', { topic: 'orders', partition: 0 })?.value).toBe(100);
  expect([of('kafka.partition.replicas', second)?.value, of('kafka.partition.replicas_in_sync', second)?.value]).toEqual([
    2, 1,
  ]);
  expect(of('kafka.consumer_group.members', { group: 'mail' })?.value).toBe(2);
  expect(of('kafka.consumer_group.offset', { group: 'mail', topic: 'orders', partition: 0 })?.value).toBe(500);
  expect(of('kafka.consumer_group.offset', second)).toBeUndefined();
  expect(of('kafka.brokers')?.resource).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': server.port,
    'sonde.middleware.kind': 'kafka',
    'messaging.system': 'kafka',
  });
  expect(watched.said('kafka/main')).toEqual([]);
});

test('a group that reads nothing more: its lag in messages and in seconds', async () => {
  expect(of('sonde.kafka.consumer_group.lag_time', { group: 'mail' })?.value).toBe(0);
  writtenMs = Date.now();
  await watched.capture.until(() => (of('kafka.consumer_group.lag_sum', { group: 'mail' })?.value ?? 0) > 100);
  const { value: lag = NaN } = of('kafka.consumer_group.lag', { group: 'mail', topic: 'orders', partition: 0 }) ?? {};
  const seconds = of('sonde.kafka.consumer_group.lag_time', { group: 'mail' })?.value ?? NaN;
  // The first of them was written between the two looks around the begin, a second apart.
  expect(seconds).toBeGreaterThanOrEqual(lag / 100 - 0.5);
  expect(seconds).toBeLessThan(lag / 100 + 2.5);
});

test('the client does not look each millisecond for requests that wait', async () => {
  const status = (): number =>
    Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(readFileSync(`/proc/${watched.agent.child.pid}/status`, 'utf8'))?.[1]);
  const before = status();
  await sleep(1000);
  // Four receivers, each asked each second, with the answers of their brokers.
  expect(status() - before).toBeLessThan(500);
});

test('a right that is missing: the rest, and one line that says what to do', async () => {
  await watched.nextScrape('kafka/poor');
  expect(watched.newest('kafka/poor', 'kafka.partition.current_offset')?.value).toBeDefined();
  expect(watched.newest('kafka/poor', 'kafka.consumer_group.members')).toBeUndefined();
  expect(watched.said('kafka/poor')).toEqual([expect.stringMatching(/no groups: .*no coordinator.*kafka-acls\.sh --add/)]);
});

test('a wrong password, nobody there: down, with one line each; no password in any', async () => {
  await Promise.all(['wrong', 'nobody'].map((name) => watched.nextScrape(`kafka/${name}`)));
  expect(watched.newest('kafka/wrong', 'sonde.middleware.up')?.value).toBe(0);
  expect(watched.said('kafka/wrong')).toEqual([expect.stringContaining('Kafka refuses the user, the password')]);
  expect(watched.said('kafka/nobody')).toEqual([expect.stringContaining('nothing listens at 127.0.0.1:1')]);
  expect(watched.agent.output()).not.toMatch(/wr0ng/);
});

test('the server is gone', async () => {
  await server.stop();
  await watched.capture.until(() => of('sonde.middleware.up')?.value === 0);
  await watched.nextScrape('kafka/main');
  expect(watched.said('kafka/main').join('\n')).toMatch(/nothing listens at|closed/);
});
