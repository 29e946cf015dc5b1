import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { openEngine } from '@sonde/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { watchProcess } from '../fixtures/watch/watch-process.ts';
import { expectLedgerHolds } from './expect-ledger.ts';
import { type LedgerSender, startSending } from './ledger-sender.ts';

/** A collector that is sent more than it can take, by senders who mean it and by those who do not. */
let dataDir: string;
let collector: CollectorProcess;
let otlp: { host: string; port: number };
const senders: LedgerSender[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-overload-'));
  await start({});
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.stop()));
  await collector.kill();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>>): Promise<void> {
  collector = await startCollector({ SONDE_DATA_DIR: dataDir, ...env });
  otlp = { host: '127.0.0.1', port: Number(new URL(collector.otlpUrl).port) };
}

const MiB = 1024 ** 2;
const startSender = (count = 2, options: Parameters<typeof startSending>[2] = { pauseMs: 20 }): LedgerSender => {
  const sender = startSending(() => collector.otlpUrl, count, options);
  senders.push(sender);
  return sender;
};
const watch = () => watchProcess(collector.pid, `${collector.apiUrl}/health`);

async function expectAllStored(sender: LedgerSender): Promise<void> {
  await sender.stop();
  await collector.drained(20_000);
  expect(await collector.stop()).toBe(0);
  for (const { acknowledged } of Object.values(sender.ledgers)) expect(acknowledged.size).toBeGreaterThan(100);
  const engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
  try {
    await expectLedgerHolds(engine, sender);
  } finally {
    await engine.close();
  }
}

/** A raw connection that has sent `head` and whose end is nobody's fault. */
async function openSocket(head: string): Promise<Socket> {
  const socket = connect(otlp);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (head !== '') socket.write(head);
  return socket;
}

async function openSockets(count: number, headOf: (index: number) => string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const some = Math.min(500, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: some }, (_, i) => openSocket(headOf(sockets.length + i))))));
  }
  return sockets;
}

const head = (headers: Readonly<Record<string, string | number>>): string =>
  `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}`;

