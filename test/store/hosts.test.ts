/** Hosts, services and the metrics that join them, against what was sent. One file, however long, because all of it reads one loaded store. */
import { getHost, getService, listHosts, listServices } from '@sonde/api';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, otlpAttributes, type Store, traceRequest } from './loaded-store.ts';
import { hostFacts } from '../../packages/store/src/query/diagnosis/resource-facts.ts';
import { expectNear } from './near.ts';
import { baseNs, type SampleSpan, sampleSpans } from './sample-spans.ts';
import { inRange, isRequest, percentile } from './slow-answers.ts';

/**
 * A quarter of an hour of two hosts. What each counter grew by is chosen second by second, so that the right answer can be added up
 * by hand: busy processors, bytes a second and so on are piecewise constant, and change at whole seconds only.
 */
const baseMs = Number(baseNs / 1_000_000n);
const range = { fromMs: baseMs + 120_000, toMs: baseMs + 1_020_000 };
const secondsBefore = 120;
const seconds = 900;

type Rate = (second: number) => number;
interface Sample {
  readonly atS: number;
  readonly value: number;
  readonly startS?: number;
}

/** Cumulative samples every `everyS` seconds of a counter that grows by rate(second) in each second. Seconds count from the base. */
function counted(rate: Rate, everyS: number, from = 0, to = secondsBefore + seconds + 30): Sample[] {
  const samples: Sample[] = [];
  let value = 0;
  for (let second = from; second <= to; second++) {
    if ((second - from) % everyS === 0) samples.push({ atS: second, value });
    value += rate(second);
  }
  return samples;
}

function levels(level: Rate, everyS: number): Sample[] {
  return Array.from({ length: Math.ceil((secondsBefore + seconds) / everyS) }, (_, i) => ({
    atS: i * everyS,
    value: level(i * everyS),
  }));
}

function metric(
  name: string,
  unit: string,
  series: readonly (readonly [Record<string, string>, readonly Sample[]])[],
  cumulative = true,
) {
  const dataPoints = series.flatMap(([attributes, samples]) =>
    samples.map(({ atS, value, startS = 0 }) => ({
      attributes: otlpAttributes(attributes),
      startTimeUnixNano: String(baseNs + BigInt(startS) * 1_000_000_000n),
      timeUnixNano: String(baseNs + BigInt(atS) * 1_000_000_000n),
      asDouble: value,
    })),
  );
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints };
  return cumulative ? { name, unit, sum } : { name, unit, gauge: { dataPoints } };
}

function metricsOf(resource: Record<string, string>, metrics: readonly unknown[]) {
  return { resourceMetrics: [{ resource: { attributes: otlpAttributes(resource) }, scopeMetrics: [{ metrics }] }] };
}

const agent = (host: string, instance: string) => ({
  'service.name': 'host-agent',
  'service.instance.id': instance,
  'host.name': host,
  'host.id': `id-${host}`,
  'os.type': 'linux',
  'os.description': 'Debian 13',
});

/** Two processors: half of one busy for the first 5 minutes of the range, then one and a half. */
const user: Rate = (second) => (second < secondsBefore + 300 ? 0.5 : 1.5);
const iowait: Rate = () => 0.1;
const idle: Rate = (second) => 2 - user(second) - iowait(second);

const spans = sampleSpans(7, 200, 1000);
let store: Store;

