import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { type SeenSpan } from '../fixtures/otlp/decode.ts';
import { type Started, startProcess } from '../fixtures/process.ts';
import { type Nginx, startNginx } from '../fixtures/servers/nginx.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callerSpanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${callerSpanId}-01`;

/** The directives that the documentation tells people to write are those under test. */
const blocks = [...readFileSync('docs/middleware.md', 'utf8').matchAll(/```nginx\n([\s\S]*?)```/g)].map(
  ([, text = '']) => text,
);
const [status = '', http = '', location = ''] = blocks;

let capture: Capture;
let upstream: Server;
let nginx: Nginx;
let hostAgent: Started;
let folder: string;
/** What came through to the upstream. */
const passedOn: (string | undefined)[] = [];

beforeAll(async () => {
  upstream = createServer((request, response) => {
    passedOn.push(request.headers['traceparent'] as string | undefined);
    setTimeout(() => response.writeHead(request.url?.includes('fail') ? 500 : 200).end('hello'), 20);
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const to = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  nginx = await startNginx({
    http,
    server: `${status} ${location.replace('127.0.0.1:3000', to)} location /plain { proxy_pass http://${to}; }`,
  });
  capture = await startCapture();
  folder = await mkdtemp(join(tmpdir(), 'sonde-host-agent-'));
  const config = join(folder, 'host-agent.yaml');
  const endpoint = `http://127.0.0.1:${nginx.port}/status`;
  await writeFile(
    config,
    `receivers:\n  nginx/edge:\n    endpoint: ${endpoint}\n    access_log: ${nginx.accessLog}\n    service: edge\n`,
  );
  hostAgent = await startProcess(['packages/host-agent/dist/main.js'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: capture.url,
    SONDE_HOST_AGENT_INTERVAL_SECONDS: '1',
    SONDE_HOST_AGENT_CONFIG: config,
  });
  await capture.until(() => newest('nginx.requests'));
});
afterAll(async () => {
  await hostAgent.stop();
  await nginx.stop();
  await capture.stop();
  upstream.close();
  await rm(folder, { recursive: true });
});

const newest = (metric: string) => capture.points.findLast((one) => one.metric === metric);

/** Asks nginx, and waits for the span of it. */
async function ask(path: string, headers: Record<string, string> = {}): Promise<SeenSpan> {
  const response = await fetch(`http://127.0.0.1:${nginx.port}${path}`, { headers });
  await response.text();
  const plain = path.split('?', 1)[0];
  return capture.until(() => capture.spans.findLast(({ attributes }) => attributes['url.path'] === plain));
}

test('stub_status, in a resource that says which nginx this is', async () => {
  const before = newest('nginx.requests')?.value ?? 0;
  await Promise.all([1, 2, 3].map(() => ask('/plain/count')));
  await capture.until(() => (newest('nginx.requests')?.value ?? 0) >= before + 3);
  expect(newest('nginx.requests')).toMatchObject({
    type: 'sum',
    isMonotonic: true,
    temporality: 2,
    unit: 'requests',
    startNs: 0n,
  });
  expect(newest('nginx.connections_current')).toMatchObject({ isMonotonic: false, attributes: { state: 'waiting' } });
  expect(newest('nginx.requests')?.resource).toMatchObject({
    'host.name': hostname(),
    'server.address': '127.0.0.1',
    'server.port': nginx.port,
    'sonde.middleware.kind': 'nginx',
    'sonde.receiver': 'nginx/edge',
    'nginx.version': expect.stringMatching(/^1\.\d+\.\d+$/),
  });
  expect(newest('nginx.requests')?.resource).not.toHaveProperty('service.name');
  expect(newest('sonde.middleware.up')?.value).toBe(1);
});

test('caller, nginx, upstream: each is the parent of the next', async () => {
  const span = await ask('/api/orders/17?card=4711', { traceparent, tracestate: 'a=1' });
  expect(span).toMatchObject({
    traceId,
    parentSpanId: callerSpanId,
    name: 'GET /api/orders',
    kind: 'server',
    status: 'unset',
    resource: { 'service.name': 'edge', 'service.instance.id': `${hostname()}/nginx/edge`, 'host.name': hostname() },
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/api/orders',
      'http.response.status_code': 200,
      'url.path': '/api/orders/17',
      'nginx.upstream.status_code': 200,
    },
  });
  expect(JSON.stringify(span.attributes)).not.toContain('4711');
  expect(passedOn.at(-1)).toBe(`00-${traceId}-${span.spanId}-01`);
  expect(span.endNs - span.startNs).toBeGreaterThanOrEqual(15_000_000n);
  expect(Math.abs(Number(span.endNs / 1_000_000n) - Date.now())).toBeLessThan(5000);
});

test('nobody before nginx: the trace begins there, and the upstream is in it', async () => {
  const span = await ask('/api/orders/root');
  expect(span.parentSpanId).toBe('');
  expect(passedOn.at(-1)).toBe(`00-${span.traceId}-${span.spanId}-01`);
});

test('passed on as it is: the upstream and nginx have the same parent', async () => {
  const span = await ask('/plain/17', { traceparent });
  expect(span).toMatchObject({ traceId, parentSpanId: callerSpanId, name: 'GET' });
  expect(passedOn.at(-1)).toBe(traceparent);
});

test('a failing upstream is an error; a trace that is not recorded has no span', async () => {
  await fetch(`http://127.0.0.1:${nginx.port}/api/orders/unsampled`, {
    headers: { traceparent: traceparent.replace(/1$/, '0') },
  });
  expect(passedOn.at(-1)).toMatch(/-00$/);
  const span = await ask('/api/orders/fail');
  expect(span).toMatchObject({ status: 'error', attributes: { 'http.response.status_code': 500, 'error.type': '500' } });
  expect(capture.spans.some(({ attributes }) => attributes['url.path'] === '/api/orders/unsampled')).toBe(false);
});

test('rotation loses nothing', async () => {
  await fetch(`http://127.0.0.1:${nginx.port}/plain/before`);
  await nginx.rotate();
  await fetch(`http://127.0.0.1:${nginx.port}/plain/between`);
  const paths = () => capture.spans.map(({ attributes }) => attributes['url.path']);
  await capture.until(() => ['/plain/before', '/plain/between'].every((path) => paths().includes(path)));
  await ask('/plain/after');
});

test('nginx is gone: down is known, all else left out, said once with what to do', async () => {
  await nginx.stop();
  const down = await capture.until(() =>
    newest('sonde.middleware.up')?.value === 0 ? newest('sonde.middleware.up') : undefined,
  );
  expect(down.resource).toMatchObject({ 'sonde.receiver': 'nginx/edge', 'nginx.version': expect.any(String) });
  await capture.until(
    () => capture.points.filter(({ metric, value }) => metric === 'sonde.middleware.up' && value === 0).length >= 2,
  );
  expect(hostAgent.output().match(/nginx\/edge: nothing listens at/g)).toHaveLength(1);
  expect(newest('system.cpu.time')?.timeNs).toBeGreaterThanOrEqual(down.timeNs - 1_500_000_000n);
});
