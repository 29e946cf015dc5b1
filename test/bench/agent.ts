/** What the agent costs: a bare HTTP server without it and with it, side by side. The collector is a sink that only reads. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { agentByImport, type AppOptions, startApp } from '../fixtures/run-app.ts';

const connections = 16;
const warmUpMs = 1500;
const measuredMs = 4000;
const rounds = 2;

const sink = createServer((request, response) => request.resume().on('end', () => response.end()));
sink.listen(0, '127.0.0.1');
await once(sink, 'listening');
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(sink.address() as AddressInfo).port}` };

const variants: Record<string, AppOptions> = {
  'without the agent': {},
  'with the agent': { agent: agentByImport, env: endpoint },
  'agent, traces only': {
    agent: agentByImport,
    env: { ...endpoint, OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  },
  'agent, nothing sampled': { agent: agentByImport, env: { ...endpoint, OTEL_TRACES_SAMPLER: 'always_off' } },
};

interface Measured {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly cpuUsPerRequest: number;
  readonly startMs: number;
}

/** Closed loop: each connection sends its next request when it has the answer to the last. */
function load(port: number, durationMs: number): Promise<number[]> {
  const request = 'GET /some/path HTTP/1.1\r\nHost: bench\r\n\r\n';
  const tookUs: number[] = [];
  const end = performance.now() + durationMs;
  const clients = Array.from(
    { length: connections },
    () =>
      new Promise<void>((done, failed) => {
        const socket = connect(port, '127.0.0.1')
          .setNoDelay(true)
          .on('error', failed)
          .on('close', () => done());
        let sentAt = 0;
        const send = (): void => {
          sentAt = performance.now();
          socket.write(request);
        };
        // The whole answer comes in one piece: it is smaller than a segment.
        socket.on('data', () => {
          tookUs.push((performance.now() - sentAt) * 1000);
          if (performance.now() < end) send();
          else socket.destroy();
        });
        socket.once('connect', send);
      }),
  );
  return Promise.all(clients).then(() => tookUs);
}

async function measure(options: AppOptions): Promise<Measured> {
  const startedAt = performance.now();
  const app = startApp('bare-server.mjs', options);
  const port = Number(/listening (\d+)\n/.exec(await app.printed('\n'))?.[1]);
  const startMs = performance.now() - startedAt;
  const warm = await load(port, warmUpMs);
  const tookUs = await load(port, measuredMs);
  app.child.kill('SIGTERM');
  const { stdout } = await app.ended;
  const cpuUs = Number(/cpu (\d+)/.exec(stdout)?.[1]);
  tookUs.sort((a, b) => a - b);
  const at = (share: number): number => tookUs[Math.floor(tookUs.length * share)] ?? Number.NaN;
  return {
    perSecond: tookUs.length / (measuredMs / 1000),
    p50Us: at(0.5),
    p99Us: at(0.99),
    cpuUsPerRequest: cpuUs / (warm.length + tookUs.length),
    startMs,
  };
}

const results = new Map<string, Measured[]>();
// In turns, so that what else the machine does hits all alike.
for (let round = 0; round < rounds; round++) {
  for (const [name, options] of Object.entries(variants))
    results.set(name, [...(results.get(name) ?? []), await measure(options)]);
}
sink.close();
sink.closeAllConnections();

const best = (name: string): Measured | undefined => results.get(name)?.toSorted((a, b) => b.perSecond - a.perSecond)[0];
const base = best('without the agent');
console.log(`${connections} connections, best of ${rounds} rounds of ${measuredMs / 1000} s; CPU with start and warm-up`);
console.log(
  ['', 'requests/s', 'p50 µs', 'p99 µs', 'CPU µs/request', 'start ms', 'of bare'].map((cell) => cell.padEnd(24)).join(''),
);
for (const name of Object.keys(variants)) {
  const one = best(name);
  if (one === undefined || base === undefined) continue;
  const cells = [one.perSecond, one.p50Us, one.p99Us, one.cpuUsPerRequest, one.startMs].map((value) => value.toFixed(0));
  console.log(
    [name, ...cells, `${((100 * one.perSecond) / base.perSecond).toFixed(0)} %`].map((cell) => cell.padEnd(24)).join(''),
  );
}
