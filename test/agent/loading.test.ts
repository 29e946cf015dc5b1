import { hostname } from 'node:os';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { agentByImport, agentByRequire, runApp, startApp } from '../fixtures/run-app.ts';

let capture: Capture;
beforeAll(async () => {
  capture = await startCapture();
});
beforeEach(() => capture.clear());
afterAll(() => capture.stop());

const sending = (env: Record<string, string> = {}) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: capture.url, ...env });
const again = pathToFileURL(resolve(import.meta.dirname, '../../packages/agent/dist/register.js')).href;

test.each([
  ['--import and --require', [...agentByImport, ...agentByRequire]],
  ['twice, as two modules', [...agentByImport, '--import', `${again}?again`]],
])('loaded %s: one set of spans', async (_how, agent) => {
  const ran = await runApp('http-services.cjs', { agent, env: sending() });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(capture.spans).toHaveLength(4);
});

test('OTEL_SDK_DISABLED: nothing is sent', async () => {
  const ran = await runApp('http-services.cjs', { agent: agentByImport, env: sending({ OTEL_SDK_DISABLED: 'true' }) });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(capture.requests).toEqual([]);
});

test.each([
  ['OTEL_TRACES_EXPORTER', ['/v1/metrics']],
  ['OTEL_METRICS_EXPORTER', ['/v1/traces']],
])('%s=none: only the others', async (variable, paths) => {
  await runApp('http-services.cjs', { agent: agentByImport, env: sending({ [variable]: 'none' }) });
  expect([...new Set(capture.requests.map(({ path }) => path))]).toEqual(paths);
});

test('OTEL_TRACES_SAMPLER', async () => {
  await runApp('http-services.cjs', { agent: agentByImport, env: sending({ OTEL_TRACES_SAMPLER: 'always_off' }) });
  expect(capture.spans).toEqual([]);
  await runApp('burst.mjs', {
    agent: agentByImport,
    args: ['2000'],
    env: sending({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' }),
  });
  expect(capture.spans.length).toBeGreaterThan(300);
  expect(capture.spans.length).toBeLessThan(700);
});

test('OTEL_NODE_DISABLED_INSTRUMENTATIONS', async () => {
  const disabled = sending({ OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'undici,fastify' });
  await runApp('http-services.cjs', { agent: agentByImport, env: disabled });
  expect(capture.spans.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
    'client GET',
    'server GET',
    'server GET /items/:id',
  ]);
});

test('values that cannot be understood are named and ignored', async () => {
  const ran = await runApp('burst.mjs', {
    agent: agentByImport,
    args: ['1'],
    env: sending({ OTEL_BSP_MAX_QUEUE_SIZE: 'many', OTEL_TRACES_SAMPLER: 'sometimes', OTEL_PROPAGATORS: 'owl' }),
  });
  expect(ran.code).toBe(0);
  for (const variable of ['OTEL_BSP_MAX_QUEUE_SIZE', 'OTEL_TRACES_SAMPLER', 'OTEL_PROPAGATORS'])
    expect(ran.stderr).toContain(variable);
  expect(capture.spans).toHaveLength(1);
});

test('the resource: service, host, process', async () => {
  const attributes = 'service.namespace=shop,deployment.environment.name=te%20st';
  const { code } = await runApp('named/app.mjs', {
    agent: agentByImport,
    env: sending({ OTEL_RESOURCE_ATTRIBUTES: attributes }),
  });
  expect(code).toBe(0);
  const machineId = readFileSync('/etc/machine-id', 'utf8').trim();
  expect(capture.spans[0]?.resource).toMatchObject({
    'service.name': 'named-app',
    'service.version': '4.5.6',
    'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'service.namespace': 'shop',
    'deployment.environment.name': 'te st',
    'host.name': hostname(),
    ...(machineId === '' ? {} : { 'host.id': machineId }),
    'host.arch': process.arch === 'x64' ? 'amd64' : process.arch,
    'os.type': process.platform,
    'process.pid': expect.any(Number),
    'process.executable.name': 'node',
    'process.command': expect.stringMatching(/named\/app\.mjs$/),
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': expect.any(String),
  });
});

test('what is given wins over what is found', async () => {
  await runApp('named/app.mjs', {
    agent: agentByImport,
    env: sending({
      OTEL_SERVICE_NAME: 'given',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=not-this,host.name=shop-a,service.version=9',
    }),
  });
  expect(capture.spans[0]?.resource).toMatchObject({ 'service.name': 'given', 'host.name': 'shop-a', 'service.version': '9' });
});

test('two processes are two instances', async () => {
  for (let i = 0; i < 2; i++) await runApp('named/app.mjs', { agent: agentByImport, env: sending() });
  expect(new Set(capture.spans.map(({ resource }) => resource['service.instance.id'])).size).toBe(2);
});

test('the runtime: event loop, garbage collection by kind, heap, CPU, memory; at the interval', async () => {
  const app = startApp('garbage.mjs', { agent: agentByImport, env: sending({ OTEL_METRIC_EXPORT_INTERVAL: '250' }) });
  const seen = (name: string) => capture.points.filter(({ metric }) => metric === name);
  await capture.until(
    () => new Set(seen('process.cpu.time').map(({ timeNs }) => timeNs)).size >= 3 && seen('v8js.gc.duration').length > 0,
  );
  app.child.kill('SIGTERM');
  await app.ended;
  for (const name of [
    'nodejs.eventloop.utilization',
    'nodejs.eventloop.delay.p99',
    'v8js.memory.heap.used',
    'process.memory.usage',
  ]) {
    expect(seen(name).length, name).toBeGreaterThan(0);
  }
  expect(new Set(seen('v8js.gc.duration').map(({ attributes }) => attributes['v8js.gc.type']))).toContain('minor');
  expect(seen('v8js.gc.duration')[0]).toMatchObject({ type: 'histogram', unit: 's', temporality: 2 });
  const cpu = seen('process.cpu.time').filter(({ attributes }) => attributes['cpu.mode'] === 'user');
  expect(cpu.at(-1)?.value).toBeGreaterThan(cpu[0]?.value ?? Infinity);
  expect(cpu[0]).toMatchObject({ type: 'sum', isMonotonic: true, temporality: 2, unit: 's' });
});

test('worker threads: what they require is instrumented, under the same instance', async () => {
  const ran = await runApp('worker.cjs', { agent: agentByRequire, env: sending() });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  const kinds = capture.spans.map(({ kind }) => kind).toSorted();
  expect(kinds).toEqual(['client', 'server']);
  expect(new Set([...capture.spans, ...capture.points].map(({ resource }) => resource['service.instance.id'])).size).toBe(1);
});

test('kafkajs, amqplib and mongodb are patched', async () => {
  const ran = await runApp('wrapped.cjs', { agent: agentByRequire, env: sending() });
  expect(ran.stderr).toBe('');
  const wrapped: Record<string, boolean> = JSON.parse(ran.stdout);
  expect(Object.entries(wrapped).filter(([, is]) => !is)).toEqual([]);
  expect(Object.keys(wrapped)).toHaveLength(5);
});
