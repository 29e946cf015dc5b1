import type { Span } from '@sonde/api';
import { expect, test } from 'vitest';
import { displayName, subjectOf } from './span-subject.ts';
import { drawnTrace } from './testing/drawn-trace.ts';

const [drawn] = drawnTrace('  orders  GET  |==|').spans;
const span = (change: Partial<Span>): Span => ({ ...(drawn as Span), ...change });
const subject = (change: Partial<Span>, hasRemoteChild = false) => subjectOf(span(change), hasRemoteChild);

test('a database is named by its system and its namespace, else its address; a machine’s own address says nothing', () => {
  const redis = { 'db.system.name': 'redis' };
  expect(
    subject({ attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'shop', 'server.address': 'db-1' } }).label,
  ).toBe('postgresql shop');
  expect(subject({ attributes: { ...redis, 'server.address': 'cache-1' } }).label).toBe('redis cache-1');
  expect(subject({ attributes: { ...redis, 'server.address': '127.0.0.1' } }).label).toBe('redis');
  expect(subject({ attributes: { ...redis, 'db.namespace': '0' } }).label).toBe('redis');
});

test('a call is the remote’s only where nobody there reports', () => {
  const call: Partial<Span> = { kind: 'client', attributes: { 'server.address': 'psp.example' } };
  expect(subject(call)).toEqual({ kind: 'remote', label: 'psp.example' });
  expect(subject(call, true)).toEqual({ kind: 'service', label: 'orders' });
  expect(subject({ kind: 'client', attributes: { 'server.address': 'localhost' } }).label).toBe('orders');
  expect(subject({ kind: 'server', attributes: { 'server.address': 'orders.example' } }).label).toBe('orders');
});

test('a queue is its publisher’s span, not its consumer’s', () => {
  const attributes = { 'messaging.system': 'rabbitmq', 'messaging.destination.name': 'order.paid' };
  expect(subject({ kind: 'producer', attributes })).toEqual({ kind: 'queue', label: 'rabbitmq order.paid' });
  expect(subject({ kind: 'consumer', attributes })).toEqual({ kind: 'service', label: 'orders' });
});

const named = (attributes: Span['attributes'], name = 'GET') => displayName(span({ name, attributes }));

test('a name that is only a method is told apart by its path', () => {
  expect(named({ 'http.request.method': 'GET', 'url.path': '/stock/1' })).toBe('GET /stock/1');
  expect(named({ 'http.request.method': 'GET', 'url.full': 'http://inventory:80/stock/2?x=1' })).toBe('GET /stock/2');
  expect(named({ 'http.request.method': 'GET', 'url.full': 'not a url' })).toBe('GET');
  expect(named({ 'http.request.method': 'GET', 'url.path': '/x' }, 'GET /:id')).toBe('GET /:id');
  expect(named({})).toBe('GET');
});
