import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { type SeenPoint, textOf } from '../fixtures/otlp/decode.ts';
import { type Started, startProcess } from '../fixtures/process.ts';
import { agentByImport, runApp } from '../fixtures/run-app.ts';
import { promisedTime } from '../fixtures/promised-time.ts';

const run = promisify(execFile);
const main = 'packages/host-agent/dist/main.js';

let capture: Capture;
let hostAgent: Started;
beforeAll(async () => {
  capture = await startCapture();
  hostAgent = await startProcess([main], {
    OTEL_EXPORTER_OTLP_ENDPOINT: capture.url,
    SONDE_HOST_AGENT_INTERVAL_SECONDS: '1',
  });
  await capture.until(() => capture.requests.length >= 2);
});
afterAll(async () => {
  await hostAgent.stop();
  await capture.stop();
});

/** The points of the newest scrape. */
function newest(metric: string): SeenPoint[] {
  const all = capture.points.filter((one) => one.metric === metric);
  const timeNs = all.reduce((latest, one) => (one.timeNs > latest ? one.timeNs : latest), 0n);
  return all.filter((one) => one.timeNs === timeNs);
}

async function command(program: string, args: readonly string[]): Promise<string[][]> {
  const { stdout } = await run(program, args, { env: { ...process.env, LC_ALL: 'C' } });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

/** The columns of all processors together, in the order of proc(5). */
function readTicks(): number[] {
  return (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/ +/).slice(1, 9).map(Number);
}

/** Waits for a scrape that began after now. */
async function nextScrape(): Promise<void> {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  await capture.until(() => (capture.points.at(-1)?.timeNs ?? 0n) > nowNs);
}

test('CPU: each mode lies between what /proc/stat says before and after', async () => {
  const before = readTicks();
  await nextScrape();
  const points = newest('system.cpu.time');
  const after = readTicks();
  const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'softirq', 'steal'];
  expect(points.map(({ attributes }) => attributes['cpu.mode'])).toEqual(modes);
  for (const [index, { value, attributes }] of points.entries()) {
    // iowait may go down (proc(5)).
    const slack = attributes['cpu.mode'] === 'iowait' ? 0.1 : 0.001;
    expect(value).toBeGreaterThanOrEqual((before[index] ?? 0) / 100 - slack);
    expect(value).toBeLessThanOrEqual((after[index] ?? 0) / 100 + slack);
  }
  expect(points[0]).toMatchObject({ type: 'sum', isMonotonic: true, temporality: 2, unit: 's' });
  expect(newest('system.cpu.logical.count')[0]?.value).toBe(readFileSync('/proc/stat', 'utf8').match(/^cpu\d/gm)?.length);
});

test('memory: what free says', async () => {
  await nextScrape();
  const [head = [], memory = []] = await command('free', ['-b', '-w']);
  const said = Object.fromEntries(head.map((name, index) => [name, Number(memory[index + 1])]));
  const states = Object.fromEntries(
    newest('system.memory.usage').map(({ attributes, value }) => [textOf(attributes, 'system.memory.state'), value]),
  );
  expect(newest('system.memory.limit')[0]?.value).toBe(said['total']);
  expect(Object.values(states).reduce((sum, bytes) => sum + bytes, 0)).toBe(said['total']);
  // Other processes work meanwhile.
  const closeTo = 400 * 2 ** 20;
  expect(Math.abs((states['free'] ?? 0) - (said['free'] ?? 0))).toBeLessThan(closeTo);
  expect(Math.abs((states['cached'] ?? 0) - (said['cache'] ?? 0))).toBeLessThan(closeTo);
  expect(Math.abs((states['buffers'] ?? 0) - (said['buffers'] ?? 0))).toBeLessThan(closeTo);
});

test('file systems: what df says', async () => {
  const points = newest('system.filesystem.usage');
  const mountpoints = new Set(points.map(({ attributes }) => textOf(attributes, 'system.filesystem.mountpoint')));
  expect(mountpoints.size).toBeGreaterThan(0);
  for (const mountpoint of mountpoints) {
    const [, [, size, used, available] = []] = await command('df', ['-B1', mountpoint]);
    const of = (state: string): number =>
      points.find(
        ({ attributes: a }) => a['system.filesystem.mountpoint'] === mountpoint && a['system.filesystem.state'] === state,
      )?.value ?? -1;
    expect(of('used') + of('free') + of('reserved')).toBe(Number(size));
    expect(Math.abs(of('used') - Number(used))).toBeLessThan(200 * 2 ** 20);
    expect(Math.abs(of('free') - Number(available))).toBeLessThan(200 * 2 ** 20);
  }
});

test('inodes: what df says', async () => {
  const points = newest('system.filesystem.inodes.usage');
  for (const { attributes } of points) {
    const mountpoint = textOf(attributes, 'system.filesystem.mountpoint');
    const [, [, inodes] = []] = await command('df', ['-i', mountpoint]);
    const ofIt = points.filter((one) => one.attributes['system.filesystem.mountpoint'] === mountpoint);
    expect(ofIt.reduce((sum, { value }) => sum + value, 0)).toBe(Number(inodes));
  }
});

