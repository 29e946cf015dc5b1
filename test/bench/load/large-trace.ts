import { randomBytes } from 'node:crypto';

/** A call and what it did: one trace of any size, as OTLP/JSON requests. The shape depends on nothing but the size. */
interface Call {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly service: number;
  readonly depth: number;
  readonly startNs: number;
  readonly endNs: number;
}

const serviceNames = [
  'gateway',
  'orders',
  'inventory',
  'payment',
  'pricing',
  'search',
  'recommendation',
  'shipping',
  'customer',
  'mail',
  'fraud',
  'tax',
];
const spansPerRequest = 2500;
const traceNs = 30_000_000_000;

/** mulberry32: the same trace each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A tree of calls: each has 1 to 12 below it, most in sequence, some at once, down to whatever depth the size takes. */
function calls(spans: number, random: () => number): Call[] {
  let lastId = 0;
  const spanId = () => (++lastId).toString(16).padStart(16, '0');
  const made: Call[] = [{ spanId: spanId(), parentSpanId: '', service: 0, depth: 0, startNs: 0, endNs: traceNs }];
  for (let at = 0; made.length < spans; at++) {
    const above = made[at] as Call;
    const children = Math.min(spans - made.length, 1 + Math.floor(random() ** 2 * 12));
    const lengthNs = (above.endNs - above.startNs) / children;
    const atOnce = random() < 0.25;
    for (let i = 0; i < children; i++) {
      const fromNs = above.startNs + (atOnce ? 0.05 * random() * lengthNs : i * lengthNs + 0.1 * random() * lengthNs);
      const untilNs = atOnce ? above.endNs : above.startNs + (i + 1) * lengthNs;
      const isRemote = random() < 0.4;
      made.push({
        spanId: spanId(),
        parentSpanId: above.spanId,
        service: isRemote ? Math.floor(random() * serviceNames.length) : above.service,
        depth: above.depth + 1,
        startNs: fromNs,
        endNs: fromNs + Math.max(1000, (untilNs - fromNs) * (0.4 + 0.6 * random())),
      });
    }
  }
  return made;
}

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } });

function spanOf(call: Call, index: number, traceId: string, originNano: bigint) {
  const isQuery = index % 5 === 3;
  const hasFailed = index % 97 === 5;
  const nano = (ns: number) => String(originNano + BigInt(Math.round(ns)));
  const middle = nano((call.startNs + call.endNs) / 2);
  return {
    traceId,
    spanId: call.spanId,
    parentSpanId: call.parentSpanId,
    name: isQuery ? 'SELECT order_items' : `GET /api/v1/resource/${index % 40}`,
    kind: isQuery ? 3 : call.depth === 0 ? 2 : 1 + (index % 3),
    startTimeUnixNano: nano(call.startNs),
    endTimeUnixNano: nano(call.endNs),
    attributes: isQuery
      ? [
          text('db.system.name', 'postgresql'),
          text('db.namespace', 'shop'),
          text('db.query.text', `SELECT id, sku, quantity FROM order_items WHERE order_id = ${index} ORDER BY id LIMIT 50`),
          text('server.address', 'orders-db'),
          whole('server.port', 5432),
        ]
      : [
          text('http.request.method', 'GET'),
          text('http.route', `/api/v1/resource/:id`),
          text('url.path', `/api/v1/resource/${index}`),
          whole('http.response.status_code', hasFailed ? 500 : 200),
          text('server.address', `node-${index % 20}.internal`),
          whole('server.port', 8080),
          text('enduser.id', `user-${(index * 7919) % 5000}`),
        ],
    events: [
      ...(index % 20 === 7
        ? [{ name: 'cache.miss', timeUnixNano: middle, attributes: [text('cache.key', `item:${index}`)] }]
        : []),
      ...(hasFailed
        ? [
            {
              name: 'exception',
              timeUnixNano: middle,
              attributes: [text('exception.type', 'TimeoutError'), text('exception.message', 'no answer within 500 ms')],
            },
          ]
        : []),
    ],
    status: hasFailed ? { code: 2, message: 'no answer within 500 ms' } : {},
  };
}

/** Sends it; its id. */
export async function sendLargeTrace(otlpUrl: string, spans: number): Promise<string> {
  const traceId = randomBytes(16).toString('hex');
  const made = calls(spans, seeded(spans));
  const originNano = BigInt(Date.now() - 60_000) * 1_000_000n;
  for (let at = 0; at < made.length; at += spansPerRequest) {
    const byService = new Map<number, object[]>();
    made.slice(at, at + spansPerRequest).forEach((call, i) => {
      const list = byService.get(call.service) ?? [];
      list.push(spanOf(call, at + i, traceId, originNano));
      byService.set(call.service, list);
    });
    const resourceSpans = [...byService].map(([service, list]) => ({
      resource: {
        attributes: [
          text('service.name', serviceNames[service] as string),
          text('service.version', '1.4.2'),
          text('service.instance.id', `${serviceNames[service]}-1`),
          text('host.name', `host-${service % 4}`),
        ],
      },
      scopeSpans: [{ scope: { name: '@opentelemetry/instrumentation-http', version: '0.223.0' }, spans: list }],
    }));
    const response = await fetch(`${otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans }),
    });
    if (!response.ok) throw new Error(`OTLP: ${response.status} ${await response.text()}`);
  }
  return traceId;
}
