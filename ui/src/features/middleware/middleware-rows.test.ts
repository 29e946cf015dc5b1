import type { MiddlewareClient, MiddlewareSummary } from '@sonde/api';
import { expect, test } from 'vitest';
import {
  callsSearch,
  errorTone,
  figureTone,
  findMiddleware,
  kindName,
  mapNode,
  receiverLine,
  serverName,
  shownFigures,
  stateTone,
} from './middleware-rows.ts';

const client: MiddlewareClient = { kind: 'database', system: 'redis', address: 'cache.example:6379', name: '', host: null };
const redis: MiddlewareSummary = {
  id: 'redis:shop-1:6379',
  kind: 'redis',
  address: 'shop-1:6379',
  host: 'shop-1',
  version: '7.2.0',
  seenBy: 'both',
  receivers: [],
  up: true,
  lastSeenMs: 0,
  figures: [],
  clients: [client],
  candidates: [],
  callers: ['cart'],
  requests: 120,
  errors: 3,
  p95Ns: 1,
};

test('found by its own name, by those of its callers and by what they call it', () => {
  for (const find of ['SHOP', 'Redis', 'cart', 'cache.ex']) expect(findMiddleware([redis], find)).toHaveLength(1);
  expect(findMiddleware([redis], 'postgres')).toHaveLength(0);
});

test('names', () => {
  expect([kindName('postgresql'), kindName('elasticsearch'), kindName('toString')]).toEqual([
    'PostgreSQL',
    'elasticsearch',
    'toString',
  ]);
  expect([serverName(redis), serverName({ kind: 'kafka', address: '' })]).toEqual(['shop-1:6379', 'Kafka']);
});

test('unknown is not zero', () => {
  expect([0.2, 0.02, 0, null].map(errorTone)).toEqual(['bad', 'warn', 'quiet', 'quiet']);
  expect([true, false, null].map(stateTone)).toEqual(['ok', 'bad', 'quiet']);
});

test('figures in trouble come first, each by its own measure', () => {
  const figures = [
    { id: 'commands', unit: '{command}/s', value: 9e9 },
    { id: 'hitRate', unit: '1', value: 0.1 },
    { id: 'connectionsUsed', unit: '1', value: 0.8 },
    { id: 'replicationLag', unit: 's', value: 600 },
  ];
  expect(figures.map(figureTone)).toEqual([undefined, undefined, 'warn', 'bad']);
  expect(shownFigures(figures, 3).map(({ id }) => id)).toEqual(['replicationLag', 'connectionsUsed', 'commands']);
});

test('the node of the map, as the API names it', () => {
  expect(mapNode({ ...client, name: 'a/b' })).toBe('database:redis/cache.example%3A6379/a%2Fb');
  expect(mapNode({ ...client, kind: 'queue', system: 'kafka', name: 'mails' })).toBe('queue:kafka/mails');
  expect(mapNode({ ...client, kind: 'remote' })).toBe('remote:cache.example%3A6379');
});

test('the spans of its callers', () => {
  expect(callsSearch([])).toBeUndefined();
  expect(callsSearch([client])).toBe('db.system.name = "redis" and server.address = "cache.example"');
  expect(callsSearch([client, { ...client, address: '127.0.0.1' }])).toBe(
    'db.system.name = "redis" and server.address in ("cache.example", "127.0.0.1")',
  );
  expect(callsSearch([{ ...client, kind: 'queue', system: 'kafka', address: '' }])).toBe('messaging.system = "kafka"');
  expect(callsSearch([{ ...client, kind: 'remote', system: '' }])).toBe('server.address = "cache.example"');
});

test('how it would be asked', () => {
  expect(receiverLine(redis)).toBe('receivers: { redis: { endpoint: "shop-1:6379" } }');
  expect(receiverLine({ kind: 'rabbitmq', address: 'mq:5672' })).toBe(
    'receivers: { rabbitmq: { endpoint: "http://mq:15672", username: sonde, password: "${env:RABBITMQ_PASSWORD}" } }',
  );
  expect(receiverLine({ kind: 'elasticsearch', address: 'es:9200' })).toBeUndefined();
});
