import type { Span } from '@sonde/api';

/** What a span's row is about: the service itself, or what a call of its went to when that reports nothing of its own. */
export interface Subject {
  readonly kind: 'service' | 'database' | 'queue' | 'remote';
  readonly label: string;
}

function firstText(span: Span, keys: readonly string[]): string {
  for (const key of keys) {
    const value = span.attributes[key];
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
    return { kind: 'database', label: joined(system, firstText(span, ['db.namespace', 'db.name', 'server.address'])) };
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

function joined(system: string, what: string): string {
  return what === '' || /^\d+$/.test(what) ? system : `${system} ${what}`;
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.');
}