beforeAll(async () => {
  store = await openStore();
  await store.load('traces', traceRequest(spans));
  await store.load(
    'metrics',
    metricsOf(agent('host-shared', 'agent-1'), [
      metric('system.cpu.time', 's', [
        [{ 'cpu.mode': 'user' }, counted(user, 10)],
        [{ 'cpu.mode': 'iowait' }, counted(iowait, 10)],
        [{ 'cpu.mode': 'idle' }, counted(idle, 10)],
      ]),
      metric('system.cpu.logical.count', '{cpu}', [[{}, levels(() => 2, 10)]], false),
      metric(
        'system.cpu.load_average.1m',
        '{thread}',
        [[{}, levels((second) => (second < secondsBefore + 450 ? 1 : 3), 10)]],
        false,
      ),
      metric('system.memory.limit', 'By', [[{}, levels(() => 8e9, 10)]], false),
      metric(
        'system.memory.usage',
        'By',
        [
          [{ 'system.memory.state': 'used' }, levels((second) => (second < secondsBefore + 450 ? 2e9 : 4e9), 10)],
          [{ 'system.memory.state': 'free' }, levels(() => 1e9, 10)],
        ],
        false,
      ),
      metric('system.network.io', 'By', [
        [{ 'network.interface.name': 'eth0', 'network.io.direction': 'receive' }, counted(() => 1000, 10)],
        [{ 'network.interface.name': 'eth1', 'network.io.direction': 'receive' }, counted(() => 500, 10)],
        [{ 'network.interface.name': 'eth0', 'network.io.direction': 'transmit' }, counted(() => 200, 10)],
        [{ 'network.interface.name': 'lo', 'network.io.direction': 'receive' }, counted(() => 9e9, 10)],
      ]),
      metric('system.network.errors', '{error}', [
        [{ 'network.interface.name': 'eth0', 'network.io.direction': 'receive' }, counted(() => 0.5, 10)],
      ]),
      metric('system.disk.io', 'By', [
        [{ 'system.device': 'sda', 'disk.io.direction': 'read' }, counted(() => 4096, 10)],
        [{ 'system.device': 'sda', 'disk.io.direction': 'write' }, counted((second) => (second % 2) * 8192, 10)],
      ]),
      metric('system.disk.weighted_io_time', 's', [[{ 'system.device': 'sda' }, counted(() => 3, 10)]]),
      metric('system.cpu.linux.pressure.total', 's', [
        [{ 'system.linux.pressure.stall_type': 'some' }, counted(() => 0.75, 10)],
        [{ 'system.linux.pressure.stall_type': 'full' }, counted(() => 0, 10)],
      ]),
      metric('system.io.linux.pressure.total', 's', [
        [{ 'system.linux.pressure.stall_type': 'some' }, counted(() => 0.25, 10)],
        [{ 'system.linux.pressure.stall_type': 'full' }, counted(() => 0.125, 10)],
      ]),
      metric(
        'system.network.connection.count',
        '{connection}',
        [[{ 'network.transport': 'tcp', 'network.connection.state': 'established' }, levels(() => 7, 10)]],
        false,
      ),
      metric('system.disk.io_time', 's', [
        [{ 'system.device': 'sda' }, counted(() => 0.2, 10)],
        [{ 'system.device': 'sdb' }, counted(() => 0.7, 10)],
      ]),
      metric(
        'system.filesystem.usage',
        'By',
        [
          [
            { 'system.filesystem.mountpoint': '/', 'system.filesystem.state': 'used' },
            levels((second) => 1e9 + second * 1e6, 10),
          ],
          [
            { 'system.filesystem.mountpoint': '/', 'system.filesystem.state': 'free' },
            levels((second) => 9e9 - second * 1e6, 10),
          ],
          [{ 'system.filesystem.mountpoint': '/data', 'system.filesystem.state': 'used' }, levels(() => 80, 10)],
          [{ 'system.filesystem.mountpoint': '/data', 'system.filesystem.state': 'free' }, levels(() => 20, 10)],
        ],
        false,
      ),
    ]),
  );
  // The conventions of before, as the OpenTelemetry Collector sends them; the machine restarts at 500 s, and its agent with it.
  const before = counted(() => 1, 15, 0, 500);
  const restarted = counted(() => 1, 15, 510).map((sample) => ({ ...sample, startS: 505 }));
  await store.load(
    'metrics',
    metricsOf(agent('host-old', 'agent-2'), [metric('system.cpu.time', 's', [[{ state: 'user' }, before]])]),
  );
  await store.load(
    'metrics',
    metricsOf(agent('host-old', 'agent-3'), [
      metric('system.cpu.time', 's', [
        [{ state: 'user' }, restarted],
        [{ state: 'idle' }, restarted.map((sample) => ({ ...sample, value: 0 }))],
      ]),
    ]),
  );
  await store.load(
    'metrics',
    metricsOf({ 'service.name': 'orders', 'service.instance.id': 'orders-0', 'host.name': 'host-orders' }, [
      metric('nodejs.eventloop.delay.p99', 's', [[{}, levels(() => 0.02, 15)]], false),
      metric(
        'v8js.memory.heap.used',
        'By',
        [
          [{ 'v8js.heap.space.name': 'old_space' }, levels(() => 30e6, 15)],
          [{ 'v8js.heap.space.name': 'new_space' }, levels(() => 5e6, 15)],
        ],
        false,
      ),
      {
        name: 'v8js.gc.duration',
        unit: 's',
        histogram: {
          aggregationTemporality: 2,
          dataPoints: ['major', 'minor'].flatMap((type, kind) =>
            counted(() => (kind === 0 ? 0.01 : 0.03), 15).map(({ atS, value }) => ({
              attributes: otlpAttributes({ 'v8js.gc.type': type }),
              startTimeUnixNano: String(baseNs),
              timeUnixNano: String(baseNs + BigInt(atS) * 1_000_000_000n),
              count: '5',
              sum: value,
              explicitBounds: [],
              bucketCounts: ['5'],
            })),
          ),
        },
      },
    ]),
  );
  await store.load(
    'metrics',
    metricsOf({ 'service.name': 'orders', 'service.instance.id': 'orders-1', 'host.name': 'host-shared' }, [
      metric('nodejs.eventloop.delay.p99', 's', [[{}, levels(() => 0.5, 15)]], false),
      metric('v8js.memory.heap.used', 'By', [[{ 'v8js.heap.space.name': 'old_space' }, levels(() => 15e6, 15)]], false),
    ]),
  );
});
afterAll(() => store.close());

