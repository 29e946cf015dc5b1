import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { type SeenPoint, textOf } from '../fixtures/otlp/decode.ts';
import { type Started, startProcess } from '../fixtures/process.ts';

let capture: Capture;
let hostAgent: Started;
beforeAll(async () => {
  capture = await startCapture();
  hostAgent = await startProcess(['packages/host-agent/dist/main.js'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: capture.url,
    SONDE_HOST_AGENT_INTERVAL_SECONDS: '1',
  });
  await capture.until(() => newest('system.process.count').length > 0);
});
afterAll(async () => {
  await hostAgent.stop();
  await capture.stop();
});

/** The machine's points of the newest scrape. */
function newest(metric: string): SeenPoint[] {
  const last = capture.points.findLast((one) => one.metric === metric);
  return capture.points.filter((one) => one.metric === metric && one.timeNs === last?.timeNs);
}

test('connections: those that this test opens are among the established', async () => {
  const of = (state: string): number =>
    newest('system.network.connection.count').find(({ attributes }) => attributes['network.connection.state'] === state)
      ?.value ?? -1;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = Array.from({ length: 40 }, () => connect((server.address() as AddressInfo).port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  await capture.until(() => of('established') >= 80);
  expect(of('listen')).toBeGreaterThanOrEqual(1);
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('processes: one that works is a resource of its own, without what it was told', async () => {
  const code = 'const held = Buffer.alloc(150e6, 1); while (held[0] === 1 && process.argv[2] === "geheim-4711");';
  const folder = await mkdtemp(join(tmpdir(), 'sonde-host-agent-'));
  const script = join(folder, 'busy.cjs');
  await writeFile(script, code);
  const child = spawn(process.execPath, [script, 'geheim-4711'], { stdio: 'ignore' });
  try {
    const ofChild = (metric: string): SeenPoint[] =>
      capture.points.filter((one) => one.metric === metric && one.resource['process.pid'] === child.pid);
    const user = (): SeenPoint[] => ofChild('process.cpu.time').filter(({ attributes }) => attributes['cpu.mode'] === 'user');
    await capture.until(() => user().length >= 3);
    const [first, last] = [user()[0] as SeenPoint, user().at(-1) as SeenPoint];
    expect(last.resource).toMatchObject({
      'host.name': hostname(),
      'process.executable.name': 'node',
      'process.command': `${process.execPath} ${script}`,
      'process.owner': userInfo().username,
    });
    expect(JSON.stringify(last.resource)).not.toContain('geheim');
    expect(last.resource).not.toHaveProperty('service.name');
    // proc(5): utime, in hundredths of a second. However little of a busy machine it gets, it gets something.
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    expect(last.value).toBeGreaterThan(first.value);
    expect(last.value).toBeLessThanOrEqual(Number(fields[11]) / 100);
    expect(Math.abs(Date.now() - Number(last.startNs / 1_000_000n))).toBeLessThan(30_000);
    expect(ofChild('process.memory.usage').at(-1)?.value).toBeGreaterThan(150e6);
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
  const states = Object.fromEntries(
    newest('system.process.count').map(({ attributes, value }) => [textOf(attributes, 'process.state'), value]),
  );
  const running = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  const counted = Object.values(states).reduce((sum, count) => sum + count, 0);
  expect(Math.abs(counted - running)).toBeLessThan(40);
});
