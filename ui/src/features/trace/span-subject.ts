import type { Span } from '@sonde/api';
import { attributeOf } from './stored-span.ts';

/** What a span's row is about: the service itself, or what a call of its went to when that reports nothing of its own. */
export interface Subject {
  readonly kind: 'service' | 'database' | 'queue' | 'remote';
  readonly label: string;
}

function firstText(span: Span, keys: readonly string[]): string {
  for (const key of keys) {
    const value = attributeOf(span, key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

/**
 * A database or a broker sends no spans: its part of the trace is the client's span, which is therefore shown under its name
 * (`postgresql shop`, `rabbitmq orders`). A call to a service that does send spans stays the caller's.
 */
export function subjectOf(span: Span, hasRemoteChild: boolean): Subject {
  const system = firstText(span, ['db.system.name', 'db.system']);
  if (system !== '') {
    const address = firstText(span, ['server.address', 'net.peer.name']);
    const where = firstText(span, ['db.namespace', 'db.name']) || (isLoopback(address) ? '' : address);
    return { kind: 'database', label: joined(system, where) };
  }
  const broker = firstText(span, ['messaging.system']);
  if (broker !== '' && span.kind === 'producer') {
    return { kind: 'queue', label: joined(broker, firstText(span, ['messaging.destination.name'])) };
  }
  if (span.kind === 'client' && !hasRemoteChild) {
    const address = firstText(span, ['server.address', 'net.peer.name']);
    if (address !== '' && !isLoopback(address)) return { kind: 'remote', label: address };
  }
  return { kind: 'service', label: span.service };
}

/**
 * The span's name, and where that is nothing but the method of an HTTP call (no route is known), the path beside it: so says the
 * convention for names of low cardinality, but in one trace the path is what tells two calls apart.
 */
export function displayName(span: Span): string {
  const method = firstText(span, ['http.request.method', 'http.method']);
  if (method === '' || span.name !== method) return span.name;
  const path = firstText(span, ['url.path']) || pathOf(firstText(span, ['url.full', 'http.url']));
  return path === '' ? span.name : `${span.name} ${path}`;
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '';
}

function joined(system: string, what: string): string {
  return what === '' || /^\d+$/.test(what) ? system : `${system} ${what}`;
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.');
}
