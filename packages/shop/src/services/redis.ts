/** Redis, when its program is installed and no other is given: a child of this process, in memory, ended with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { portOf } from '../base/port-of.ts';
import { runProcess } from '../base/run-process.ts';
import { port, setting } from '../base/settings.ts';

/** Redis reads port 0 as "no TCP", so one is chosen for it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const free = portOf(server);
  server.close();
  await once(server, 'close');
  return free;
}

/** When this process was killed, its Redis was not. */
async function endLeftover(redisPort: number): Promise<void> {
  const client = new Redis(redisPort, '127.0.0.1', { lazyConnect: true, retryStrategy: null });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch {
    // Nobody is there.
    return;
  }
  const ended = once(client, 'end');
  client.shutdown('NOSAVE').catch(() => undefined);
  await ended;
}

await runProcess(async () => {
  if (port() !== 0) await endLeftover(port());
  const redisPort = port() || (await freePort());
  const options = [
    '--bind',
    '127.0.0.1',
    '--port',
    String(redisPort),
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory',
    '64mb',
  ];
  const child = spawn(setting('REDIS_PROGRAM'), options, { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'exit');
  let closing = false;
  void ended.then(() => closing || process.exit(1));
  process.once('exit', () => child.kill('SIGKILL'));

  // It does not say when it listens; a client that tries again until it answers does.
  const client = new Redis(redisPort, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
  return {
    port: redisPort,
    close: async () => {
      closing = true;
      child.kill('SIGTERM');
      await ended;
    },
  };
});
