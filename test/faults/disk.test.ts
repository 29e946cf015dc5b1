import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEngine } from '@sonde/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { expectLedgerHolds } from './expect-ledger.ts';
import { type LedgerSender, startSending } from './ledger-sender.ts';

/** A collector whose disk fails for real: a tmpfs that is full, an fsync that says EIO, a folder that cannot be used. */
let dataDir: string;
let collector: CollectorProcess | undefined;
const senders: LedgerSender[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-disk-'));
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.stop()));
  await collector?.kill();
  collector = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

const start = async (env: Readonly<Record<string, string>> = {}): Promise<CollectorProcess> => {
  collector = await startCollector({ SONDE_DATA_DIR: dataDir, ...env });
  return collector;
};

const startSender = (...options: [count: number, Parameters<typeof startSending>[2]]): LedgerSender => {
  const sender = startSending(() => collector?.otlpUrl ?? '', ...options);
  senders.push(sender);
  return sender;
};

async function expectAllStored(running: CollectorProcess, sender: LedgerSender): Promise<void> {
  await running.drained(20_000);
  expect(await running.stop()).toBe(0);
  const engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
  try {
    await expectLedgerHolds(engine, sender);
  } finally {
    await engine.close();
  }
}

const emptyBody = { method: 'POST', headers: { 'content-type': 'application/json' } };
const oneSpan = JSON.stringify({
  resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'x' }] }] }],
});

/** Takes all the room that a file system has. */
async function fill(path: string, ballast: string): Promise<void> {
  for (;;) {
    const { bavail, bsize } = await statfs(path);
    if (bavail === 0) return;
    // A moment later there may be less.
    await appendFile(ballast, Buffer.alloc(Math.min(bavail, 64) * bsize)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOSPC') throw error;
    });
  }
}

const patience = { timeout: 10_000 };

/** Mounts a small tmpfs; false where this machine does not permit it. */
function mount(path: string, size: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]).status === 0;
}

describe('a full disk', () => {
  let spool: string;
  afterEach(() => {
    spawnSync('umount', ['-l', spool]);
  });

  test(
    '503 with Retry-After, no acknowledgement, no crash; it recovers when there is room again',
    { timeout: 120_000 },
    async ({ skip }) => {
      spool = join(dataDir, 'spool');
      await mkdir(spool);
      if (!mount(spool, '6m')) skip('this machine does not permit a mount: the full disk was not tested');
      const running = await start();
      const sender = startSender(2, { pauseMs: 20 });
      await expect.poll(() => sender.ledgers.traces.acknowledged.size, patience).toBeGreaterThan(100);
      const ballast = join(spool, 'ballast');
      // What waits is loaded first: its room would be given back later, and something could be taken after all.
      const resume = await sender.pause();
      await running.drained(20_000);
      await fill(spool, ballast);
      resume();
      const failures = sender.failures.get('status 503') ?? 0;
      await expect.poll(() => sender.failures.get('status 503') ?? 0, patience).toBeGreaterThan(failures + 5);
      const refused = await fetch(`${running.otlpUrl}/v1/traces`, { ...emptyBody, body: oneSpan });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
      const { refusedRequests, status } = await running.health();
      expect(status).toBe('degraded');
      expect(refusedRequests['spool-unwritable']).toBeGreaterThan(5);
      await rm(ballast);
      const before = sender.ledgers.traces.acknowledged.size;
      await expect.poll(() => sender.ledgers.traces.acknowledged.size, patience).toBeGreaterThan(before + 100);
      await sender.stop();
      expect([...sender.failures.keys()]).toEqual(['status 503']);
      expect((await running.health()).status).toBe('ok');
      await expectAllStored(running, sender);
    },
  );

  test('a start on a full disk loads what waits, and takes again', async ({ skip }) => {
    spool = join(dataDir, 'spool');
    await mkdir(spool);
    if (!mount(spool, '6m')) skip('this machine does not permit a mount: the start on a full disk was not tested');
    // Nothing is loaded meanwhile: the database is a server that is away.
    const away = await start({ SONDE_CLICKHOUSE_URL: 'http://127.0.0.1:1' });
    const sender = startSender(2, { padBytes: 1_000 });
    await expect.poll(() => sender.failures.get('status 503') ?? 0, patience).toBeGreaterThan(5);
    await away.kill();
    const { bavail } = await statfs(spool);
    expect(bavail * 4096).toBeLessThan(1_000_000);
    const running = await start();
    const before = sender.ledgers.logs.acknowledged.size;
    await expect.poll(() => sender.ledgers.logs.acknowledged.size, patience).toBeGreaterThan(before);
    await sender.stop();
    await expectAllStored(running, sender);
  });
});

