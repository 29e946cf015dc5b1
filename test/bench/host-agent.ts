/**
 * What the host agent costs: processor time for a scrape of everything (the machine with its processes, nginx, Redis), and memory, at the default
 * interval: what is asked each second is warm, and spares what happens by the clock. Then the same with an access log under load, and with a server of every kind
 * that can be started here.
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
import { type KafkaContent, startKafka } from '../fixtures/servers/kafka.ts';
import { startMariadb } from '../fixtures/servers/mariadb.ts';
import { startNginx } from '../fixtures/servers/nginx.ts';
import { startPostgres } from '../fixtures/servers/postgres.ts';
import { startRedis } from '../fixtures/servers/redis.ts';
import { startTomcat } from '../fixtures/servers/tomcat.ts';
import { startZookeeper } from '../fixtures/servers/zookeeper.ts';

const intervalSeconds = 10;
const warmUpMs = 25_000;
/** Two looks at what is asked every 30 s. */
const measuredMs = 60_000;

let receivedBytes = 0;
const sink = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => (receivedBytes += chunk.length));
  request.on('end', () => response.end());
});
sink.listen(0, '127.0.0.1');
await once(sink, 'listening');

const folder = await mkdtemp(join(tmpdir(), 'sonde-bench-'));
const [, http = ''] = [...readFileSync('docs/middleware.md', 'utf8').matchAll(/```nginx\n([\s\S]*?)```/g)].map(
  ([, text = '']) => text,
);
const [nginx, redis] = await Promise.all([
  startNginx({ http, server: 'location = /status { stub_status; access_log off; } location / { return 200 ok; }' }),
  startRedis(),
]);
const two = {
  nginx: { endpoint: `http://127.0.0.1:${nginx.port}/status`, access_log: nginx.accessLog },
  redis: { endpoint: `127.0.0.1:${redis.port}` },
};

const first = await startAgent(two);
const quiet = await first.measure();
report('the machine, nginx and Redis', quiet);
const { perSecond, measured: loaded } = await underLoad(first);
const perSpanUs = ((loaded.cpuMsPerSecond - quiet.cpuMsPerSecond) * 1000) / perSecond;
console.log(
  `with ${perSecond.toFixed(0)} requests/s in the access log: ${perSpanUs.toFixed(0)} µs for a span; ${loaded.memory}`,
);
await first.stop();

const topics = Array.from({ length: 50 }, (_, i) => `topic-${i}`);
const eachOf = <T>(partition: T) => Object.fromEntries(topics.map((topic) => [topic, Array<T>(8).fill(partition)]));
const fiftyTopics: KafkaContent = {
  topics: eachOf({ oldest: 0, end: 1000, inSync: [1, 2] }),
  groups: { mail: { members: 2, offsets: eachOf(900) } },
};
const password = 'bench';
const [postgres, mariadb, zookeeper, tomcat, kafka] = await Promise.all([
  startPostgres({ settings: { shared_preload_libraries: 'pg_stat_statements' } }),
  startMariadb(),
  startZookeeper('mntr'),
  startTomcat([{ name: 'sonde', password, role: 'manager-status' }]),
  startKafka(() => fiftyTopics),
]);
const every = await startAgent({
  ...two,
  postgresql: { endpoint: `127.0.0.1:${postgres.port}`, username: 'postgres' },
  mysql: { endpoint: `127.0.0.1:${mariadb.port}`, username: 'root', password },
  zookeeper: { endpoint: `127.0.0.1:${zookeeper.port}` },
  tomcat: { endpoint: `http://127.0.0.1:${tomcat.port}/manager`, username: 'sonde', password },
  kafka: { endpoint: `127.0.0.1:${kafka.port}` },
});
report('with PostgreSQL, MariaDB, ZooKeeper, Tomcat and a Kafka of 400 partitions', await every.measure());
await every.stop();

await Promise.all([nginx, redis, postgres, mariadb, zookeeper, tomcat, kafka].map((server) => server.stop()));
await rm(folder, { recursive: true });
sink.close();
sink.closeAllConnections();

interface Measured {
  readonly cpuMsPerSecond: number;
  readonly bytesPerScrape: number;
  readonly memory: string;
}

interface Agent {
  measure(): Promise<Measured>;
  stop(): Promise<unknown>;
}

async function startAgent(receivers: Readonly<Record<string, unknown>>): Promise<Agent> {
  const config = join(folder, 'host-agent.yaml');
  // JSON is YAML.
  await writeFile(config, JSON.stringify({ receivers }));
  const agent = await startProcess(['packages/host-agent/dist/main.js'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(sink.address() as AddressInfo).port}`,
    SONDE_HOST_AGENT_CONFIG: config,
  });
  const pid = String(agent.child.pid);
  /** proc(5): utime and stime, in hundredths of a second. */
  const cpuMs = (): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  const mebibytes = (key: 'VmRSS' | 'VmHWM'): string => {
    const kibibytes = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return `${(Number(kibibytes) / 1024).toFixed(0)} MiB`;
  };
  await sleep(warmUpMs);
  return {
    async measure() {
      const before = { cpu: cpuMs(), bytes: receivedBytes, at: performance.now() };
      await sleep(measuredMs);
      const seconds = (performance.now() - before.at) / 1000;
      return {
        cpuMsPerSecond: (cpuMs() - before.cpu) / seconds,
        bytesPerScrape: ((receivedBytes - before.bytes) / seconds) * intervalSeconds,
        memory: `resident ${mebibytes('VmRSS')}, at most ${mebibytes('VmHWM')}`,
      };
    },
    stop: () => agent.stop(),
  };
}

function report(of: string, { bytesPerScrape, cpuMsPerSecond, memory }: Measured): void {
  console.log(
    `one scrape, ${of}: ${(cpuMsPerSecond * intervalSeconds).toFixed(1)} ms of processor time, ${(bytesPerScrape / 1024).toFixed(1)} KiB sent; every ${intervalSeconds} s ${(cpuMsPerSecond / 10).toFixed(2)} % of one core; ${memory}`,
  );
}

async function underLoad(agent: Agent): Promise<{ perSecond: number; measured: Measured }> {
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
  const measured = await agent.measure();
  await load;
  return { perSecond: requests / (measuredMs / 1000 + 1), measured };
}
