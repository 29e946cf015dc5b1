import { expect, test } from 'vitest';
import { spanOfLine } from './access-log-span.ts';

// Captured from nginx 1.22.1 with the documented log_format.
const line = {
  time: '1795315814.309',
  duration: '0.052',
  method: 'GET',
  uri: '/api/orders/17?token=geheim',
  route: '/api/orders',
  status: '200',
  scheme: 'http',
  protocol: 'HTTP/1.1',
  host: 'shop.example',
  port: '8080',
  client: '127.0.0.1',
  user_agent: 'curl/7.88.1',
  request_bytes: '171',
  response_bytes: '12',
  upstream: '127.0.0.1:1, 127.0.0.1:3000',
  upstream_connect_time: '-, 0.001',
  upstream_time: '0.001, 0.050',
  upstream_status: '502, 200',
  request_id: 'f1f2f3f4f5f6f7f8a1a2a3a4a5a6a7a8',
  span_id: 'f1f2f3f4f5f6f7f8',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'a=1',
};
const random = (bytes: number): string => 'ab'.repeat(bytes);
const spanOf = (changed: object) => spanOfLine(JSON.stringify({ ...line, ...changed }), random);

test('a request below a client', () => {
  expect(spanOf({})).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'f1f2f3f4f5f6f7f8',
    parentSpanId: 'b7ad6b7169203331',
    traceState: 'a=1',
    name: 'GET /api/orders',
    kind: 'server',
    startTimeNs: 1_795_315_814_257_000_000n,
    endTimeNs: 1_795_315_814_309_000_000n,
    isError: false,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/api/orders',
      'http.response.status_code': 200,
      'url.path': '/api/orders/17',
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
      'server.address': 'shop.example',
      'server.port': 8080,
      'client.address': '127.0.0.1',
      'user_agent.original': 'curl/7.88.1',
      'http.request.size': 171,
      'http.response.body.size': 12,
      'nginx.upstream.address': '127.0.0.1:3000',
      'nginx.upstream.connect_time': 0.001,
      'nginx.upstream.response_time': 0.051000000000000004,
      'nginx.upstream.status_code': 200,
    },
  });
});

test('nobody before nginx: a root, whose trace has the id of the request', () => {
  expect(spanOf({ traceparent: '' })).toMatchObject({ traceId: line.request_id, parentSpanId: undefined, traceState: '' });
  expect(spanOf({ traceparent: '-', request_id: '' })).toMatchObject({ traceId: random(16), parentSpanId: undefined });
});

test.each([
  ['zeros', '00-00000000000000000000000000000000-b7ad6b7169203331-01'],
  ['capitals', '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01'],
  ['version ff', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['anything', "'; DROP TABLE spans"],
])('a traceparent that is none (%s) is not believed', (_case, traceparent) => {
  expect(spanOf({ traceparent })).toMatchObject({ traceId: line.request_id, parentSpanId: undefined });
});

test('a trace that is not recorded has no span here either', () => {
  expect(spanOf({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' })).toBe('unsampled');
});

test('without the optional lines of the configuration: an id of its own, the method alone for a name', () => {
  expect(spanOf({ span_id: '', route: '' })).toMatchObject({ spanId: random(8), name: 'GET' });
});

test('status: 5xx is an error, 4xx and 499 are not', () => {
  expect(spanOf({ status: '502' })).toMatchObject({ isError: true, attributes: { 'error.type': '502' } });
  for (const status of ['404', '499']) expect(spanOf({ status })).toMatchObject({ isError: false });
});

test('a request that was not even HTTP', () => {
  const span = spanOf({ method: '', uri: '', status: '400', route: '', host: '', protocol: '' });
  expect(span).toMatchObject({ name: 'HTTP', attributes: { 'http.request.method': '_OTHER' } });
  expect(Object.keys((span as { attributes: object }).attributes)).not.toContain('url.path');
});

test.each([
  '',
  '{',
  'null',
  '127.0.0.1 - - [22/Nov/2026:02:50:14 +0000] "GET / HTTP/1.1" 200 615',
  '{"time":"now","duration":"1"}',
])('malformed: %s', (text) => expect(spanOfLine(text, random)).toBe('malformed'));
