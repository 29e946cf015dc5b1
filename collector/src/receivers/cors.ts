/** Which web pages may send, and what their browsers are told (Fetch standard, "CORS protocol"). */
import type { IncomingHttpHeaders } from 'node:http';

type Headers = Readonly<Record<string, string>>;

/** Exact origins, or `*` alone. */
export type CorsOrigins = readonly string[];

/** What browsers' OTLP exporters and instrumented `fetch` set. Besides, a page may name any header that starts with `x-`. */
const headersAllowed = ['content-type', 'content-encoding', 'authorization', 'traceparent', 'tracestate', 'baggage', 'b3'];

/** A browser asks again after this; Chromium's own limit. */
const preflightValidSeconds = 7_200;

function isAllowed(origins: CorsOrigins, origin: string | undefined): boolean {
  return origin !== undefined && (origins[0] === '*' || origins.includes(origin));
}

/** Headers of every answer, errors among them: without them a page cannot even learn that it was told to try later. */
export function corsHeaders(origins: CorsOrigins, request: IncomingHttpHeaders): Headers {
  if (origins.length === 0) return {};
  const anyPage = origins[0] === '*';
  return {
    ...(!anyPage && { vary: 'Origin' }),
    ...(isAllowed(origins, request.origin) && {
      'access-control-allow-origin': anyPage ? '*' : String(request.origin),
      'access-control-expose-headers': 'Retry-After',
    }),
  };
}

/** The headers of the 204 that answers a preflight of an allowed origin; nothing where it is none, or none from there. */
export function preflightHeaders(
  origins: CorsOrigins,
  method: string | undefined,
  request: IncomingHttpHeaders,
): Headers | undefined {
  const isPreflight = method === 'OPTIONS' && request['access-control-request-method'] !== undefined;
  if (!isPreflight || !isAllowed(origins, request.origin)) return undefined;
  const asked = (request['access-control-request-headers'] ?? '').toLowerCase().split(',');
  const named = asked.map((name) => name.trim()).filter((name) => /^x-[a-z0-9-]{1,100}$/.test(name));
  return {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': [...headersAllowed, ...named].join(', '),
    'access-control-max-age': String(preflightValidSeconds),
  };
}
