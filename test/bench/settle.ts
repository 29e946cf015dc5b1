/**
 * Spans that one thread settles in a second: tree, clocks, messages, entries, self time, critical path, path rollup and edges, from
 * columns that are there. Traces as a shop makes them, 10 to 50 spans, one in five with a message's consumer in a trace of its own, half
 * of the spans in the window; then one trace of 100,000 spans.
 */
import {
  createEdgeRollup,
  createPathRollup,
  dependencyKindNumber,
  kindNumber,
  type SpanBatch,
  settleSpans,
} from '@sonde/model';
import { randomOf } from '../store/sample-spans.ts';

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

function shopBatch(): SpanBatch {
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
  'traces of 10 to 50 spans': shopBatch(),
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
