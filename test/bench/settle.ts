/**
 * Settling, in three measures:
 *
 * (1) Spans that one thread settles in a second: tree, clocks, messages, entries, self time, critical path, path rollup and edges, from
 * columns that are there. Traces of 10 to 50 spans of 200 APIs, each with its own way through 40 services; the worst, in which each request
 * takes another way, so that nearly every span is a row of its own, and one in five has a message's consumer in a trace of its own; and one
 * trace of 100,000 spans. Half of the spans are in the window.
 * (2) The whole path: from spans in the embedded engine to rollups in it, context included, and where the time goes.
 * (3) How long after it was loaded a span is in the rollups, while others come.
 *
 * `npx tsx --conditions @sonde/source test/bench/settle.ts [spans a second [seconds]]`. Prints figures; asserts nothing.
 */
import {
  createEdgeRollup,
  createPathRollup,
  dependencyKindNumber,
  kindNumber,
  type SpanBatch,
  settleSpans,
} from '@sonde/model';
import { type Engine, migrate, openEngine, Settler, stampLoads, systemClock } from '@sonde/store';
import { createColumnBatch } from '@sonde/otlp';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceRequest } from '../store/loaded-store.ts';
import { randomOf, sampleSpans } from '../store/sample-spans.ts';

const servicesCount = 40;
const statementsCount = 300;

/** Every run measures the same spans. */
const { below: random } = randomOf(42);

interface Made {
  readonly id: readonly [number, number];
  readonly parent: Made | undefined;
  readonly kind: number;
  readonly service: number;
  readonly name: number;
  readonly startNs: number;
  readonly durationNs: number;
  readonly dependencyKind?: number;
  readonly dependency?: number;
  readonly link?: { readonly trace: number; readonly to: Made };
}

const newId = (): readonly [number, number] => [random(2 ** 32), random(2 ** 32)];

/** A request: each SERVER does some statements and calls, one after another, until the trace has its spans. */
function request(spansMax: number, startNs: number): Made[] {
  const service = random(servicesCount);
  const root: Made = {
    id: newId(),
    parent: undefined,
    kind: kindNumber.server,
    service: service + 1,
    name: service * 20 + random(5) + 1,
    startNs,
    durationNs: 20_000_000 + random(400_000_000),
  };
  const spans = [root];
  const servers = [root];
  while (spans.length < spansMax) {
    const parent = servers[random(servers.length)] as Made;
    const fromNs = parent.startNs + random(parent.durationNs);
    const durationNs = random(Math.max(1, parent.startNs + parent.durationNs - fromNs)) + 1;
    const child = { parent, service: parent.service, startNs: fromNs, durationNs };
    const what = random(10);
    if (what < 4) {
      const dependency = { dependencyKind: dependencyKindNumber.database, dependency: random(statementsCount) + 1 };
      spans.push({ ...child, id: newId(), kind: kindNumber.client, name: 10_000 + parent.service, ...dependency });
    } else if (what < 6) spans.push({ ...child, id: newId(), kind: kindNumber.internal, name: 20_000 + parent.service });
    else {
      const call: Made = { ...child, id: newId(), kind: kindNumber.client, name: 30_000 + parent.service };
      const callee = random(servicesCount);
      const gapNs = Math.floor(durationNs / 10);
      const server: Made = {
        id: newId(),
        parent: call,
        kind: kindNumber.server,
        service: callee + 1,
        name: callee * 20 + random(5) + 1,
        startNs: fromNs + gapNs + random(3) * 2_000_000,
        durationNs: durationNs - gapNs,
      };
      spans.push(call, server);
      servers.push(server);
    }
  }
  return spans;
}

function consumerOf(trace: number, publisher: Made): Made[] {
  const service = random(servicesCount) + 1;
  const startNs = publisher.startNs + publisher.durationNs + random(50_000_000);
  const queue = { dependencyKind: dependencyKindNumber.queue, dependency: 900 + random(10) };
  const base = { service, startNs, durationNs: 10_000_000, parent: undefined };
  const link = { trace, to: publisher };
  const consumer: Made = { ...base, ...queue, id: newId(), kind: kindNumber.consumer, name: 40_000 + service, link };
  return [
    consumer,
    {
      ...base,
      parent: consumer,
      id: newId(),
      kind: kindNumber.client,
      name: 10_000 + service,
      dependencyKind: 1,
      dependency: 5,
    },
  ];
}