test('pressure: each total lies between what the kernel says before and after', async () => {
  const resources = ['cpu', 'memory', 'io'].filter((resource) => existsSync(`/proc/pressure/${resource}`));
  const totals = (): number[] =>
    resources.map((resource) => {
      const text = readFileSync(`/proc/pressure/${resource}`, 'utf8');
      return Number(/^some .*total=(\d+)/.exec(text)?.[1]) / 1e6;
    });
  const before = totals();
  await nextScrape();
  const points = resources.map((resource) => newest(`system.${resource}.linux.pressure.total`)[0]);
  const after = totals();
  for (const [index, point] of points.entries()) {
    expect(point).toMatchObject({ type: 'sum', isMonotonic: true, unit: 's' });
    expect(point?.value).toBeGreaterThanOrEqual(before[index] ?? 0);
    expect(point?.value).toBeLessThanOrEqual(after[index] ?? 0);
  }
  // A kernel without it: nothing is claimed.
  const sent = new Set(capture.points.map(({ metric }) => metric).filter((metric) => metric.includes('pressure')));
  expect(sent.size).toBe(resources.length);
});

test('disks: the bytes that this test writes are among those of the hardware', async () => {
  const total = (): number =>
    newest('system.disk.io').reduce(
      (sum, { value, attributes }) => sum + (attributes['disk.io.direction'] === 'write' ? value : 0),
      0,
    );
  if (newest('system.disk.io').length === 0) {
    // A container on a machine whose disks it cannot see: then nothing may be claimed either.
    expect(newest('system.disk.io_time')).toEqual([]);
    return;
  }
  await nextScrape();
  const before = total();
  const bytes = 8 * 2 ** 20;
  await run('dd', ['if=/dev/zero', 'of=/var/tmp/sonde-host-agent-test', 'bs=1M', 'count=8', 'conv=fsync']);
  await run('rm', ['/var/tmp/sonde-host-agent-test']);
  await nextScrape();
  expect(total() - before).toBeGreaterThanOrEqual(bytes);
});

test('network and uptime', () => {
  for (const { attributes } of newest('system.network.io')) {
    expect(attributes['network.interface.name']).not.toBe('lo');
    expect(['receive', 'transmit']).toContain(attributes['network.io.direction']);
  }
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  expect(Math.abs((newest('system.uptime')[0]?.value ?? 0) - uptime)).toBeLessThan(10);
});

test('the machine has the name that the agent in a service gives it, and no service', async () => {
  const { resource } = newest('system.cpu.time')[0] as SeenPoint;
  expect(resource).toMatchObject({ 'host.name': hostname(), 'os.description': expect.any(String) });
  expect(resource).not.toHaveProperty('service.name');
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  expect(resource['host.ip']).toEqual(addresses.filter(({ internal }) => !internal).map(({ address }) => address));
  await runApp('named/app.mjs', { agent: agentByImport, env: { OTEL_EXPORTER_OTLP_ENDPOINT: capture.url } });
  const ofService = capture.spans[0]?.resource;
  for (const key of ['host.name', 'host.id', 'host.arch', 'os.type']) expect(ofService?.[key]).toEqual(resource[key]);
});

test(
  'OTEL_RESOURCE_ATTRIBUTES names the machine otherwise; SIGTERM: a last scrape, exit code 0 within 2 s',
  promisedTime,
  async () => {
    const name = `shop-${randomUUID()}`;
    const other = await startProcess([main], {
      OTEL_EXPORTER_OTLP_ENDPOINT: capture.url,
      OTEL_RESOURCE_ATTRIBUTES: `host.name=${name}`,
      SONDE_HOST_AGENT_INTERVAL_SECONDS: '3600',
    });
    const ofOther = () =>
      new Set(capture.points.filter(({ resource }) => resource['host.name'] === name).map(({ timeNs }) => timeNs)).size;
    await capture.until(() => ofOther() === 1);
    const before = performance.now();
    expect(await other.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(2000);
    expect(ofOther()).toBe(2);
  },
);

test('a collector that is gone: it goes on and ends in time', promisedTime, async () => {
  const alone = await startProcess([main], {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    SONDE_HOST_AGENT_INTERVAL_SECONDS: '1',
  });
  await nextScrape();
  const before = performance.now();
  expect(await alone.stop()).toBe(0);
  expect(performance.now() - before).toBeLessThan(2000);
});

test('--once prints one scrape as text', async () => {
  const { stdout } = await run(process.execPath, [main, '--once']);
  expect(stdout).toContain(`host.name: ${hostname()}`);
  expect(stdout).toMatch(/system\.cpu\.time \(s, counter\)\n {2}user +[\d.]+\n/);
});

test('a wrong configuration file stops the start with one line that names file and key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-host-agent-'));
  const file = join(folder, 'host-agent.yaml');
  await writeFile(file, 'receivers:\n  redis: { endpoint: "127.0.0.1:6379", pasword: geheim }\n');
  const start = run(process.execPath, [main], { env: { ...process.env, SONDE_HOST_AGENT_CONFIG: file } });
  await expect(start).rejects.toMatchObject({
    code: 1,
    stderr: `sonde-host-agent: ${file}: receivers.redis.pasword: unknown; there are endpoint, username, password, tls, interval_seconds\n`,
  });
  await rm(folder, { recursive: true });
});

test('a wrong value stops the start with the name of the variable', async () => {
  const env = { ...process.env, SONDE_HOST_AGENT_INTERVAL_SECONDS: 'often' };
  await expect(run(process.execPath, [main], { env })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('SONDE_HOST_AGENT_INTERVAL_SECONDS'),
  });
});
