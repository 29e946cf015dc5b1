/**
 * How fast one thread turns export requests into columns, beside protobufjs turning the same bytes into objects. Requests of 1,000
 * items; a batch is taken after every 16 requests, as a group commit does. `node --conditions=@sonde/source --import tsx`.
 */
import { createColumnBatch, type Encoding, type Signal } from '@sonde/otlp';
import { requests } from '../otlp/otlp-proto.ts';
import { randomOf } from '../store/sample-spans.ts';

const itemsPerRequest = 1_000;
const requestsPerTake = 16;

/** Every run measures the same bytes. */
const { below: random } = randomOf(42);

const id = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, () => random(256));
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const int = (key: string, intValue: number) => ({ key, value: { intValue } });

const resource = {
  attributes: [
    text('service.name', 'checkout'),
    text('service.version', '1.4.2'),
    text('service.instance.id', 'a3f0c1d2'),
    text('host.name', 'node-17'),
    text('telemetry.sdk.language', 'nodejs'),
  ],
};
const scope = { name: '@opentelemetry/instrumentation-http', version: '0.200.0' };
const startNs = 1_763_700_000_000_000_000n;

/** 460 bytes and 10 attributes, of 150 operations; one in twenty has an event. */
function span(i: number) {
  const route = `/api/v1/resource-${random(150)}/:id`;
  const start = startNs + BigInt(i) * 1_000_000n;
  return {
    traceId: id(16),
    spanId: id(8),
    parentSpanId: id(8),
    flags: 0x101,
    name: `GET ${route}`,
    kind: 2 + random(2),
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(random(200_000_000))),
    attributes: [
      text('http.request.method', 'GET'),
      text('url.path', `/api/v1/resource-${random(150)}/${random(1_000_000)}`),
      text('http.route', route),
      int('http.response.status_code', random(20) === 0 ? 500 : 200),
      text('server.address', 'checkout.internal'),
      int('server.port', 8080),
      text('client.address', `10.0.${random(256)}.${random(256)}`),
      text('user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64)'),
      text('network.protocol.version', '1.1'),
      text('url.scheme', 'https'),
    ],
    events:
      random(20) === 0
        ? [{ timeUnixNano: String(start), name: 'exception', attributes: [text('exception.type', 'Error')] }]
        : [],
    status: random(20) === 0 ? { code: 2 } : {},
  };
}

function log(i: number) {
  return {
    timeUnixNano: String(startNs + BigInt(i) * 1_000_000n),
    observedTimeUnixNano: String(startNs + BigInt(i) * 1_000_000n),
    severityNumber: 9,
    severityText: 'INFO',
    body: { stringValue: `order ${random(1_000_000)} accepted for customer ${random(100_000)} in ${random(500)} ms` },
    attributes: [text('logger.name', 'orders'), int('process.pid', 4711), text('thread.name', 'main')],
    traceId: id(16),
    spanId: id(8),
    flags: 1,
  };
}

function point(i: number) {
  return {
    startTimeUnixNano: String(startNs),
    timeUnixNano: String(startNs + 10_000_000_000n),
    asDouble: random(1_000_000) / 7,
    attributes: [text('device', `sd${i % 8}`), text('direction', i % 2 === 0 ? 'read' : 'write'), int('queue', i % 100)],
  };
}

const list = <Item>(make: (i: number) => Item): Item[] => Array.from({ length: itemsPerRequest }, (_, i) => make(i));

const payloads: readonly { readonly name: string; readonly signal: Signal; readonly make: () => object }[] = [
  {
    name: 'spans',
    signal: 'traces',
    make: () => ({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans: list(span) }] }] }),
  },
  {
    name: 'log records',
    signal: 'logs',
    make: () => ({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: list(log) }] }] }),
  },
  {
    name: 'number points',
    signal: 'metrics',
    make: () => ({
      resourceMetrics: [
        {
          resource,
          scopeMetrics: [{ scope, metrics: [{ name: 'system.disk.io', unit: 'By', sum: { dataPoints: list(point) } }] }],
        },
      ],
    }),
  },
];

interface Contender {
  readonly bodies: readonly Uint8Array[];
  readonly run: (body: Uint8Array, i: number) => void;
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/**
 * Items each contender does in a second of processor time: the best of several short rounds, taken in turns. Other work on the machine
 * makes a round slower, never faster, and hits all of them alike.
 */
function rates(contenders: readonly Contender[]): number[] {
  const best = contenders.map(() => 0);
  for (let round = 0; round < 10; round++) {
    contenders.forEach(({ bodies, run }, i) => {
      const startedAt = cpuMs();
      let count = 0;
      while (cpuMs() - startedAt < 150) {
        for (const body of bodies) run(body, count++);
      }
      best[i] = Math.max(best[i] ?? 0, (count * itemsPerRequest * 1_000) / (cpuMs() - startedAt));
    });
  }
  return best;
}

/** OTLP/JSON as protobufjs's objects do not print it: ids in hex. */
function toJson(request: object): Uint8Array {
  const json = JSON.stringify(request, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  );
  return new TextEncoder().encode(json);
}

function toColumns(signal: Signal, encoding: Encoding, bodies: readonly Uint8Array[]): Contender {
  const batch = createColumnBatch();
  return {
    bodies,
    run(body, i) {
      const outcome = batch.append(signal, encoding, body, 1_763_700_000_000);
      if (outcome.kind !== 'appended' || outcome.accepted !== itemsPerRequest) throw new Error(JSON.stringify(outcome));
      if (i % requestsPerTake === requestsPerTake - 1) batch.take();
    },
  };
}

const shown = (perSecond: number): string => `${Math.round(perSecond / 1_000).toLocaleString('en')}k/s`;

export function benchDecode(): void {
  console.log('per second of one core; a ratio is to the line above it');
  for (const { name, signal, make } of payloads) {
    const type = requests[signal];
    const made = Array.from({ length: requestsPerTake }, make);
    const bodies = made.map((request) => Uint8Array.from(type.encode(type.fromObject(request)).finish()));
    const jsonBodies = made.map(toJson);
    const bytesPerItem = (of: readonly Uint8Array[]): number => Math.round((of[0]?.length ?? 0) / itemsPerRequest);
    const [objects = 0, columns = 0, parsed = 0, fromJson = 0] = rates([
      { bodies, run: (body) => void type.decode(body) },
      toColumns(signal, 'protobuf', bodies),
      { bodies: jsonBodies, run: (body) => void JSON.parse(Buffer.from(body).toString('utf8')) },
      toColumns(signal, 'json', jsonBodies),
    ]);
    console.log(`${name}: protobuf of ${bytesPerItem(bodies)} B, JSON of ${bytesPerItem(jsonBodies)} B`);
    console.log(`  protobufjs to objects  ${shown(objects)}`);
    console.log(`  protobuf to columns    ${shown(columns)}, ${(columns / objects).toFixed(1)}x`);
    console.log(`  JSON.parse to objects  ${shown(parsed)}`);
    console.log(`  JSON to columns        ${shown(fromJson)}, ${(fromJson / parsed).toFixed(1)}x`);
  }
}

if (process.argv[1] === import.meta.filename) benchDecode();