function columnsOf(traces: readonly (readonly Made[])[]): SpanBatch {
  const spans = traces.flatMap((trace) => trace.toSorted((a, b) => a.startNs - b.startNs));
  const numbers = (value: (span: Made) => number): Uint32Array => Uint32Array.from(spans, value);
  const links = spans.flatMap(({ link }, row) => (link === undefined ? [] : { ...link, row }));
  let rows = 0;
  return {
    originMinute: 29_395_000,
    traceOffsets: Uint32Array.of(0, ...traces.map(({ length }) => (rows += length))),
    idHigh: numbers(({ id }) => id[0]),
    idLow: numbers(({ id }) => id[1]),
    parentHigh: numbers(({ parent }) => parent?.id[0] ?? 0),
    parentLow: numbers(({ parent }) => parent?.id[1] ?? 0),
    kind: Uint8Array.from(spans, ({ kind }) => kind),
    service: numbers(({ service }) => service),
    startNs: Float64Array.from(spans, ({ startNs }) => startNs),
    durationNs: Float64Array.from(spans, ({ durationNs }) => durationNs),
    inWindow: Uint8Array.from(spans, (_, row) => row % 2),
    statusCode: Uint8Array.from(spans, () => (random(50) === 0 ? 2 : 0)),
    name: numbers(({ name }) => name),
    instance: numbers(({ service }) => service * 3 + random(3)),
    host: numbers(({ service }) => service),
    dependencyKind: Uint8Array.from(spans, ({ dependencyKind }) => dependencyKind ?? 0),
    dependency: numbers(({ dependency }) => dependency ?? 0),
    linkRow: Uint32Array.from(links, ({ row }) => row),
    linkTrace: Uint32Array.from(links, ({ trace }) => trace),
    linkIdHigh: Uint32Array.from(links, ({ to }) => to.id[0]),
    linkIdLow: Uint32Array.from(links, ({ to }) => to.id[1]),
  };
}

/** The same calls again, at another time and all faster or slower by as much. */
function again(way: readonly Made[], startNs: number): Made[] {
  const factor = 0.5 + random(1_000) / 1_000;
  const made = new Map<Made, Made>();
  for (const span of way) {
    const parent = span.parent && made.get(span.parent);
    const { durationNs } = span;
    made.set(span, {
      ...span,
      id: newId(),
      parent,
      startNs: startNs + Math.floor(span.startNs * factor),
      durationNs: Math.floor(durationNs * factor),
    });
  }
  return [...made.values()];
}

function systemBatch(): SpanBatch {
  const ways = Array.from({ length: 200 }, () => request(10 + random(41), 0));
  return columnsOf(Array.from({ length: 4_000 }, () => again(ways[random(ways.length)] as Made[], random(10_000) * 1_000_000)));
}

function randomBatch(): SpanBatch {
  const traces: Made[][] = [];
  for (let i = 0; i < 2_000; i++) {
    const spans = request(10 + random(41), random(60_000) * 1_000_000);
    if (i % 5 === 0) {
      const publisher: Made = {
        ...(spans[0] as Made),
        id: newId(),
        parent: spans[0],
        kind: kindNumber.producer,
        durationNs: 3_000_000,
      };
      spans.push(publisher);
      traces.push(consumerOf(traces.length + 1, publisher));
    }
    traces.push(spans);
  }
  return columnsOf(traces);
}

/** Of processor time, the best of some rounds: other work on the machine makes a round slower, never faster. */
function best(batch: SpanBatch): { readonly perSecond: number; readonly pathRows: number; readonly edgeRows: number } {
  let perSecond = 0;
  let pathRows = 0;
  let edgeRows = 0;
  for (let round = 0; round < 15; round++) {
    const before = process.cpuUsage();
    const settled = settleSpans(batch);
    const paths = createPathRollup();
    const edges = createEdgeRollup();
    paths.add(batch, settled);
    edges.add(batch, settled);
    pathRows = paths.rows().calls.length;
    edgeRows = edges.rows().calls.length;
    const { user, system } = process.cpuUsage(before);
    perSecond = Math.max(perSecond, (batch.kind.length * 1e6) / (user + system));
  }
  return { perSecond, pathRows, edgeRows };
}

const shapes: Readonly<Record<string, SpanBatch>> = {
  '200 APIs': systemBatch(),
  'each request its own way': randomBatch(),
  'one trace of 100,000 spans': columnsOf([request(100_000, 0)]),
};
console.log('spans settled in a second of one core, context included');
for (const [name, batch] of Object.entries(shapes)) {
  const { perSecond, pathRows, edgeRows } = best(batch);
  const rate = `${Math.round(perSecond / 1_000).toLocaleString('en')}k/s`;
  console.log(
    `  ${name.padEnd(28)} ${rate.padStart(9)}   ${batch.kind.length} spans -> ${pathRows} path rows, ${edgeRows} edge rows`,
  );
}

