/** Spans made by a seed: trees of several services, and what real senders do to them. */

export interface SampleSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly service: string;
  readonly instance: string;
  readonly host: string;
  readonly version: string;
  readonly name: string;
  /** As OTLP numbers them. */
  readonly kind: number;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly environment?: string;
  readonly namespace?: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  /** What the store must make of the query text, where there is one. */
  readonly statement?: string;
}

export const baseNs = 1_773_136_800_000_000_000n; // 2026-03-10T10:00:00Z
export const secondNs = 1_000_000_000n;

const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };

/** mulberry32: small, seeded, good enough. */
export function randomOf(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    next,
    below,
    chance: (p: number) => next() < p,
    of: <T>(values: readonly T[]): T => values[below(values.length)] as T,
    hex: (digits: number) =>
      Array.from({ length: digits }, (_, i) => (i === 0 ? 1 + below(15) : below(16)).toString(16)).join(''),
  };
}

export type Random = ReturnType<typeof randomOf>;

export const queries = [
  {
    system: 'postgresql',
    text: (n: number) => `SELECT * FROM orders\n WHERE id = ${n}`,
    statement: 'SELECT * FROM orders WHERE id = ?',
  },
  {
    system: 'postgresql',
    text: (n: number) => `INSERT INTO orders VALUES (${n}, 'x')`,
    statement: 'INSERT INTO orders VALUES (?..)',
  },
  {
    system: 'mysql',
    text: (n: number) => `SELECT name FROM item WHERE sku = "a${n}"`,
    statement: 'SELECT name FROM item WHERE sku = ?',
  },
  { system: 'redis', text: (n: number) => `get cart:${n}`, statement: 'GET' },
] as const;

const services = ['gateway', 'orders', 'inventory', 'payment'];
const names = ['GET /cart', 'POST /orders', 'GET /health', 'POST /pay'];

/** Of `traces` traces that begin within `spreadSeconds` from the base on. */
export function sampleSpans(seed: number, traces: number, spreadSeconds: number): SampleSpan[] {
  const random = randomOf(seed);
  const spans: SampleSpan[] = [];
  for (let i = 0; i < traces; i++) {
    const startNs = baseNs + BigInt(random.below(spreadSeconds * 1000)) * 1_000_000n + BigInt(random.below(1_000_000));
    const traceId = random.hex(32);
    const entry = {
      kind: random.chance(0.9) ? kinds.server : kinds.consumer,
      service: random.of(services),
      name: random.of(names),
    };
    // Every tenth comes from a caller that sends its trace context but no spans.
    const parentSpanId = random.chance(0.1) ? random.hex(16) : '';
    grow(random, spans, { traceId, parentSpanId, startNs, durationNs: duration(random), depth: 0, ...entry });
  }
  // Every thirtieth span is lost on the way, so that its children have a parent that nobody recorded.
  return spans.filter(() => !random.chance(1 / 30));
}

/** From 0 to some seconds; powers of two, where a bucket begins, among them. */
function duration(random: Random): bigint {
  if (random.chance(0.02)) return 0n;
  if (random.chance(0.05)) return 2n ** BigInt(random.below(32));
  return BigInt(Math.floor(1000 * 10 ** (random.next() * 6.3)));
}

interface Stem {
  readonly traceId: string;
  readonly parentSpanId: string;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly depth: number;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly statement?: string;
}

function grow(random: Random, spans: SampleSpan[], stem: Stem): void {
  const { depth, attributes = {}, ...span } = stem;
  const number = random.below(2);
  const spanId = random.hex(16);
  spans.push({
    ...span,
    spanId,
    instance: `${stem.service}-${number}`,
    // The second instances share a host.
    host: number === 0 ? `host-${stem.service}` : 'host-shared',
    version: `1.${number}`,
    failed: random.chance(0.08),
    attributes: { ...attributes, 'user.id': `u${random.below(20)}`, 'http.response.status_code': 200 },
  });
  if (depth === 4) return;
  const children = random.below(depth === 0 ? 5 : 3);
  for (let i = 0; i < children; i++) {
    // Anywhere in its parent, overlapping its sisters, and at times longer than its parent or before it.
    const offset = BigInt(Math.floor(Number(stem.durationNs) * random.next()));
    const skew = random.chance(0.03) ? -5_000_000n : 0n;
    const startNs = stem.startNs + offset + skew;
    const durationNs = BigInt(Math.floor(Number(stem.durationNs) * random.next() * 0.8));
    const within = { traceId: stem.traceId, parentSpanId: spanId, service: stem.service, startNs, durationNs };
    const child = { ...within, depth: depth + 1 };
    const sort = random.next();
    if (sort < 0.35) {
      const query = random.of(queries);
      const address = {
        'server.address': `db-${query.system}`,
        'server.port': 5432,
        'db.namespace': random.of(['shop', 'stock']),
      };
      const database = { 'db.system.name': query.system, 'db.query.text': query.text(random.below(1000)), ...address };
      grow(random, spans, {
        ...child,
        kind: kinds.client,
        name: query.system,
        attributes: database,
        statement: query.statement,
        depth: 4,
      });
    } else if (sort < 0.7) {
      const called = { service: random.of(services), name: random.of(names), kind: kinds.server };
      const client = random.hex(16);
      spans.push({
        ...within,
        spanId: client,
        instance: `${stem.service}-0`,
        host: `host-${stem.service}`,
        version: '1.0',
        name: 'HTTP',
        kind: kinds.client,
        failed: false,
        attributes: {},
      });
      grow(random, spans, { ...child, ...called, parentSpanId: client });
    } else if (sort < 0.8) {
      const waitNs = BigInt(random.below(400)) * secondNs;
      grow(random, spans, {
        ...child,
        kind: kinds.consumer,
        service: 'payment',
        name: 'orders process',
        startNs: startNs + waitNs,
      });
    } else grow(random, spans, { ...child, kind: kinds.internal, name: 'work' });
  }
}
