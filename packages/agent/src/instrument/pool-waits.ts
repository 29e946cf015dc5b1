import { SpanKind } from '@opentelemetry/api';
import { type ReadableSpan } from '@opentelemetry/sdk-trace';

const scope = '@opentelemetry/instrumentation-pg';

/** A pool that has a connection free gives it out within microseconds. */
const waitMinMs = 1;

/**
 * Of the spans in which pg gets a connection only those are kept that a request waited in: the pool was exhausted, or a connection was
 * opened. They ask the database nothing, and must not be counted among its calls; so they are the service's own.
 */
export function onlyPoolWaits(span: ReadableSpan): ReadableSpan | undefined {
  // An application may call its own spans so.
  if (span.instrumentationScope.name !== scope) return span;
  if (span.name === 'pg.connect') return undefined;
  if (span.name !== 'pg-pool.connect') return span;
  const [seconds, nanoseconds] = span.duration;
  if (seconds * 1000 + nanoseconds / 1e6 < waitMinMs) return undefined;
  const { 'server.address': host = span.attributes['net.peer.name'], 'server.port': port = span.attributes['net.peer.port'] } =
    span.attributes;
  const pool = [host, port].filter((part) => part !== undefined).join(':');
  return Object.create(span, {
    kind: { value: SpanKind.INTERNAL, enumerable: true },
    attributes: { value: { 'db.client.connection.pool.name': pool }, enumerable: true },
  }) as ReadableSpan;
}
