/** What runs on a host, against what a host agent and two services sent. */
import { listHostProcesses } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, otlpAttributes, type Store } from './loaded-store.ts';
import { baseNs } from './sample-spans.ts';

const baseMs = Number(baseNs / 1_000_000n);
const range = { fromMs: baseMs, toMs: baseMs + 60_000 };
const host = 'node-1';
const inContainer = 'c'.repeat(64);
const reply = Compile(listHostProcesses.reply);
let store: Store;

/** Every ten seconds of a minute and a bit; a counter grows by so much a second. */
function series(
  attributes: Readonly<Record<string, string>>,
  { level, rate }: { readonly level?: number; readonly rate?: number },
) {
  return Array.from({ length: 8 }, (_, i) => ({
    attributes: otlpAttributes(attributes),
    startTimeUnixNano: String(baseNs - 60_000_000_000n),
    timeUnixNano: String(baseNs + BigInt(i * 10) * 1_000_000_000n),
    asDouble: level ?? 100 + (rate ?? 0) * i * 10,
  }));
}

const counter = (name: string, ...points: ReturnType<typeof series>[]) => ({
  name,
  sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: points.flat() },
});
const level = (name: string, value: number) => ({
  name,
  sum: { aggregationTemporality: 2, isMonotonic: false, dataPoints: series({}, { level: value }) },
});
const from = (resource: Readonly<Record<string, string>>, metrics: readonly object[]) => ({
  resource: { attributes: otlpAttributes({ 'host.name': host, ...resource }) },
  scopeMetrics: [{ metrics }],
});
const cpu = (name: string, user: number, system = 0) =>
  counter(name, series({ 'cpu.mode': 'user' }, { rate: user }), series({ 'cpu.mode': 'system' }, { rate: system }));

beforeAll(async () => {
  store = await openStore();
  const node = { 'process.executable.name': 'node', 'process.owner': 'web' };
  await store.load('metrics', {
    resourceMetrics: [
      from({ ...node, 'process.pid': '100', 'process.command': 'node server.js' }, [
        cpu('process.cpu.time', 0.4, 0.1),
        level('process.memory.usage', 200e6),
        counter('process.disk.io', series({ 'disk.io.direction': 'write' }, { rate: 4096 })),
      ]),
      from({ ...node, 'process.pid': '200', 'container.id': inContainer }, [
        cpu('process.cpu.time', 0.9),
        level('process.memory.usage', 100e6),
      ]),
      from({ 'process.executable.name': 'sshd', 'process.pid': '300' }, [level('process.memory.usage', 5e6)]),
      from({ 'container.id': inContainer, 'container.runtime': 'docker' }, [
        cpu('container.cpu.time', 0.9, 0.1),
        level('container.cpu.limit', 2),
        level('container.memory.usage', 150e6),
        level('container.memory.usage.limit', 600e6),
        counter('container.cpu.throttling_data.periods', series({}, { rate: 10 })),
        counter('container.cpu.throttling_data.throttled_periods', series({}, { rate: 2 })),
      ]),
      // Elsewhere the same number is another process.
      from({ 'host.name': 'node-2', 'process.pid': '100' }, [level('process.memory.usage', 1)]),
      from({ 'service.name': 'orders', 'service.instance.id': 'orders-1', 'process.pid': '100' }, [level('a', 1)]),
      from({ 'service.name': 'cart', 'service.instance.id': 'cart-1', 'process.pid': '1', 'container.id': inContainer }, [
        level('a', 1),
      ]),
    ],
  });
});
afterAll(() => store.close());

test('processes by CPU, each with the instance that it is; containers with how near they are to their limits', async () => {
  const answer = await store.questions.hostProcesses(range, { host, limit: 10 });
  expect(reply.Errors(answer)).toEqual([]);
  const unknown = { readBytesPerSecond: null, writeBytesPerSecond: null };
  expect(answer.processes).toEqual([
    {
      pid: 200,
      name: 'node',
      command: '',
      owner: 'web',
      containerId: inContainer,
      service: 'cart',
      instance: 'cart-1',
      cpu: expect.closeTo(0.9, 6),
      memoryBytes: 100e6,
      ...unknown,
    },
    {
      pid: 100,
      name: 'node',
      command: 'node server.js',
      owner: 'web',
      containerId: '',
      service: 'orders',
      instance: 'orders-1',
      cpu: expect.closeTo(0.5, 6),
      memoryBytes: 200e6,
      readBytesPerSecond: null,
      writeBytesPerSecond: expect.closeTo(4096, 3),
    },
    {
      pid: 300,
      name: 'sshd',
      command: '',
      owner: '',
      containerId: '',
      service: '',
      instance: '',
      cpu: null,
      memoryBytes: 5e6,
      ...unknown,
    },
  ]);
  expect(answer.containers).toEqual([
    {
      containerId: inContainer,
      runtime: 'docker',
      cpu: expect.closeTo(1, 6),
      cpuLimit: 2,
      memoryBytes: 150e6,
      memoryLimitBytes: 600e6,
      throttled: expect.closeTo(0.2, 6),
      processes: 1,
    },
  ]);
});

test('at most so many of each, and none of a host that nothing ran on', async () => {
  expect((await store.questions.hostProcesses(range, { host, limit: 1 })).processes.map(({ pid }) => pid)).toEqual([200]);
  expect(await store.questions.hostProcesses(range, { host: 'nowhere', limit: 1 })).toEqual({
    range,
    processes: [],
    containers: [],
  });
});
