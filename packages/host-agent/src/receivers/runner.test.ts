import { expect, test } from 'vitest';
import { type ResourceMetrics } from '../metric.ts';
import { ScrapeError } from './failure.ts';
import { type ReceiverScrape, receiverKind } from './receiver.ts';
import { Runner } from './runner.ts';

/** A receiver that answers with what it is told to. */
function runnerOf(answer: (signal: AbortSignal) => Promise<ReceiverScrape>, timeoutMs = 1000) {
  const said: string[] = [];
  const kind = receiverKind({
    kind: 'cache',
    settings: {},
    system: { 'db.system.name': 'cache' },
    server: () => ({ address: '127.0.0.1', port: 6379 }),
    open: () => ({ scrape: answer, close: async () => undefined }),
  });
  const runner = new Runner({
    configured: { id: 'cache/session', kind, settings: {}, intervalSeconds: undefined, secrets: ['geheim'] },
    host: { 'host.name': 'here' },
    timeoutMs,
    report: (message) => said.push(message),
    logs: () => undefined,
    spans: () => undefined,
  });
  return { runner, said };
}

const good: ReceiverScrape = {
  startTimeMs: 1000,
  resource: { 'cache.version': '7' },
  metrics: [{ name: 'cache.keys', unit: '{key}', type: 'level', points: [{ value: 3, attributes: {} }] }],
};

function values({ metrics }: ResourceMetrics): Record<string, number | undefined> {
  return Object.fromEntries(metrics.map(({ name, points }) => [name, points[0]?.value]));
}

test('(2) the server is up: its metrics, in a resource that says who it is', async () => {
  const { runner } = runnerOf(async () => good);
  const scrape = await runner.scrape();
  expect(values(scrape)).toEqual({ 'sonde.middleware.up': 1, 'cache.keys': 3 });
  expect(scrape).toMatchObject({
    startTimeMs: 1000,
    resource: {
      'host.name': 'here',
      'server.address': '127.0.0.1',
      'server.port': 6379,
      'sonde.middleware.kind': 'cache',
      'sonde.receiver': 'cache/session',
      'db.system.name': 'cache',
      'cache.version': '7',
    },
  });
});

test('(2) (3) down: 0 and the same resource; said once at the begin, once at the end', async () => {
  let answer: () => Promise<ReceiverScrape> = async () => good;
  const { runner, said } = runnerOf(() => answer());
  const up = await runner.scrape();
  const gone = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  answer = () => Promise.reject(new TypeError('fetch failed', { cause: gone }));
  const down = await runner.scrape();
  await runner.scrape();
  expect(values(down)).toEqual({ 'sonde.middleware.up': 0 });
  expect(down.resource).toEqual(up.resource);
  expect(said).toEqual([
    'cache/session: nothing listens at 127.0.0.1:6379: start the server, or correct `endpoint` (ECONNREFUSED); trying on',
  ]);
  answer = () => Promise.reject(new ScrapeError('forbidden', 'the server refuses the password'));
  await runner.scrape();
  expect(said[1]).toContain('refuses the password');
  answer = async () => good;
  await runner.scrape();
  await runner.scrape();
  expect(said.slice(2)).toEqual(['cache/session: 127.0.0.1:6379 answers again']);
});

test('(1) (4) one that hangs: down after the timeout, and not asked again until it has settled', async () => {
  let asked = 0;
  const release: (() => void)[] = [];
  const { runner, said } = runnerOf(async () => {
    asked += 1;
    await new Promise<void>((done) => release.push(done));
    return good;
  }, 20);
  expect(values(await runner.scrape())).toEqual({ 'sonde.middleware.up': 0 });
  expect(values(await runner.scrape())).toEqual({ 'sonde.middleware.up': 0 });
  expect({ asked, said }).toEqual({ asked: 1, said: [expect.stringContaining('does not answer in time')] });
  release.shift()?.();
  await new Promise((done) => setTimeout(done, 5));
  const again = runner.scrape();
  release.shift()?.();
  expect(values(await again)).toMatchObject({ 'sonde.middleware.up': 1 });
});

test('(1) the signal ends what heeds it', async () => {
  let ended = false;
  const { runner } = runnerOf((signal) => {
    return new Promise((_done, failed) => {
      signal.addEventListener('abort', () => {
        ended = true;
        failed(signal.reason as Error);
      });
    });
  }, 20);
  await runner.scrape();
  expect(ended).toBe(true);
});

test('(3) a gap is said once, and its end', async () => {
  let gaps: string[] = ['the slow log is not allowed: ACL SETUSER sonde +slowlog'];
  const { runner, said } = runnerOf(async () => ({ ...good, gaps }));
  for (let scrape = 0; scrape < 3; scrape++) await runner.scrape();
  expect(said).toEqual(['cache/session: the slow log is not allowed: ACL SETUSER sonde +slowlog']);
  gaps = [];
  await runner.scrape();
  await runner.scrape();
  expect(said.slice(1)).toEqual(['cache/session: nothing is left out any more']);
});

test('(5) a secret that an error repeats is struck out', async () => {
  const { runner, said } = runnerOf(() => Promise.reject(new Error('bad login sonde:geheim')));
  await runner.scrape();
  expect(said).toEqual(['cache/session: 127.0.0.1:6379: bad login sonde:***; trying on']);
});

test('a start that is told in whole seconds does not waver; a new one counts', async () => {
  let startTimeMs = 100_000;
  const { runner } = runnerOf(async () => ({ ...good, startTimeMs }));
  await runner.scrape();
  startTimeMs = 100_900;
  expect((await runner.scrape()).startTimeMs).toBe(100_000);
  startTimeMs = 160_000;
  expect((await runner.scrape()).startTimeMs).toBe(160_000);
});
