import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { type Attributes, type SeenSpan } from '../fixtures/otlp/decode.ts';
import { agentByImport, agentByRequire, type Ran, runApp } from '../fixtures/run-app.ts';

let capture: Capture;
beforeAll(async () => {
  capture = await startCapture();
});
afterAll(() => capture.stop());

const isTo = ({ 'url.full': url }: Attributes, path: string): boolean => typeof url === 'string' && url.endsWith(path);

/** The span that is the only one like this. */
function only(spans: readonly SeenSpan[], kind: SeenSpan['kind'], name: string, path?: string): SeenSpan {
  const found = spans.filter(
    (span) => span.kind === kind && span.name === name && (path === undefined || span.attributes['url.path'] === path),
  );
  expect(found.map((span) => `${span.kind} ${span.name}`)).toHaveLength(1);
  return found[0] as SeenSpan;
}

describe('ESM application with --import', () => {
  let ran: Ran;
  beforeAll(async () => {
    capture.clear();
    ran = await runApp('http-services.mjs', {
      agent: agentByImport,
      // Sends often, so that there is much of the agent's own traffic that could be traced by mistake.
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: capture.url, OTEL_BSP_SCHEDULE_DELAY: '5', OTEL_METRIC_EXPORT_INTERVAL: '100' },
    });
  });

  test('the application does what it does without the agent', async () => {
    const without = await runApp('http-services.mjs', {});
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: without.code, stdout: without.stdout });
    expect(ran.stderr).not.toMatch(/warning|sonde agent/i);
  });

  test('one trace through fetch, fastify, node:http, express, fetch and node:http, each the parent of the next', () => {
    const chain = [
      capture.spans.find(({ attributes, scope }) => attributes['url.path'] === '/orders/17' && scope.includes('undici')),
      only(capture.spans, 'server', 'GET /orders/:id'),
      capture.spans.find(
        ({ attributes, kind, scope }) => kind === 'client' && scope.includes('http') && isTo(attributes, '/items/17'),
      ),
      only(capture.spans, 'server', 'GET /items/:id'),
      capture.spans.find(({ attributes, kind }) => kind === 'client' && attributes['url.path'] === '/stock'),
      only(capture.spans, 'server', 'GET', '/stock'),
    ] as SeenSpan[];
    expect(chain.every((span) => span !== undefined)).toBe(true);
    expect(new Set(chain.map(({ traceId }) => traceId)).size).toBe(1);
    expect(chain.map(({ parentSpanId }) => parentSpanId)).toEqual(['', ...chain.slice(0, -1).map(({ spanId }) => spanId)]);
    // Nothing else in that trace: no middleware, no hooks, no connections.
    expect(capture.spans.filter(({ traceId }) => traceId === chain[0]?.traceId)).toHaveLength(chain.length);
    for (const { startNs, endNs } of chain) expect(endNs).toBeGreaterThan(startNs);
  });

  test('a server span has the stable HTTP attributes', () => {
    const { attributes, status } = only(capture.spans, 'server', 'GET /orders/:id');
    expect(attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/orders/:id',
      'url.path': '/orders/17',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': expect.any(Number),
      'client.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'node',
    });
    expect(status).toBe('unset');
    expect(
      Object.keys(attributes).filter((key) => /^http\.(method|url|target|status_code|host|scheme)$|^net\./.test(key)),
    ).toEqual([]);
  });

  test('a client span has the stable HTTP attributes, and no signature', () => {
    const fetched = capture.spans.find(({ attributes, kind }) => kind === 'client' && attributes['url.path'] === '/stock');
    expect(fetched?.name).toBe('GET');
    expect(fetched?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.full': expect.stringMatching(/\/stock\?item=17&sig=REDACTED$/),
      'url.query': 'item=17&sig=REDACTED',
      'server.address': '127.0.0.1',
      'server.port': expect.any(Number),
    });
    expect(fetched?.attributes).not.toHaveProperty('http.request.method_original');
    const requested = capture.spans.find(
      ({ attributes, scope }) => scope.includes('instrumentation-http') && 'url.full' in attributes,
    );
    expect(requested?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.full': expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/items\/17$/),
      'server.address': '127.0.0.1',
      'server.port': expect.any(Number),
    });
  });

  test('a body is read inside the request: POST', () => {
    expect(only(capture.spans, 'server', 'POST /orders').attributes['http.response.status_code']).toBe(200);
  });

  test.each(['/fails', '/broken'])('a handler that throws: %s', (path) => {
    const { status, attributes, events } = only(capture.spans, 'server', `GET ${path}`);
    expect(status).toBe('error');
    expect(attributes).toMatchObject({ 'http.response.status_code': 500, 'error.type': '500', 'http.route': path });
    // Only Fastify tells what was thrown.
    if (path === '/fails') expect(events[0]?.attributes['exception.message']).toBe('no such luck');
  });

  test('where there is no route the name has none, and a 404 is no error of the server', () => {
    for (const span of capture.spans.filter(
      ({ kind, attributes }) => kind === 'server' && attributes['url.path'] === '/nowhere',
    )) {
      expect(span).toMatchObject({ name: 'GET', status: 'unset', attributes: { 'http.response.status_code': 404 } });
      expect(span.attributes).not.toHaveProperty('http.route');
    }
    expect(
      capture.spans.filter(({ kind, attributes }) => kind === 'server' && attributes['url.path'] === '/nowhere'),
    ).toHaveLength(2);
  });

  test('a server that is gone: an error with its type', () => {
    const gone = capture.spans.find(({ kind, attributes }) => kind === 'client' && attributes['url.path'] === '/gone');
    expect(gone).toMatchObject({
      status: 'error',
      attributes: { 'error.type': expect.stringMatching(/^(ECONNREFUSED|UND_ERR_SOCKET)$/) },
    });
  });

  test('the agent does not trace its own requests', () => {
    // A traced export would itself have been exported by the next.
    expect(capture.requests.length).toBeGreaterThan(1);
    expect(capture.spans.filter(({ attributes }) => JSON.stringify(attributes).includes('/v1/'))).toEqual([]);
    expect(capture.requests.filter(({ headers }) => headers['traceparent'] !== undefined)).toEqual([]);
  });

  test('it sends protobuf, compressed', () => {
    for (const { headers } of capture.requests) {
      expect(headers).toMatchObject({ 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' });
    }
  });

  test('the durations of requests are measured too', () => {
    const routes = capture.points
      .filter(({ metric, unit }) => metric === 'http.server.request.duration' && unit === 's')
      .map(({ attributes }) => attributes['http.route']);
    expect(routes).toContain('/orders/:id');
  });
});

test('CommonJS application with --require, and nothing on stderr', async () => {
  capture.clear();
  const ran = await runApp('http-services.cjs', { agent: agentByRequire, env: { OTEL_EXPORTER_OTLP_ENDPOINT: capture.url } });
  expect(ran).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
  const [fetched, gateway, called, items] = [
    capture.spans.find(({ scope }) => scope.includes('undici')),
    only(capture.spans, 'server', 'GET /orders/:id'),
    capture.spans.find(({ attributes, kind }) => kind === 'client' && isTo(attributes, '/items/17')),
    only(capture.spans, 'server', 'GET /items/:id'),
  ];
  expect([gateway?.parentSpanId, called?.parentSpanId, items?.parentSpanId]).toEqual([
    fetched?.spanId,
    gateway?.spanId,
    called?.spanId,
  ]);
  expect(capture.spans).toHaveLength(4);
});