const post = (body: Uint8Array, encoding = 'identity'): Promise<number> =>
  fetch(`${collector.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': encoding },
    body: Buffer.from(body),
  }).then(async (response) => {
    await response.arrayBuffer();
    return response.status;
  });

function descriptorsMax(): number {
  return Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1024);
}

test('ten thousand connections that send nothing, half a header, or a body byte by byte', async () => {
  const count = Math.min(10_000, descriptorsMax() - 1_000);
  const sender = startSender();
  const watching = await watch();
  const kinds = ['', head({}), `${head({ 'content-length': 1_000 })}\r\nx`];
  const sockets = await openSockets(count, (index) => kinds[index % kinds.length] ?? '');
  for (let round = 0; round < 3; round++) {
    for (const [index, socket] of sockets.entries()) if (index % 3 === 2) socket.write('x');
    await sleep(300);
  }
  for (const socket of sockets) socket.destroy();
  const seen = await watching.stop();
  console.log(`${count} connections: at most ${seen.residentMiB} MiB resident, health within ${seen.healthMs} ms`);
  expect(seen.healthMs).toBeLessThan(1_000);
  expect(seen.residentMiB).toBeLessThan(1_200);
  expect(sender.failures).toEqual(new Map());
  await expectAllStored(sender);
});

test('no file descriptors left: connections that stand are answered, new ones wait or are cut, and it recovers', async () => {
  const sender = startSender();
  await sleep(500);
  expect((await collector.health()).status).toBe('ok');
  const used = readdirSync(`/proc/${collector.pid}/fd`).length;
  const setLimit = (count: number) =>
    spawnSync('prlimit', ['--pid', String(collector.pid), `--nofile=${count}:${descriptorsMax()}`]).status;
  expect(setLimit(used + 30)).toBe(0);
  const sockets = await openSockets(200, () => '');
  await sleep(1_500);
  // On the connection that stands since before.
  expect((await collector.health()).counters.traces.received).toBeGreaterThan(0);
  for (const socket of sockets) socket.destroy();
  expect(setLimit(descriptorsMax())).toBe(0);
  const before = sender.ledgers.traces.acknowledged.size;
  await expect.poll(() => sender.ledgers.traces.acknowledged.size, { timeout: 10_000 }).toBeGreaterThan(before + 100);
  console.log('seen without descriptors:', Object.fromEntries(sender.failures));
  for (const failure of sender.failures.keys()) expect(failure).toMatch(/^(status 503|fetch failed)$/);
  await expectAllStored(sender);
});

test('gzip bombs: 413 or 400, in bounded memory, and other senders do not notice', async () => {
  const sender = startSender();
  await sleep(300);
  const watching = await watch();
  const zeros = gzipSync(Buffer.alloc(64 * MiB));
  const small = gzipSync(Buffer.concat([Buffer.alloc(64 * MiB), Buffer.from('x')]));
  expect(small.length).toBeLessThan(70_000);
  // Gzip may be concatenated: 160 times 64 MiB.
  const large = Buffer.concat(Array.from({ length: 160 }, () => zeros));
  expect(await post(small, 'gzip')).toBe(413);
  expect(await post(gzipSync(small), 'gzip')).toBe(400);
  expect(await Promise.all(Array.from({ length: 6 }, () => post(large, 'gzip')))).toEqual(
    expect.arrayContaining([expect.toSatisfy((status: number) => status === 413 || status === 503)]),
  );
  expect(await post(large, 'gzip')).toBe(413);
  const seen = await watching.stop();
  console.log(`bombs: at most ${seen.residentMiB} MiB resident, health within ${seen.healthMs} ms`);
  expect(seen.healthMs).toBeLessThan(1_000);
  expect(seen.residentMiB).toBeLessThan(1_400);
  expect([...sender.failures.keys()].filter((failure) => failure !== 'status 503')).toEqual([]);
  await expectAllStored(sender);
});

test('many bodies of 60 MiB at once: 503 beyond the budget, in bounded memory, then it recovers', async () => {
  const sender = startSender();
  await sleep(300);
  const watching = await watch();
  // Malformed from its first byte on, so that it is the reading that is judged here, not the decoding.
  const body = Buffer.alloc(60 * MiB, 0xff);
  const statuses = await Promise.all(Array.from({ length: 12 }, () => post(body)));
  const seen = await watching.stop();
  const counts = Object.fromEntries(
    [...new Set(statuses)].map((status) => [status, statuses.filter((one) => one === status).length]),
  );
  console.log(`12 times 60 MiB:`, counts, `at most ${seen.residentMiB} MiB resident, health within ${seen.healthMs} ms`);
  expect(new Set(statuses)).toEqual(new Set([400, 503]));
  expect(seen.healthMs).toBeLessThan(1_000);
  expect(seen.residentMiB).toBeLessThan(1_400);
  expect(await post(body)).toBe(400);
  const before = sender.ledgers.traces.acknowledged.size;
  await expect.poll(() => sender.ledgers.traces.acknowledged.size, { timeout: 10_000 }).toBeGreaterThan(before + 100);
  expect([...sender.failures.keys()].filter((failure) => failure !== 'status 503')).toEqual([]);
  await expectAllStored(sender);
});

test('several times what can be stored: only 200 and 503, and the ledger is clean', async () => {
  await collector.kill();
  await start({ SONDE_SPOOL_MAX_BYTES: '16777216' });
  const watching = await watch();
  const sender = startSender(24, { padBytes: 4_000 });
  await expect.poll(() => sender.failures.get('status 503') ?? 0, { timeout: 20_000 }).toBeGreaterThan(50);
  await sleep(1_500);
  const { spool } = await collector.health();
  expect(spool.bytes).toBeLessThanOrEqual(16 * MiB);
  await sender.stop();
  const seen = await watching.stop();
  console.log(
    `overload: at most ${seen.residentMiB} MiB resident, health within ${seen.healthMs} ms`,
    Object.fromEntries(sender.failures),
  );
  expect(seen.healthMs).toBeLessThan(1_000);
  expect(seen.residentMiB).toBeLessThan(1_400);
  expect([...sender.failures.keys()]).toEqual(['status 503']);
  await expectAllStored(sender);
});
