import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { processesOfRun } from '../leftovers.mjs';

const root = resolve(import.meta.dirname, '../..');

test('npm start says where to look, answers there, and ends with all that it started', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sonde-start-'));
  const run = `start-${process.pid}-${Date.now()}`;
  const child = spawn(process.execPath, ['deploy/start.mjs'], {
    cwd: root,
    env: {
      ...process.env,
      SONDE_TEST_RUN: run,
      SONDE_DATA_DIR: dataDir,
      SONDE_PORT: '0',
      SONDE_OTLP_HTTP_PORT: '0',
      SONDE_OTLP_GRPC_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    await expect.poll(() => printed, { timeout: 60_000 }).toContain('--import @sonde/agent/register');
    const url = /Dashboard\s+(\S+)/.exec(printed)?.[1] ?? '';
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<div id="root">');
    expect(await (await fetch(`${url}/api/v1/health`)).json()).toMatchObject({ status: 'ok' });
    // This machine's own metrics arrive without anybody asking for them.
    const hosts = async (): Promise<number> =>
      ((await (await fetch(`${url}/api/v1/hosts`)).json()) as { items: unknown[] }).items.length;
    await expect.poll(hosts, { timeout: 30_000, interval: 500 }).toBe(1);
    // A host agent is no service.
    expect(await (await fetch(`${url}/api/v1/services`)).json()).toMatchObject({ items: [] });
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    await rm(dataDir, { recursive: true, force: true });
  }
  expect(child.exitCode).toBe(0);
  expect(processesOfRun(run)).toEqual([]);
}, 120_000);