function expectToFit(schema: TSchema, reply: unknown) {
  expect(Compile(schema).Errors(reply)).toEqual([]);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** The mean of a rate over [from, to) seconds of the range. */
const meanRate = (rate: Rate, from = 0, to = seconds) =>
  mean(Array.from({ length: to - from }, (_, second) => rate(secondsBefore + from + second)));

function close(values: readonly (number | null)[], expected: readonly (number | null)[]) {
  expect(values.length).toBe(expected.length);
  values.forEach((value, i) => {
    const want = expected[i];
    if (want === null || want === undefined) expect(value, `step ${i}`).toBeNull();
    else expect(value, `step ${i}`).toBeCloseTo(want, 9);
  });
}

describe('hosts', () => {
  test('each with what it sent and what runs there, the busiest first', async () => {
    const reply = await store.questions.hosts(range);
    expectToFit(listHosts.reply, reply);
    const own = inRange(spans, range);
    expect(reply.items.map((host) => host.host).toSorted()).toEqual(
      [...new Set([...own.map((span) => span.host), 'host-old'])].toSorted(),
    );
    const measured = reply.items.map((host) => host.cpu.utilization ?? -1);
    expect(measured).toEqual(measured.toSorted((a, b) => b - a));

    const shared = reply.items.find((host) => host.host === 'host-shared');
    expect(shared).toMatchObject({ hostId: 'id-host-shared', os: 'Debian 13' });
    expect(shared?.services).toEqual(
      [...new Set([...own.filter((span) => span.host === 'host-shared').map((span) => span.service), 'host-agent'])].toSorted(),
    );
    expect(shared?.cpu.cores).toBe(2);
    expect(shared?.cpu.utilization).toBeCloseTo((meanRate(user) + meanRate(iowait)) / 2, 9);
    expect(shared?.cpu.iowait).toBeCloseTo(0.05, 9);
    expect(shared?.cpu.steal).toBe(0);
    expect(shared?.cpu.load1m).toBeCloseTo(2, 9);
    expect(shared?.memory).toEqual({ totalBytes: 8e9, usedBytes: 3e9, utilization: 3 / 8 });
    expect(shared?.network.receiveBytesPerSecond).toBeCloseTo(1500, 6);
    expect(shared?.network.transmitBytesPerSecond).toBeCloseTo(200, 6);
    expect(shared?.network.errorsPerSecond).toBeCloseTo(0.5, 9);
    expect(shared?.disk.readBytesPerSecond).toBeCloseTo(4096, 6);
    expect(shared?.disk.writeBytesPerSecond).toBeCloseTo(4096, 6);
    expect(shared?.disk.busy).toBeCloseTo(0.7, 9);
    expect(shared?.filesystem).toEqual({ mountpoint: '/data', totalBytes: 100, usedBytes: 80, utilization: 0.8 });
    close(
      shared?.trend ?? [],
      Array.from({ length: 30 }, (_, step) => (meanRate(user, step * 30, step * 30 + 30) + 0.1) / 2),
    );
  });

  test('to a diagnosis a processor that waits for a disk is not busy', async () => {
    const facts = (await hostFacts(store.engine, range, ['host-shared'])).get('host-shared');
    expect(facts?.cpu).toBeCloseTo(meanRate(user) / 2, 9);
    expect(facts?.ioWait).toBeCloseTo(0.05, 9);
    expect(facts?.cpuPressure).toBeCloseTo(0.75, 9);
  });

  test('what is unknown is null', async () => {
    const { items } = await store.questions.hosts(range);
    const orders = items.find((host) => host.host === 'host-orders');
    expect(orders?.cpu).toEqual({ cores: null, utilization: null, iowait: null, steal: null, load1m: null });
    expect(orders?.memory).toEqual({ totalBytes: null, usedBytes: null, utilization: null });
    expect(orders?.disk).toEqual({ readBytesPerSecond: null, writeBytesPerSecond: null, busy: null });
    expect(orders?.filesystem).toEqual({ mountpoint: null, totalBytes: null, usedBytes: null, utilization: null });
    expect(orders?.trend).toEqual(Array.from({ length: 30 }, () => null));
  });

  test('a restart counts neither as a fall nor as a leap, and a new agent is the same host', async () => {
    const old = await store.questions.host(range, 'host-old');
    // 495 s is the last sample before; 510 s the first after, with a counter that began at 505 s.
    expect(old?.summary.cpu.utilization).toBeCloseTo(1, 9);
    expect(old?.cpu.map((line) => line.name)).toEqual(['user']);
    close(
      old?.cpu[0]?.values ?? [],
      Array.from({ length: 30 }, () => 1),
    );
  });
});

type Line = { readonly name: string; readonly values: readonly (number | null)[] };

function valuesOf(lines: readonly Line[] | undefined, name: string) {
  return lines?.find((one) => one.name === name)?.values ?? [];
}

/** One value for each half minute of the range. */
function halfMinutes<T>(valueOf: (from: number, to: number) => T): T[] {
  return Array.from({ length: 30 }, (_, i) => valueOf(i * 30, i * 30 + 30));
}

function minutes<T>(valueOf: (from: number, to: number) => T): T[] {
  return Array.from({ length: 15 }, (_, i) => valueOf(i * 60, i * 60 + 60));
}

function p95(own: readonly SampleSpan[]) {
  return percentile(
    own.map((span) => Number(span.durationNs)),
    95,
  );
}

describe('one host', () => {
  test('lines over time', async () => {
    const reply = await store.questions.host(range, 'host-shared');
    expectToFit(getHost.reply, reply);
    expect(reply?.stepMs).toBe(30_000);
    expect(reply?.timesMs.length).toBe(30);
    expect(reply?.cpu.map(({ name }) => name)).toEqual(['iowait', 'user']);
    close(
      valuesOf(reply?.cpu, 'user'),
      halfMinutes((from, to) => meanRate(user, from, to) / 2),
    );
    expect(reply?.memory.map(({ name, unit }) => [name, unit])).toEqual([
      ['free', 'By'],
      ['used', 'By'],
    ]);
    close(
      valuesOf(reply?.memory, 'used'),
      halfMinutes((from) => (from < 450 ? 2e9 : 4e9)),
    );
    expect(reply?.network.map(({ name }) => name)).toEqual(['eth0 receive', 'eth0 transmit', 'eth1 receive', 'lo receive']);
    close(
      valuesOf(reply?.network, 'eth1 receive'),
      halfMinutes(() => 500),
    );
    expect(reply?.diskIo.map(({ name }) => name)).toEqual(['sda read', 'sda write']);
    close(
      valuesOf(reply?.diskIo, 'sda write'),
      halfMinutes(() => 4096),
    );
    expect(reply?.diskQueue.map(({ name, unit }) => [name, unit])).toEqual([['sda', '{operation}']]);
    close(
      valuesOf(reply?.diskQueue, 'sda'),
      halfMinutes(() => 3),
    );
    expect(reply?.pressure.map(({ name }) => name)).toEqual(['cpu full', 'cpu some', 'io full', 'io some']);
    close(
      valuesOf(reply?.pressure, 'io some'),
      halfMinutes(() => 0.25),
    );
    close(
      valuesOf(reply?.connections, 'established'),
      halfMinutes(() => 7),
    );
    close(
      valuesOf(reply?.networkErrors, 'eth0 receive errors'),
      halfMinutes(() => 0.5),
    );
    expect(reply?.filesystem.map(({ name }) => name)).toEqual(['/', '/data']);
    close(
      valuesOf(reply?.filesystem, '/'),
      halfMinutes((from) => (1e9 + (secondsBefore + from + 10) * 1e6) / 1e10),
    );
  });

  test('the instances on it, against the same services elsewhere', async () => {
    const reply = await store.questions.host(range, 'host-shared');
    const requests = inRange(spans, range).filter(isRequest);
    const orders = requests.filter((span) => span.service === 'orders');
    const here = orders.filter((span) => span.host === 'host-shared');
    expect(here.length).toBeGreaterThan(5);
    // The metrics of this instance say nothing of its version.
    const found = reply?.services.filter((row) => row.service === 'orders');
    expectNear(found, [
      {
        service: 'orders',
        instance: 'orders-1',
        version: '',
        requests: 0,
        errors: 0,
        p95Ns: null,
        elsewhereP95Ns: p95(orders.filter((span) => span.host !== 'host-shared')),
      },
      {
        service: 'orders',
        instance: 'orders-1',
        version: '1.1',
        requests: here.length,
        errors: here.filter((span) => span.failed).length,
        p95Ns: p95(here),
        elsewhereP95Ns: p95(orders.filter((span) => span.host !== 'host-shared')),
      },
    ]);
  });

  test('one that nothing came from is not there', async () => {
    expect(await store.questions.host(range, 'nowhere')).toBeUndefined();
  });
});

describe('a service and the machines below it', () => {
  test('the processors of its hosts, and its runtime', async () => {
    const reply = await store.questions.service(range, 'orders');
    expectToFit(getService.reply, reply);
    expect(reply?.summary.signals).toEqual({ traces: true, metrics: true, logs: false });
    expect(reply?.hostCpu.map(({ name }) => name)).toEqual(['host-orders', 'host-shared']);
    expect(reply?.hostCpu[0]?.values).toEqual(Array.from({ length: 15 }, () => null));
    close(
      reply?.hostCpu[1]?.values ?? [],
      Array.from({ length: 15 }, (_, step) => (meanRate(user, step * 60, step * 60 + 60) + 0.1) / 2),
    );
    for (const instance of reply?.instances ?? []) {
      if (instance.host === 'host-shared') expect(instance.hostCpu).toBeCloseTo((meanRate(user) + 0.1) / 2, 9);
      else expect(instance.hostCpu).toBeNull();
    }
    expect(reply?.runtime.map(({ name, unit }) => [name, unit])).toEqual([
      ['nodejs.eventloop.delay.p99', 's'],
      ['v8js.memory.heap.used', 'By'],
      ['v8js.gc.duration', 's/s'],
    ]);
    const [delay, heap, collection] = (reply?.runtime ?? []).map((line) => line.values);
    close(
      delay ?? [],
      minutes(() => 0.5),
    );
    close(
      heap ?? [],
      minutes(() => (35e6 + 15e6) / 2),
    );
    close(
      collection ?? [],
      minutes(() => 0.04),
    );
  });

  test('a service that sends metrics only is listed', async () => {
    const reply = await store.questions.services(range);
    expectToFit(listServices.reply, reply);
    expect(reply.items.at(-1)).toEqual({
      service: 'host-agent',
      requests: 0,
      errors: 0,
      p50Ns: null,
      p95Ns: null,
      p99Ns: null,
      instances: 3,
      hosts: ['host-old', 'host-shared'],
      versions: [],
      lastSeenMs: range.toMs - 10_000,
      signals: { traces: false, metrics: true, logs: false },
      instrumentation: { runtime: false, host: true },
      trend: Array.from({ length: 15 }, () => 0),
    });
  });
});