const spansASecond = Number(process.argv[2] ?? 20_000);
const seconds = Number(process.argv[3] ?? 60);
const budget = { timeMs: 60_000, memoryBytes: 2e9, rowsMax: 1e12 };
const traceSpans = 15;

/**
 * One second of loads: traces of 15 spans that begin now, of 200 APIs of 40 services, each API with its own way through them. The entry calls, and each call is answered; every third span a
 * statement; each tenth trace ends with a message, whose CONSUMER has a trace of its own. A fifth of the spans comes a second late.
 */
function insertSecond(second: number): string {
  const toId = (expression: string, bytes: 8 | 16) =>
    `toFixedString(reinterpretAsString(${bytes === 8 ? 'sipHash64' : 'sipHash128'}(${expression})), ${bytes})`;
  return `
INSERT INTO spans (timestamp, received_at, loaded_at, duration_ns, trace_id, span_id, parent_span_id, name, kind, status_code, service, instance, host, version,
  db_system, db_namespace, server_address, server_port, messaging_system, messaging_destination, attributes, links_trace_id, links_span_id)
SELECT
  fromUnixTimestamp64Nano(toInt64(${second}) * 1000000000 + toInt64(sipHash64(trace) % 1000000000) + place * 1000000) AS timestamp,
  now64(3), toDateTime(${second} + if(sipHash64(n) % 5 = 0, 1, 0)),
  toUInt64(exp(14 + (sipHash64(n, 3) % 600) / 100 - place / 4)),
  if(isConsumer, ${toId("trace, 'queue'", 16)}, ${toId('trace', 16)}),
  ${toId('n', 8)},
  if(place = 0 OR isConsumer, toFixedString('', 8), ${toId('n - multiIf(place % 3 = 2, 1, place % 3 = 0, 2, place = 1, 1, 1)', 8)}),
  multiIf(isConsumer, 'orders process', kind = 4, 'orders send', kind = 2, concat('GET /route/', toString(sipHash64(api, place) % 20)), kind = 3 AND place % 3 = 1, 'GET', 'SELECT'),
  multiIf(isConsumer, 5, isQueued AND place = ${traceSpans - 2}, 4, place % 3 = 0, 2, 3) AS kind,
  if(sipHash64(n, 2) % 50 = 0, 2, 0),
  concat('service-', toString(sipHash64(api, intDiv(place + 2, 3)) % 40)) AS service,
  concat(service, '-', toString(trace % 3)), concat('host-', toString(sipHash64(service, trace % 3) % 12)), '1.0',
  if(kind = 3 AND place % 3 = 2, 'postgresql', ''), if(kind = 3 AND place % 3 = 2, 'shop', ''),
  if(kind = 3, if(place % 3 = 2, 'db', 'other'), ''), if(kind = 3, 5432, 0),
  if(kind IN (4, 5), 'kafka', ''), if(kind IN (4, 5), concat('orders-', toString(trace % 5)), ''),
  if(kind = 3 AND place % 3 = 2, map('db.query.text', concat('SELECT * FROM t', char(97 + (api + place) % 26), ' WHERE id = ', toString(n))), map('http.route', '/route')),
  if(isConsumer, [${toId('trace', 16)}], []), if(isConsumer, [${toId('n - 1', 8)}], [])
FROM (
  SELECT number + toUInt64(${second}) * 1000000 AS n, intDiv(n, ${traceSpans}) AS trace, n % ${traceSpans} AS place,
    sipHash64(trace) % 200 AS api, trace % 10 = 0 AS isQueued, isQueued AND place = ${traceSpans - 1} AS isConsumer
  FROM numbers(${spansASecond})
)`;
}

function timed(engine: Engine): { engine: Engine; spentMs: Record<string, number> } {
  const spentMs: Record<string, number> = {};
  const through =
    <First extends string, Rest extends unknown[], Answer>(
      nameOf: (first: First) => string,
      call: (first: First, ...rest: Rest) => Promise<Answer>,
    ) =>
    async (first: First, ...rest: Rest): Promise<Answer> => {
      const startedAt = performance.now();
      try {
        return await call(first, ...rest);
      } finally {
        const name = nameOf(first);
        spentMs[name] = (spentMs[name] ?? 0) + performance.now() - startedAt;
      }
    };
  return {
    spentMs,
    engine: {
      ...engine,
      query: through((sql: string) => `ask: ${/FROM (\w+)/.exec(sql)?.[1]}`, engine.query.bind(engine)) as Engine['query'],
      queryNative: through(
        (sql: string) => (sql.includes('UNION ALL') ? 'read wide' : 'read windows'),
        engine.queryNative.bind(engine),
      ),
      command: through((sql: string) => `command: ${/INTO (\w+)/.exec(sql)?.[1]}`, engine.command.bind(engine)),
      insertFiles: through((table) => `insert ${table}`, engine.insertFiles.bind(engine)),
    },
  };
}

