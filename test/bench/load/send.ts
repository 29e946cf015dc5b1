/**
 * The load generator of the ingest benchmark, a process of its own: send.ts <url> <seconds> <connections> <spans per request>
 * [<requests per second of each connection>]. Without a pace each connection sends as soon as it has its answer, whatever that is.
 */
import { Agent, request } from 'node:http';
import { SpanBatch } from './span-batch.ts';

const [url = '', ...numbers] = process.argv.slice(2);
const [seconds = 10, connections = 8, spans = 500, pace = Infinity] = numbers.map(Number);

const agent = new Agent({ keepAlive: true, maxSockets: connections });
const options = { agent, method: 'POST', headers: { 'content-type': 'application/x-protobuf' } };
const latenciesMs: number[] = [];
const statuses: Record<string, number> = {};

function send(batch: SpanBatch): Promise<number> {
  batch.renew();
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const sent = request(`${url}/v1/traces`, options, (response) => {
      response.resume().on('end', () => {
        latenciesMs.push(performance.now() - startedAt);
        resolve(response.statusCode ?? 0);
      });
    });
    sent.on('error', reject).end(batch.bytes);
  });
}

const startedAt = performance.now();
await Promise.all(
  Array.from({ length: connections }, async (_, index) => {
    const batch = new SpanBatch(spans, index);
    for (let count = 1; performance.now() - startedAt < seconds * 1000; count++) {
      const status = await send(batch);
      statuses[status] = (statuses[status] ?? 0) + 1;
      const waitMs = startedAt + (count * 1000) / pace - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }),
);
const elapsedSeconds = (performance.now() - startedAt) / 1000;
agent.destroy();
latenciesMs.sort((a, b) => a - b);
const at = (share: number): number => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0;
const bytesPerSpan = new SpanBatch(spans, 0).bytes.length / spans;
process.stdout.write(
  JSON.stringify({
    statuses,
    acknowledged: (statuses['200'] ?? 0) * spans,
    elapsedSeconds,
    bytesPerSpan,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }),
);
