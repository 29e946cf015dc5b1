import { afterAll, beforeAll, expect, test } from 'vitest';
import { real } from '../fixtures/real.ts';
import { startActivemq } from '../fixtures/servers/activemq.ts';
import { startAnswering } from '../fixtures/servers/answering.ts';
import { type Server } from '../fixtures/servers/server.ts';
import captured from '../fixtures/captured/activemq-5.17.json' with { type: 'json' };
import { watch, type Watched } from '../fixtures/watched.ts';

const password = 'gehei$m-4711';

let server: Server;
let watched: Watched;

/** As ActiveMQ 5.17 and Jolokia 1.7 answered. */
const startCaptured = (): Promise<Server> =>
  startAnswering(({ user, path, headers }) => {
    if (user !== `sonde:${password}`) return [user === `poor:${password}` ? 403 : 401, 'a page'];
    if (path !== '/api/jolokia/') return [404, undefined];
    return [200, headers.origin === undefined ? captured.noOrigin : captured.answers];
  });

beforeAll(async () => {
  server = real ? await startActivemq(password) : await startCaptured();
  const origin = `http://127.0.0.1:${server.port}`;
  const endpoint = `${origin}/api/jolokia`;
  watched = await watch({
    'activemq/main': { endpoint, username: 'sonde', password },
    'activemq/poor': { endpoint, username: 'poor', password },
    'activemq/wrong': { endpoint, username: 'sonde', password: 'wr0ng-one' },
    'activemq/other': { endpoint: `${origin}/elsewhere`, username: 'sonde', password },
  });
  await watched.capture.until(() => of('activemq.connection.count'));
});
afterAll(async () => {
  await watched.stop();
  await server.stop();
});

const of = (metric: string, attributes?: object) => watched.newest('activemq/main', metric, attributes);

test('destinations and the broker, in a resource that says which ActiveMQ this is', () => {
  const queue = (name: string) => ({
    'messaging.destination.name': name,
    'activemq.destination.type': 'queue',
    'activemq.broker.name': 'shop',
  });
  expect(of('activemq.message.queue.size', queue('orders'))).toMatchObject({
    value: 5,
    type: 'sum',
    isMonotonic: false,
    unit: '{message}',
  });
  expect(of('activemq.message.enqueued', queue('orders'))).toMatchObject({ value: 5, isMonotonic: true, temporality: 2 });
  expect(of('activemq.consumer.count', queue('mail'))?.value).toBe(1);
  expect(of('sonde.activemq.message.in_flight', queue('mail'))?.value).toBe(1);
  expect(
    of('activemq.message.dequeued', { 'messaging.destination.name': 'prices', 'activemq.destination.type': 'topic' })?.value,
  ).toBe(0);
  expect(watched.capture.points.filter(({ attributes }) => JSON.stringify(attributes).includes('Advisory'))).toEqual([]);
  expect(of('activemq.memory.limit')?.value).toBe(32 * 2 ** 20);
  expect(of('activemq.memory.utilization')?.value).toBeLessThan(1);
  expect(of('activemq.connection.count')?.value).toBe(1);
  expect(of('activemq.connection.count')?.resource).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': server.port,
    'sonde.middleware.kind': 'activemq',
    'messaging.system': 'activemq',
    'activemq.version': '5.17.2',
  });
  const startedMs = Number((of('activemq.message.enqueued')?.startNs ?? 0n) / 1_000_000n);
  expect(Math.abs(Date.now() - startedMs)).toBeLessThan(60_000);
  expect(watched.said('activemq/main')).toEqual([]);
});

test('a role that is missing, a wrong password, no Jolokia there: down, with one line each; no password in any', async () => {
  await Promise.all(['poor', 'wrong', 'other'].map((name) => watched.nextScrape(`activemq/${name}`)));
  expect(watched.newest('activemq/poor', 'sonde.middleware.up')?.value).toBe(0);
  expect(watched.said('activemq/poor')).toEqual([expect.stringContaining('the role `user`')]);
  expect(watched.said('activemq/wrong')).toEqual([expect.stringContaining('refuses the user or the password')]);
  expect(watched.said('activemq/other')).toEqual([expect.stringContaining('http://127.0.0.1:8161/api/jolokia')]);
  expect(watched.agent.output()).not.toMatch(/gehei|wr0ng/);
});
