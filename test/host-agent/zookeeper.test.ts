import { once } from 'node:events';

import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server } from '../fixtures/servers/server.ts';
import { startZookeeper } from '../fixtures/servers/zookeeper.ts';
import { watch, type Watched } from '../fixtures/watched.ts';

let server: Server;
/** What ZooKeeper 3.8 answers where `mntr` is not allowed. */
const refusing = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end('mntr is not executed because it is not in the whitelist.\n'));
});
let watched: Watched;

beforeAll(async () => {
  refusing.listen(0, '127.0.0.1');
  [server] = await Promise.all([startZookeeper('mntr'), once(refusing, 'listening')]);
  watched = await watch({
    'zookeeper/main': { endpoint: `127.0.0.1:${server.port}` },
    'zookeeper/closed': { endpoint: `127.0.0.1:${(refusing.address() as AddressInfo).port}` },
  });
  await watched.capture.until(() => of('zookeeper.znode.count'));
});
afterAll(async () => {
  await watched.stop();
  await server.stop();
  refusing.close();
});

const of = (metric: string, attributes?: object) => watched.newest('zookeeper/main', metric, attributes);

test('mntr, in a resource that says which ZooKeeper this is', async () => {
  expect(of('zookeeper.znode.count')).toMatchObject({ type: 'sum', isMonotonic: false, unit: '{znodes}' });
  expect(of('zookeeper.znode.count')?.value).toBeGreaterThan(1);
  expect(of('zookeeper.connection.active')?.value).toBeGreaterThanOrEqual(1);
  expect(of('zookeeper.latency.avg')?.value).toBeGreaterThanOrEqual(0);
  expect(of('zookeeper.file_descriptor.limit')?.value).toBeGreaterThan(100);
  expect(of('zookeeper.znode.count')?.resource).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': server.port,
    'server.state': 'standalone',
    'sonde.middleware.kind': 'zookeeper',
    'zk.version': expect.stringMatching(/^3\.\d+/),
  });
  const before = of('zookeeper.packet.count', { direction: 'received' })?.value ?? NaN;
  await watched.capture.until(() => (of('zookeeper.packet.count', { direction: 'received' })?.value ?? 0) > before);
  const startedMs = Number((of('zookeeper.packet.count')?.startNs ?? 0n) / 1_000_000n);
  expect(Math.abs(Date.now() - startedMs)).toBeLessThan(60_000);
  expect(watched.said('zookeeper/main')).toEqual([]);
});

test('mntr is not allowed: down, with one line that says what to allow', () => {
  expect(watched.newest('zookeeper/closed', 'sonde.middleware.up')?.value).toBe(0);
  expect(watched.said('zookeeper/closed')).toEqual([expect.stringContaining('4lw.commands.whitelist=mntr')]);
});

test('the server is gone', async () => {
  await server.stop();
  await watched.capture.until(() => of('sonde.middleware.up')?.value === 0);
  expect(watched.said('zookeeper/main').join('\n')).toMatch(/nothing listens at|closed/);
});
