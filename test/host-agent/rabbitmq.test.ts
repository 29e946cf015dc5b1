import { afterAll, beforeAll, expect, test } from 'vitest';
import captured from '../fixtures/captured/rabbitmq-3.10.json' with { type: 'json' };
import { real } from '../fixtures/real.ts';
import { startAnswering } from '../fixtures/servers/answering.ts';
import { startRabbitmq } from '../fixtures/servers/rabbitmq.ts';
import { type Server } from '../fixtures/servers/server.ts';
import { watch, type Watched } from '../fixtures/watched.ts';

const password = 'gehei$m-4711';

let server: Server;
let watched: Watched;

/** Who asks decides what is answered, as RabbitMQ 3.10 answered. */
function answer(user: string, path: string): [number, unknown] {
  const [name = '', given = ''] = user.split(/:(.*)/s);
  const known = name === 'sonde' || name === 'poor' || name === 'untagged';
  if (!known || given !== password) return [401, captured.loginFailed];
  if (name !== 'sonde' && path === '/api/queues') return [200, []];
  if (name !== 'untagged') return [200, captured[path.slice(5) as 'overview']];
  return path === '/api/nodes' ? [401, captured.notMonitor] : [200, captured.untaggedOverview];
}

beforeAll(async () => {
  server = real ? await startRabbitmq(password) : await startAnswering(({ user, path }) => answer(user, path));
  const endpoint = `http://127.0.0.1:${server.port}`;
  watched = await watch({
    'rabbitmq/main': { endpoint, username: 'sonde', password },
    'rabbitmq/poor': { endpoint, username: 'poor', password },
    'rabbitmq/untagged': { endpoint, username: 'untagged', password },
    'rabbitmq/wrong': { endpoint, username: 'sonde', password: 'wr0ng-one' },
    'rabbitmq/other': { endpoint: `${endpoint}/elsewhere`, username: 'sonde', password },
  });
  await watched.capture.until(() => of('rabbitmq.consumer.count'));
});
afterAll(async () => {
  await watched.stop();
  await server.stop();
});

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
  expect(of('rabbitmq.node.mem_alarm')).toMatchObject({
    value: 0,
    attributes: { 'rabbitmq.node.name': expect.stringMatching(/^sonde.*@/) },
  });
  expect(of('rabbitmq.consumer.count')?.resource).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': server.port,
    'sonde.middleware.kind': 'rabbitmq',
    'messaging.system': 'rabbitmq',
    'rabbitmq.version': '3.10.8',
  });
  const startedMs = Number((of('rabbitmq.message.published')?.startNs ?? 0n) / 1_000_000n);
  expect(Math.abs(Date.now() - (real ? 0 : (captured.nodes[0]?.uptime ?? 0)) - startedMs)).toBeLessThan(30_000);
  expect(watched.said('rabbitmq/main')).toEqual([]);
});

test('permissions or a tag that are missing: the rest, and one line that says what to do', async () => {
  await Promise.all(['poor', 'untagged'].map((name) => watched.nextScrape(`rabbitmq/${name}`)));
  expect(watched.newest('rabbitmq/poor', 'sonde.rabbitmq.connections')?.value).toBe(1);
  expect(watched.newest('rabbitmq/poor', 'rabbitmq.node.mem_limit')?.value).toBeGreaterThan(2 ** 20);
  expect(watched.newest('rabbitmq/poor', 'rabbitmq.message.current')).toBeUndefined();
  expect(watched.said('rabbitmq/poor')).toEqual([expect.stringContaining('rabbitmqctl set_permissions -p <vhost> poor')]);
  // This one is not told that there is anything it may not see.
  expect(watched.newest('rabbitmq/untagged', 'sonde.rabbitmq.connections')?.value).toBe(0);
  expect(watched.newest('rabbitmq/untagged', 'rabbitmq.node.mem_limit')).toBeUndefined();
  expect(watched.said('rabbitmq/untagged')).toEqual([expect.stringContaining('rabbitmqctl set_user_tags untagged monitoring')]);
});

test('a wrong password, and another server: down, with one line each; no password in any', () => {
  expect(watched.newest('rabbitmq/wrong', 'sonde.middleware.up')?.value).toBe(0);
  expect(watched.said('rabbitmq/wrong')).toEqual([expect.stringContaining('refuses the user or the password')]);
  expect(watched.said('rabbitmq/other')).toEqual([expect.stringContaining('rabbitmq-plugins enable rabbitmq_management')]);
  expect(watched.agent.output()).not.toMatch(/gehei|wr0ng/);
});
