import { subscribe } from 'node:diagnostics_channel';
import { context, type Span } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';

/** What is used of Fastify 4.10 and newer. */
interface FastifyLike {
  addHook(name: 'onRequest', hook: (request: RequestLike, reply: unknown, done: () => void) => void): void;
  addHook(name: 'onError', hook: (request: RequestLike, reply: unknown, error: ErrorLike, done: () => void) => void): void;
}
interface RequestLike {
  readonly routeOptions?: { readonly url?: string | undefined };
}
type ErrorLike = Error & { readonly statusCode?: number };

/**
 * Tells the server span of node:http which Fastify route it is, and what was thrown. Fastify announces each instance on the
 * diagnostics channel `fastify.initialization`, before any plugin or hook of the application.
 *
 * @fastify/otel does this too, but also opens a span `request` inside each server span, with the same times and attributes, that
 * cannot be switched off: twice the spans and nothing more to see.
 */
export function instrumentFastify(): void {
  subscribe('fastify.initialization', (message) => {
    if (!announcesFastify(message)) return;
    const { fastify } = message;
    fastify.addHook('onRequest', (request, _reply, done) => {
      const metadata = serverRequest();
      const route = request.routeOptions?.url;
      if (metadata !== undefined && route !== undefined) metadata.route = route;
      done();
    });
    fastify.addHook('onError', (_request, _reply, error, done) => {
      // A 4xx is the caller's fault, not an error of this service.
      if ((error.statusCode ?? 500) >= 500) serverRequest()?.span.recordException(error);
      done();
    });
  });
}

function announcesFastify(message: unknown): message is { readonly fastify: FastifyLike } {
  if (typeof message !== 'object' || message === null || !('fastify' in message)) return false;
  const { fastify } = message;
  return typeof fastify === 'object' && fastify !== null && 'addHook' in fastify;
}

function serverRequest(): { route?: string; span: Span } | undefined {
  const metadata = getRPCMetadata(context.active());
  return metadata?.type === RPCType.HTTP ? metadata : undefined;
}
