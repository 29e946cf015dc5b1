import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server } from '../fixtures/servers/server.ts';
import { startTomcat } from '../fixtures/servers/tomcat.ts';
import { watch, type Watched } from '../fixtures/watched.ts';

const password = 'gehei$m-4711';

let server: Server;
let watched: Watched;

beforeAll(async () => {
  server = await startTomcat([
    { name: 'sonde', password, role: 'manager-status' },
    { name: 'poor', password, role: 'nothing' },
  ]);
  const origin = `http://127.0.0.1:${server.port}`;
  const endpoint = `${origin}/manager`;
  watched = await watch({
    'tomcat/main': { endpoint, username: 'sonde', password },
    'tomcat/poor': { endpoint, username: 'poor', password },
    'tomcat/wrong': { endpoint, username: 'sonde', password: 'wr0ng-one' },
    'tomcat/other': { endpoint: origin, username: 'sonde', password },
  });
  await watched.capture.until(() => of('tomcat.request.count'));
});
afterAll(async () => {
  await watched.stop();
  await server.stop();
});

const of = (metric: string, attributes?: object) => watched.newest('tomcat/main', metric, attributes);

test('connectors, sessions and memory, in a resource that says which Tomcat this is', async () => {
  const connector = `http-nio-127.0.0.1-${server.port}`;
  expect(of('tomcat.thread.limit', { 'tomcat.thread.pool.name': connector })).toMatchObject({
    value: 10,
    type: 'sum',
    isMonotonic: false,
    unit: '{thread}',
  });
  expect(of('tomcat.thread.busy.count')?.value).toBeGreaterThanOrEqual(1);
  expect(of('tomcat.session.active.count', { 'tomcat.context': '/manager' })?.value).toBe(0);
  expect(of('jvm.memory.used', { 'jvm.memory.pool.name': 'Metaspace' })?.value).toBeGreaterThan(2 ** 20);
  expect(of('tomcat.request.count')?.resource).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': server.port,
    'sonde.middleware.kind': 'tomcat',
  });
  const processor = { 'tomcat.request.processor.name': connector };
  const counts = () => [of('tomcat.request.count', processor)?.value ?? NaN, of('tomcat.error.count', processor)?.value ?? NaN];
  const [requests = NaN, errors = NaN] = counts();
  // The other receivers go on asking, and being refused.
  await watched.capture.until(() => (counts()[0] ?? 0) > requests && (counts()[1] ?? 0) > errors);
  expect(of('tomcat.network.io', { ...processor, 'network.io.direction': 'transmit' })?.value).toBeGreaterThan(100);
  expect(watched.said('tomcat/main')).toEqual([]);
});

test('a role that is missing, a wrong password, and no manager there: down, with one line each; no password in any', async () => {
  await Promise.all(['poor', 'wrong', 'other'].map((name) => watched.nextScrape(`tomcat/${name}`)));
  expect(watched.newest('tomcat/poor', 'sonde.middleware.up')?.value).toBe(0);
  expect(watched.said('tomcat/poor')).toEqual([expect.stringContaining('role manager-status in conf/tomcat-users.xml')]);
  expect(watched.said('tomcat/wrong')).toEqual([expect.stringContaining('refuses the user or the password')]);
  expect(watched.said('tomcat/other')).toEqual([expect.stringContaining('tomcat10-admin')]);
  expect(watched.agent.output()).not.toMatch(/gehei|wr0ng/);
});

test('the server is gone', async () => {
  await server.stop();
  await watched.capture.until(() => of('sonde.middleware.up')?.value === 0);
  expect(watched.said('tomcat/main').join('\n')).toMatch(/nothing listens at|closed/);
});