const directory = await mkdtemp(join(tmpdir(), 'sonde-bench-'));
const engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_bench' });
const options = {
  clock: systemClock,
  report: console.error,
  directory: join(directory, 'settling'),
  shard: { shard: 0, shards: 1 },
  delaySeconds: 10,
};
try {
  await migrate(engine);
  await wholePath();
  await lateness();
} finally {
  await engine.close();
  await rm(directory, { recursive: true });
}

async function wholePath(): Promise<void> {
  const baseS = Math.floor(Date.now() / 1000 / 3600) * 3600 - 86_400;
  for (let second = 0; second < seconds; second++) await engine.command(insertSecond(baseS + second));
  const watched = timed(engine);
  const settler = new Settler({ ...options, engine: watched.engine, sealed: () => Promise.resolve(0) });
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await settler.settle(baseS + seconds + 20);
  const tookMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  const { spans } = settler.status;
  await settler.stop();
  const [rows] = await engine.query<Record<string, string>>(
    'SELECT (SELECT count() FROM path_minutes) AS path, (SELECT count() FROM edge_minutes) AS edge, (SELECT sum(calls) FROM path_minutes) AS calls',
    {},
    budget,
  );
  const rate = (ms: number) => `${Math.round(spans / ms)}k/s`;
  console.log(`\nspans in the engine -> rollups, windows of ${spansASecond * 10} spans and their context`);
  console.log(
    `  ${spans} spans in ${Math.round(tookMs)} ms: ${rate(tookMs)} by the clock, ${rate((user + system) / 1000)} of processor time`,
  );
  console.log(`  ${JSON.stringify(rows)}`);
  const inEngine = Object.values(watched.spentMs).reduce((sum, ms) => sum + ms, 0);
  for (const [name, ms] of Object.entries({ ...watched.spentMs, 'the thread, and files': tookMs - inEngine })) {
    console.log(`  ${name.padEnd(28)} ${Math.round(ms).toString().padStart(7)} ms   ${Math.round((ms * 100) / tookMs)} %`);
  }
}

async function lateness(): Promise<void> {
  const loads = stampLoads(engine, systemClock, 'bench');
  const settler = new Settler({ ...options, engine, sealed: () => loads.sealed() });
  settler.start();
  const sentAt = new Map<string, number>();
  const waitedMs: number[] = [];
  const template = sampleSpans(1, 100, 60);
  const batch = createColumnBatch();
  for (let tick = 0; tick < 60 && (tick < 25 || sentAt.size > 0); tick++) {
    if (tick < 25) {
      const now = BigInt(Date.now()) * 1_000_000n;
      const spans = template.map((span, i) => ({
        ...span,
        traceId: span.traceId.slice(8) + String(tick).padStart(8, '0'),
        startNs: now,
        name: i === 0 ? `tick ${tick}` : span.name,
      }));
      sentAt.set(`tick ${tick}`, performance.now());
      batch.append('traces', 'json', Buffer.from(JSON.stringify(traceRequest(spans))), Date.now());
      for (const { table, bytes } of batch.take()) {
        const path = join(directory, `${table}-${tick}.native`);
        await writeFile(path, bytes);
        await loads.insertFiles(table, [path], path);
      }
    }
    await systemClock.sleep(1_000, new AbortController().signal);
    const found = await engine.query<{ name: string }>(
      `SELECT DISTINCT name FROM path_minutes WHERE name LIKE 'tick %'`,
      {},
      budget,
    );
    for (const { name } of found) {
      const at = sentAt.get(name);
      if (at !== undefined) waitedMs.push(performance.now() - at);
      sentAt.delete(name);
    }
  }
  await settler.stop();
  const waited = waitedMs.map((ms) => ms / 1000).toSorted((a, b) => a - b);
  console.log(
    `\nseconds from a load to the rollups, of ${waited.length} loads: least ${waited[0]?.toFixed(1)}, median ${waited[waited.length >> 1]?.toFixed(1)}, most ${waited.at(-1)?.toFixed(1)}`,
  );
}
