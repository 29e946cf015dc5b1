import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import captured from '../fixtures/captured/rabbitmq-3.10.json' with { type: 'json' };
import { watch, type Watched } from '../fixtures/watched.ts';

const password = 'gehei$m-4711';

let server: Server;
let watched: Watched;

/** Who asks decides what is answered, as RabbitMQ 3.10 answered. */
function answer(user: string, path: string): [number, unknown] {
  if (user === `sonde:${password}`) return [200, captured[path.slice(5) as 'overview']];
  if (user !== `poor:${password}`) return [401, captured.loginFailed];
  if (path === '/api/nodes') return [401, captured.notMonitor];
  return [200, path === '/api/queues' ? [] : captured.overview];
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const user = Buffer.from(request.headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
    const [status, body] = answer(user, (request.url ?? '').split('?', 1)[0] ?? '');
    response.writeHead(body === undefined ? 404 : status).end(JSON.stringify(body) ?? 'Not Found');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${port()}`;
  watched = await watch({
    'rabbitmq/main': { endpoint, username: 'sonde', password },
    'rabbitmq/poor': { endpoint, username: 'poor', password },
    'rabbitmq/wrong': { endpoint, username: 'sonde', password: 'wr0ng-one' },
    'rabbitmq/other': { endpoint: `${endpoint}/elsewhere`, username: 'sonde', password },
  });
  await watched.capture.until(() => of('rabbitmq.consumer.count'));
});
afterAll(async () => {
  await watched.stop();
  server.close();
  server.closeAllConnections();
});

const port = (): number => (server.address() as AddressInfo).port;
const of = (metric: string, attributes?: object) => watched.newest('rabbitmq/main', metric, attributes);

test('queues and nodes, in a resource that says which RabbitMQ this is', () => {
  const orders = { 'rabbitmq.queue.name': 'orders', 'rabbitmq.vhost.name': '/' };
  expect(of('rabbitmq.message.current', { ...orders, state: 'ready' })).toMatchObject({
    value: 2,
    type: 'sum',
    isMonotonic: false,
    unit: '{messages}',
  });
  expect(of('rabbitmq.message.published', orders)).toMatchObject({ value: 5, isMonotonic: true, temporality: 2 });
  expect(of('rabbitmq.message.dropped')?.value).toBe(1);
  expect(of('rabbitmq.node.mem_limit')?.value).toBeGreaterThan(2 ** 20);
  expect(of('rabbitmq.node.mem_alarm', { 'rabbitmq.node.name': captured.overview.node })?.value).toBe(0);
  expect(of('rabbitmq.consumer.count')?.resource).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': port(),
    'sonde.middleware.kind': 'rabbitmq',
    'messaging.system': 'rabbitmq',
    'rabbitmq.version': '3.10.8',
  });
  const startedMs = Number((of('rabbitmq.message.published')?.startNs ?? 0n) / 1_000_000n);
  expect(Math.abs(Date.now() - (captured.nodes[0]?.uptime ?? 0) - startedMs)).toBeLessThan(30_000);
  expect(watched.said('rabbitmq/main')).toEqual([]);
});

test('a tag and permissions that are missing: the rest, and one line each that says what to do', async () => {
  await watched.nextScrape('rabbitmq/poor');
  expect(watched.newest('rabbitmq/poor', 'sonde.rabbitmq.connections')?.value).toBe(1);
  expect(watched.newest('rabbitmq/poor', 'rabbitmq.node.mem_limit')).toBeUndefined();
  const said = watched.said('rabbitmq/poor');
  expect(said).toHaveLength(2);
  expect(said.join('\n')).toContain('rabbitmqctl set_user_tags poor monitoring');
  expect(said.join('\n')).toContain('rabbitmqctl set_permissions -p <vhost> poor');
});

test('a wrong password, and another server: down, with one line each; no password in any', () => {
  expect(watched.newest('rabbitmq/wrong', 'sonde.middleware.up')?.value).toBe(0);
  expect(watched.said('rabbitmq/wrong')).toEqual([expect.stringContaining('refuses the user or the password')]);
  expect(watched.said('rabbitmq/other')).toEqual([expect.stringContaining('rabbitmq-plugins enable rabbitmq_management')]);
  expect(watched.agent.output()).not.toMatch(/gehei|wr0ng/);
});
