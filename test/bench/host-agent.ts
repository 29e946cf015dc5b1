/**
 * What the host agent costs: processor time for a scrape of everything (the machine with its processes, nginx, Redis), and memory. Asked each
 * second here; the share of a core is that at the default of 10 s. Then the same with an access log under load.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from '../fixtures/process.ts';
import { startNginx } from '../fixtures/servers/nginx.ts';
import { startRedis } from '../fixtures/servers/redis.ts';

const warmUpMs = 5000;
const measuredMs = 20_000;
const defaultIntervalSeconds = 10;

const received = { metrics: 0, traces: 0, bytes: 0 };
const sink = createServer((request, response) => {
  const signal = request.url?.slice('/v1/'.length);
  if (signal === 'metrics' || signal === 'traces') received[signal] += 1;
  request.on('data', (chunk: Buffer) => (received.bytes += chunk.length));
  request.on('end', () => response.end());
});
sink.listen(0, '127.0.0.1');
await once(sink, 'listening');

const [, http = ''] = [...readFileSync('docs/middleware.md', 'utf8').matchAll(/```nginx\n([\s\S]*?)```/g)].map(
  ([, text = '']) => text,
);
const nginx = await startNginx({
  http,
  server: 'location = /status { stub_status; access_log off; } location / { return 200 ok; }',
});
const redis = await startRedis();
const folder = await mkdtemp(join(tmpdir(), 'sonde-bench-'));
const config = join(folder, 'host-agent.yaml');
await writeFile(
  config,
  `receivers:
  nginx: { endpoint: "http://127.0.0.1:${nginx.port}/status", access_log: "${nginx.accessLog}" }
  redis: { endpoint: "127.0.0.1:${redis.port}" }
`,
);
const hostAgent = await startProcess(['packages/host-agent/dist/main.js'], {
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(sink.address() as AddressInfo).port}`,
  SONDE_HOST_AGENT_INTERVAL_SECONDS: '1',
  SONDE_HOST_AGENT_CONFIG: config,
});
const pid = String(hostAgent.child.pid);

/** proc(5): utime and stime, in hundredths of a second. */
function cpuMs(): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function mebibytes(key: 'VmRSS' | 'VmHWM'): string {
  const kibibytes = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return `${(Number(kibibytes) / 1024).toFixed(0)} MiB`;
}

async function measure(): Promise<{ cpuMsPerSecond: number; bytesPerScrape: number }> {
  const before = { cpu: cpuMs(), bytes: received.bytes, at: performance.now() };
  await sleep(measuredMs);
  const seconds = (performance.now() - before.at) / 1000;
  return { cpuMsPerSecond: (cpuMs() - before.cpu) / seconds, bytesPerScrape: (received.bytes - before.bytes) / seconds };
}

await sleep(warmUpMs);
const quiet = await measure();
console.log(
  `one scrape of everything: ${quiet.cpuMsPerSecond.toFixed(1)} ms of processor time, ${(quiet.bytesPerScrape / 1024).toFixed(1)} KiB sent`,
);
console.log(
  `every ${defaultIntervalSeconds} s: ${(quiet.cpuMsPerSecond / 10 / defaultIntervalSeconds).toFixed(2)} % of one core; resident ${mebibytes('VmRSS')}, at most ${mebibytes('VmHWM')}`,
);

let requests = 0;
const until = performance.now() + measuredMs + 1000;
const load = (async () => {
  while (performance.now() < until) {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        await (await fetch(`http://127.0.0.1:${nginx.port}/item`)).text();
        requests += 1;
      }),
    );
    await sleep(100);
  }
})();
const loaded = await measure();
await load;
const perSecond = requests / (measuredMs / 1000 + 1);
const perSpanUs = ((loaded.cpuMsPerSecond - quiet.cpuMsPerSecond) * 1000) / perSecond;
console.log(
  `with ${perSecond.toFixed(0)} requests/s in the access log: ${perSpanUs.toFixed(0)} µs for a span; resident ${mebibytes('VmRSS')}, at most ${mebibytes('VmHWM')}`,
);

await hostAgent.stop();
await Promise.all([nginx.stop(), redis.stop(), rm(folder, { recursive: true })]);
sink.close();
sink.closeAllConnections();
