import { baseNs, queries, type Random, randomOf, type SampleSpan, secondNs } from './sample-spans.ts';

/**
 * Spans of a whole system, made by a seed: pages, APIs, databases, remotes, queues that are read in traces of their own, jobs, two
 * environments, clocks that differ, spans that are lost.
 *
 *   web page ---> gateway ---> orders ---> postgresql, redis      orders -> stock -> orders goes round in one trace
 *                    |           |---> stock ---> mysql           payment <-> ledger goes round only over several
 *                    |           '---> (mails) ---> mail ---> orders, smtp.example
 *                    '---> payment ---> ledger, bank.example      billing: a job       (events) ---> audit: nobody is known to publish
 */
export const systemDays = 24;

interface Place {
  readonly random: Random;
  readonly spans: SampleSpan[];
  readonly traceId: string;
  readonly environment: string;
}

interface At {
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly parentSpanId: string;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly statement?: string;
  readonly links?: Exclude<SampleSpan['links'], undefined>;
}

type Need =
  | { readonly call: string; readonly name: string; readonly p: number }
  | { readonly database: number; readonly p: number }
  | { readonly remote: string; readonly p: number }
  | { readonly publish: string; readonly p: number }
  | { readonly work: string; readonly p: number };

const cart: readonly Need[] = [
  { call: 'orders', name: 'list', p: 0.9 },
  { call: 'orders', name: 'list', p: 0.3 },
  { remote: 'maps.example', p: 0.2 },
];
const price: readonly Need[] = [{ database: 3, p: 0.7 }];
const needs: Readonly<Record<string, readonly Need[]>> = {
  'web open page': [{ call: 'gateway', name: 'GET /cart', p: 1 }],
  'gateway GET /cart': cart,
  'gateway POST /orders': [
    { call: 'orders', name: 'create', p: 1 },
    { call: 'payment', name: 'pay', p: 0.7 },
  ],
  'orders list': [
    { database: 0, p: 0.9 },
    { database: 0, p: 0.3 },
    { database: 3, p: 0.5 },
    { call: 'stock', name: 'check', p: 0.4 },
  ],
  'orders create': [
    { database: 1, p: 0.9 },
    { publish: 'mails', p: 0.8 },
    { work: 'validate', p: 0.5 },
  ],
  'orders price': price,
  'orders mark': price,
  'stock check': [
    { database: 2, p: 0.8 },
    { call: 'orders', name: 'price', p: 0.3 },
  ],
  'payment pay': [
    { remote: 'bank.example', p: 0.8 },
    { call: 'ledger', name: 'book', p: 0.5 },
  ],
  'ledger book': [{ database: 1, p: 0.9 }],
  'ledger close': [{ call: 'payment', name: 'refund', p: 0.9 }],
  'billing nightly': [
    { call: 'payment', name: 'pay', p: 0.8 },
    { publish: 'mails', p: 0.8 },
    { work: 'add up', p: 0.9 },
  ],
  'mail mails process': [
    { call: 'orders', name: 'mark', p: 0.6 },
    { remote: 'smtp.example', p: 0.8 },
    { publish: 'sent', p: 0.4 },
  ],
};

const namespaces: Readonly<Record<string, string>> = { web: 'edge', gateway: 'edge', mail: 'office', audit: 'office' };
const entries = [
  ['gateway', 'GET /cart', 2, 0.35],
  ['gateway', 'POST /orders', 2, 0.25],
  ['web', 'open page', 1, 0.15],
  ['ledger', 'close', 2, 0.1],
  ['billing', 'nightly', 1, 0.1],
  ['audit', 'events process', 5, 0.05],
] as const;

/** Of so many traces: two in five of them within five hours around the base, the others within the days before it. */
export function systemSpans(seed: number, traces: number): SampleSpan[] {
  const random = randomOf(seed);
  const spans: SampleSpan[] = [];
  for (let i = 0; i < traces; i++) {
    const isNear = random.chance(0.4);
    const secondsBefore = random.next() * (isNear ? 5 * 3600 : systemDays * 86_400);
    const startNs = baseNs - BigInt(Math.floor(secondsBefore * 1e6)) * 1000n;
    const place = { random, spans, traceId: random.hex(32), environment: random.chance(0.8) ? 'production' : 'staging' };
    const [service, name, kind] = entryOf(random);
    const attributes = kind === 5 ? { 'messaging.system': 'kafka', 'messaging.destination.name': 'events' } : {};
    // Some callers send their trace context and no spans.
    const parentSpanId = kind === 2 && random.chance(0.2) ? random.hex(16) : '';
    serve(place, { service, name, kind, parentSpanId, startNs, durationNs: durationOf(random), attributes });
  }
  const published = spans.filter((span) => span.kind === 4);
  consume(random, spans, published);
  const again = spans.filter((span) => span.kind === 4 && !published.includes(span));
  consume(random, spans, again);
  return spans.filter(() => !random.chance(1 / 40));
}

function entryOf(random: Random): readonly [string, string, number] {
  let left = random.next();
  const found = entries.find(([, , , p]) => (left -= p) < 0) ?? entries[0];
  return [found[0], found[1], found[2]];
}

/** From a hundred µs to some seconds; some last no time at all. */
function durationOf(random: Random): bigint {
  return random.chance(0.01) ? 0n : BigInt(Math.floor(100_000 * 10 ** (random.next() * 4.5)));
}

