import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { type SeenPoint } from '../fixtures/otlp/decode.ts';
import { type Started, startProcess } from '../fixtures/process.ts';
import { startRedis } from '../fixtures/servers/redis.ts';
import { type Server } from '../fixtures/servers/server.ts';

const password = 'gehei$m-4711';

let server: Server;
let admin: Redis;
let capture: Capture;
let hostAgent: Started;
let folder: string;

beforeAll(async () => {
  server = await startRedis();
  admin = new Redis({ port: server.port, host: '127.0.0.1' });
  await admin.config('SET', 'slowlog-log-slower-than', '2000', 'latency-monitor-threshold', '2');
  // As docs/middleware.md says, but for one privilege that `poor` lacks.
  const rights = ['on', `>${password}`, '-@all', '+info', '+slowlog|get', '+latency|latest'];
  await admin.call('ACL', 'SETUSER', 'sonde', ...rights);
  await admin.call('ACL', 'SETUSER', 'poor', ...rights.filter((right) => right !== '+slowlog|get'));
  capture = await startCapture();
  folder = await mkdtemp(join(tmpdir(), 'sonde-host-agent-'));
  const config = join(folder, 'host-agent.yaml');
  const receiver = (name: string, username: string, secret: string): string =>
    `  redis/${name}: { endpoint: "127.0.0.1:${server.port}", username: "${username}", password: "${secret}" }\n`;
  const receivers = [
    receiver('cache', 'sonde', '${env:CACHE_PASSWORD}'),
    receiver('poor', 'poor', password),
    receiver('wrong', 'sonde', 'wr0ng-one'),
    receiver('nobody', '', ''),
  ];
  await admin.config('SET', 'requirepass', 'other');
  await writeFile(config, `receivers:\n${receivers.join('')}`);
  hostAgent = await startProcess(['packages/host-agent/dist/main.js'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: capture.url,
    SONDE_HOST_AGENT_INTERVAL_SECONDS: '1',
    SONDE_HOST_AGENT_CONFIG: config,
    CACHE_PASSWORD: password,
  });
  await capture.until(() => newest('redis.uptime'));
});
afterAll(async () => {
  await hostAgent.stop();
  await server.stop();
  await capture.stop();
  await rm(folder, { recursive: true });
});

function newest(metric: string, id = 'redis/cache', attributes: object = {}): SeenPoint | undefined {
  return capture.points.findLast(
    (one) =>
      one.metric === metric &&
      one.resource['sonde.receiver'] === id &&
      Object.entries(attributes).every(([key, value]) => one.attributes[key] === value),
  );
}

async function nextScrape(): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  await capture.until(() => (newest('redis.uptime')?.timeNs ?? 0n) > now);
}

test('what INFO says, in a resource that says which Redis this is', async () => {
  await admin.mset('a', '1', 'b', '2');
  await admin.get('a');
  await admin.get('nothing');
  await nextScrape();
  expect(newest('redis.db.keys', 'redis/cache', { db: '0' })).toMatchObject({ value: 2, type: 'gauge', unit: '{key}' });
  expect(newest('redis.keyspace.hits')).toMatchObject({ value: 1, type: 'sum', isMonotonic: true, temporality: 2 });
  expect(newest('redis.keyspace.misses')?.value).toBe(1);
  expect(newest('redis.cmd.calls', 'redis/cache', { cmd: 'get' })?.value).toBe(2);
  expect(newest('redis.clients.connected')?.value).toBeGreaterThanOrEqual(3);
  expect(newest('redis.memory.used')?.value).toBeGreaterThan(500_000);
  expect(newest('redis.uptime')?.resource).toMatchObject({
    'host.name': hostname(),
    'server.address': '127.0.0.1',
    'server.port': server.port,
    'sonde.middleware.kind': 'redis',
    'db.system.name': 'redis',
    'redis.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
  expect(newest('sonde.middleware.up')?.value).toBe(1);
  // Its counters began when the server did, which is after the machine.
  const startedMs = Number((newest('redis.uptime')?.startNs ?? 0n) / 1_000_000n);
  expect(Math.abs(Date.now() - startedMs)).toBeLessThan(60_000);
});

test('one connection serves all scrapes', async () => {
  const of = () => newest('redis.connections.received')?.value ?? 0;
  await nextScrape();
  const before = of();
  await nextScrape();
  // Those of the two receivers that are refused.
  expect(of() - before).toBeLessThanOrEqual(2);
});

test('a slow command is a log record: its name and client, not its arguments', async () => {
  await admin.eval('local n = 0 for i = 1, tonumber(ARGV[1]) do n = n + i end return n', '0', '3000000', 'card-4711');
  const record = await capture.until(() => capture.logs.find(({ attributes }) => attributes['event.name'] === 'redis.slowlog'));
  expect(record).toMatchObject({
    severityText: 'WARN',
    body: expect.stringMatching(/^EVAL took \d+(\.\d+)? ms$/),
    attributes: { 'db.operation.name': 'EVAL', 'client.address': '127.0.0.1' },
    resource: {
      'service.name': 'redis',
      'sonde.receiver': 'redis/cache',
      'db.system.name': 'redis',
      'server.port': server.port,
    },
  });
  expect(record.attributes['redis.slowlog.duration']).toBeGreaterThan(0.002);
  expect(JSON.stringify(capture.logs)).not.toContain('card-4711');
  await capture.until(() => capture.logs.some(({ attributes }) => attributes['redis.latency.event'] === 'command'));
  // Metrics are sent by themselves.
  await capture.until(() => newest('sonde.redis.latency.max', 'redis/cache', { event: 'command' }));
  expect(newest('sonde.redis.latency.max', 'redis/cache', { event: 'command' })?.value).toBeGreaterThanOrEqual(0.002);
  // Once, though its scrapes go on.
  await nextScrape();
  const slow = capture.logs.filter((one) => one.attributes['event.name'] === 'redis.slowlog' && one.body === record.body);
  expect(slow.filter(({ resource }) => resource['sonde.receiver'] === 'redis/cache')).toHaveLength(1);
});

test('a privilege that is missing: the rest, and one line that says which', async () => {
  await nextScrape();
  expect(newest('redis.uptime', 'redis/poor')?.value).toBeGreaterThanOrEqual(0);
  expect(newest('sonde.redis.slowlog.entries', 'redis/poor')).toBeUndefined();
  const lines = hostAgent.output().match(/redis\/poor: .*/g);
  expect(lines).toHaveLength(1);
  expect(lines?.[0]).toContain('ACL SETUSER <username> +slowlog|get');
});

test('a wrong password, and none: down, with one line each that says what to do; no password in any', () => {
  expect(newest('sonde.middleware.up', 'redis/wrong')?.value).toBe(0);
  expect(newest('sonde.middleware.up', 'redis/nobody')?.value).toBe(0);
  expect(newest('redis.uptime', 'redis/wrong')).toBeUndefined();
  expect(hostAgent.output().match(/redis\/wrong: .*refuses the user or the password/g)).toHaveLength(1);
  expect(hostAgent.output().match(/redis\/nobody: .*asks for a password/g)).toHaveLength(1);
  expect(hostAgent.output()).not.toMatch(/gehei|wr0ng/);
});

test('the server is gone', async () => {
  admin.disconnect();
  await server.stop();
  await capture.until(() => newest('sonde.middleware.up')?.value === 0);
  expect(newest('sonde.middleware.up')?.resource).toEqual(newest('redis.uptime')?.resource);
  expect(hostAgent.output()).toMatch(/redis\/cache: (?:nothing listens at|127\.0\.0\.1:\d+ closed)/);
});