/** Makes system calls of a running process fail until it is stopped. */
async function inject(pid: number, what: string): Promise<() => Promise<void>> {
  const strace = spawn('strace', [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-p',
    String(pid),
    '-e',
    `trace=${what.split(':')[0]}`,
    '-e',
    `inject=${what}`,
  ]);
  await sleep(500);
  if (strace.exitCode !== null) throw new Error('strace cannot attach');
  return async () => {
    const exited = once(strace, 'exit');
    strace.kill('SIGINT');
    await exited;
  };
}

describe('fsync says EIO', () => {
  const mayTrace = spawnSync('strace', ['-qq', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true']).status === 0;

  test('that batch is never acknowledged, a later one is, and no acknowledged item is lost', async ({ skip }) => {
    if (!mayTrace) skip('this machine does not permit ptrace: EIO was not tested');
    const running = await start();
    const sender = startSender(2, { pauseMs: 20 });
    await expect.poll(() => sender.ledgers.traces.acknowledged.size, patience).toBeGreaterThan(100);
    const heal = await inject(running.pid, 'fsync:error=EIO');
    try {
      await sleep(300);
      const acknowledged = Object.values(sender.ledgers).map((ledger) => ledger.acknowledged.size);
      const refused = await fetch(`${running.otlpUrl}/v1/traces`, { ...emptyBody, body: oneSpan });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
      await sleep(300);
      expect(Object.values(sender.ledgers).map((ledger) => ledger.acknowledged.size)).toEqual(acknowledged);
      expect((await running.health()).status).toBe('degraded');
    } finally {
      await heal();
    }
    const before = sender.ledgers.traces.acknowledged.size;
    await expect.poll(() => sender.ledgers.traces.acknowledged.size, patience).toBeGreaterThan(before + 100);
    await running.kill();
    await running.restart();
    await sender.stop();
    await expectAllStored(running, sender);
  });
});

describe('a spool folder that cannot be used is named in one line', () => {
  async function refusal(env: Readonly<Record<string, string>> = {}): Promise<string> {
    return await start(env).then(
      () => 'it started',
      (error: Error) => error.message,
    );
  }
  const inOneLine = /ended with 1:\nsonde: cannot start: [^\n]+\n$/;

  test('a file in its place', async () => {
    await writeFile(join(dataDir, 'spool'), '');
    const said = await refusal();
    expect(said).toMatch(inOneLine);
    expect(said).toContain(join(dataDir, 'spool'));
  });

  test('a file in the place of its parent', async () => {
    await writeFile(join(dataDir, 'data'), '');
    const said = await refusal({ SONDE_DATA_DIR: join(dataDir, 'data') });
    expect(said).toMatch(inOneLine);
    expect(said).toContain(join(dataDir, 'data'));
  });

  test('a missing parent is made', async () => {
    await start({ SONDE_DATA_DIR: join(dataDir, 'new', 'folder') });
  });

  test('read-only', async ({ skip }) => {
    const spool = join(dataDir, 'spool');
    await mkdir(spool);
    // Root writes whatever the mode says: there the file system itself must be read-only.
    const asRoot = process.getuid?.() === 0;
    if (asRoot && !(mount(spool, '1m') && spawnSync('mount', ['-o', 'remount,ro', spool]).status === 0)) {
      skip('this machine does not permit a mount: the read-only folder was not tested');
    }
    if (!asRoot) await chmod(spool, 0o500);
    try {
      const said = await refusal();
      expect(said).toMatch(inOneLine);
      expect(said).toContain(spool);
    } finally {
      if (asRoot) spawnSync('umount', ['-l', spool]);
      else await chmod(spool, 0o700);
    }
  });
});