/** Adds the span and what it needs; says whether it failed. */
function serve(place: Place, at: At): { readonly failed: boolean; readonly spanId: string } {
  const { random } = place;
  const number = random.below(3);
  const spanId = random.hex(16);
  let failed = random.chance(0.04);
  let offset = 0;
  for (const need of needs[`${at.service} ${at.name}`] ?? []) {
    if (!random.chance(need.p)) continue;
    // One after the other, at times beside the one before.
    const share = random.next() * 0.4;
    const from = random.chance(0.2) ? offset / 2 : offset;
    offset = Math.min(0.95, offset + share);
    const startNs = at.startNs + BigInt(Math.floor(Number(at.durationNs) * from));
    const durationNs = BigInt(Math.floor(Number(at.durationNs) * share));
    if (ask(place, at, spanId, number, need, { startNs, durationNs }) && random.chance('database' in need ? 0.2 : 0.8))
      failed = true;
  }
  add(place, at, spanId, number, failed);
  return { failed, spanId };
}

function add(place: Place, at: At, spanId: string, number: number, failed: boolean): void {
  const { environment, spans, traceId } = place;
  const { attributes = {}, ...span } = at;
  const isPage = at.service === 'web';
  spans.push({
    ...span,
    traceId,
    spanId,
    instance: isPage ? '' : `${environment}-${at.service}-${number}`,
    // The third instances share a host; pages are on none.
    host: isPage ? '' : number === 2 ? `${environment}-shared` : `${environment}-${at.service}-${number}`,
    version: `${number % 2}.0`,
    environment,
    namespace: namespaces[at.service] ?? 'shop',
    failed,
    attributes,
  });
}

/** One thing that a span needs: says whether it failed. */
function ask(
  place: Place,
  caller: At,
  parentSpanId: string,
  number: number,
  need: Need,
  time: { readonly startNs: bigint; readonly durationNs: bigint },
): boolean {
  const { random } = place;
  const own = { service: caller.service, parentSpanId, ...time };
  const failed = random.chance(0.1);
  const spanId = random.hex(16);
  if ('work' in need) add(place, { ...own, kind: 1, name: need.work }, spanId, number, failed);
  else if ('remote' in need) {
    const attributes = { 'server.address': need.remote, 'server.port': 443 };
    add(place, { ...own, kind: 3, name: 'POST', attributes }, spanId, number, failed);
  } else if ('database' in need) {
    const query = queries[need.database] as (typeof queries)[number];
    const attributes = {
      'db.system.name': query.system,
      'db.query.text': query.text(random.below(1000)),
      'server.address': `${query.system}.example`,
      'server.port': 5432 + need.database,
      'db.namespace': random.of(['shop', 'archive']),
    };
    add(place, { ...own, kind: 3, name: query.system, attributes, statement: query.statement }, spanId, number, failed);
  } else if ('publish' in need) {
    const attributes = { 'messaging.system': 'kafka', 'messaging.destination.name': need.publish };
    add(place, { ...own, kind: 4, name: `${need.publish} send`, attributes }, spanId, number, failed);
  } else {
    // Retried once in a while: the CLIENT has two SERVER children. The callee's clock may be off.
    const skewNs = random.chance(0.1) ? BigInt(random.below(40_000_000) - 20_000_000) : 0n;
    const called = {
      service: need.call,
      name: need.name,
      kind: 2,
      parentSpanId: spanId,
      startNs: time.startNs + skewNs,
      durationNs: (time.durationNs * 9n) / 10n,
    };
    const reply = serve(place, called);
    if (random.chance(0.05)) serve(place, called);
    const attributes = { 'server.address': `${need.call}.internal`, 'server.port': 8080 };
    add(place, { ...own, kind: 3, name: 'GET', attributes }, spanId, number, reply.failed || random.chance(0.02));
    return reply.failed;
  }
  return failed;
}

/** Messages are read in traces of their own by link, or as children of their publisher; some by the batch, some by nobody. */
function consume(random: Random, spans: SampleSpan[], published: readonly SampleSpan[]): void {
  for (let i = 0; i < published.length; i++) {
    if (random.chance(0.1)) continue;
    const batch = random.chance(0.2) ? published.slice(i, i + 3) : published.slice(i, i + 1);
    const first = batch[0] as SampleSpan;
    const destination = String(first.attributes['messaging.destination.name']);
    const isChild = random.chance(0.2);
    const latest = batch.reduce((last, span) => (span.startNs > last ? span.startNs : last), first.startNs);
    const place = {
      random,
      spans,
      traceId: isChild ? first.traceId : random.hex(32),
      environment: first.environment ?? '',
    };
    const attributes = { 'messaging.system': 'kafka', 'messaging.destination.name': destination };
    serve(place, {
      service: destination === 'mails' ? 'mail' : 'audit',
      name: `${destination} process`,
      kind: 5,
      parentSpanId: isChild ? first.spanId : '',
      startNs: latest + BigInt(random.below(400)) * secondNs,
      durationNs: durationOf(random),
      // Not every receiver names its queue.
      attributes: random.chance(0.9) ? attributes : {},
      links: isChild ? [] : batch.map(({ traceId, spanId }) => ({ traceId, spanId })),
    });
  }
}
