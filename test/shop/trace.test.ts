import { afterAll, beforeAll, expect, test } from 'vitest';
import { startShop, type Shop } from '../../packages/shop/src/index.ts';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import type { SeenSpan } from '../fixtures/otlp/decode.ts';

// What the agent makes of the shop's services, as a collector receives it.

let capture: Capture;
let shop: Shop;

beforeAll(async () => {
  capture = await startCapture();
  shop = await startShop({ otlpEndpoint: capture.url, rate: 0 });
});
afterAll(async () => {
  await shop.stop();
  await capture.stop();
});

const arrival = { timeout: 20_000, interval: 50 };

async function checkout(): Promise<number> {
  const response = await fetch(`${shop.gatewayUrl}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: 'customer-1@example.org',
      card: '4242424242424242',
      items: [{ sku: 'SKU-0001', quantity: 1 }],
    }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** What is new in the capture once `count` spans have come: each service sends when it likes. */
async function spansOf(act: () => Promise<unknown>, count: number): Promise<SeenSpan[]> {
  // Whether a pool has a connection free depends on what was asked before.
  const seen = () => capture.spans.filter(({ name }) => name !== 'pg-pool.connect');
  capture.clear();
  await act();
  await expect.poll(() => seen().length, arrival).toBe(count);
  return seen();
}

/** As a waterfall shows it. */
const labelOf = (span: SeenSpan): string => `${span.resource['service.name'] as string} ${span.kind} ${span.name}`;

/** `child < parent` for each span that has one, in the order of their start. */
function linksOf(spans: SeenSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return spans
    .filter(({ parentSpanId }) => parentSpanId !== '')
    .toSorted((a, b) => Number(a.startNs - b.startNs))
    .map((span) => {
      const parent = byId.get(span.parentSpanId);
      return `${labelOf(span)} < ${parent === undefined ? 'nothing' : labelOf(parent)}`;
    });
}

const checkoutLinks = [
  'gateway client POST < gateway server POST /checkout',
  'orders server POST /orders < gateway client POST',
  'orders client SELECT orders < orders server POST /orders',
  'orders client POST < orders server POST /orders',
  'inventory server POST < orders client POST',
  'inventory client GET < inventory server POST',
  'inventory client SELECT products stock < inventory server POST',
  'inventory client SET < inventory server POST',
  'inventory client UPDATE stock < inventory server POST',
  'inventory client DEL < inventory server POST',
  'orders client WITH INSERT orders INSERT order_items SELECT placed unnest < orders server POST /orders',
  'orders client POST < orders server POST /orders',
  'payment server POST /charge < orders client POST',
  'payment client POST < payment server POST /charge',
  'orders client UPDATE orders < orders server POST /orders',
  'orders producer publish order.paid < orders server POST /orders',
  'fulfilment consumer process order.paid < orders producer publish order.paid',
  'fulfilment client INSERT shipments < fulfilment consumer process order.paid',
  'fulfilment client UPDATE orders < fulfilment consumer process order.paid',
];
const checkoutSpans = checkoutLinks.length + 1;

test('a checkout is one connected trace over HTTP, SQL, Redis and the queue', async () => {
  const spans = await spansOf(async () => expect(await checkout()).toBe(201), checkoutSpans);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === '').map(labelOf)).toEqual(['gateway server POST /checkout']);
  expect(linksOf(spans).toSorted()).toEqual(checkoutLinks.toSorted());
  expect(spans.filter(({ status }) => status === 'error').map(labelOf)).toEqual([]);
});

test('services say which host they are on; the two instances of orders are on two', async () => {
  // One after the other: at the same time, one might find in the cache what the other has just put there.
  const twice = async (): Promise<void> => {
    await checkout();
    await checkout();
  };
  const spans = await spansOf(twice, 2 * checkoutSpans);
  const places = spans.map(({ resource }) => `${resource['service.name'] as string} on ${resource['host.name'] as string}`);
  expect([...new Set(places)].toSorted()).toEqual([
    'fulfilment on shop-b',
    'gateway on shop-a',
    'inventory on shop-a',
    'orders on shop-a',
    'orders on shop-b',
    'payment on shop-b',
  ]);
  for (const { resource } of spans) {
    expect(resource).toMatchObject({
      'service.version': '1.0.0',
      'service.namespace': 'shop',
      'deployment.environment.name': 'demo',
    });
  }
});

const isCancelled = ({ body }: { body: unknown }): boolean => typeof body === 'string' && body.startsWith('order cancelled');

test('a failing payment is an error from the provider up to the gateway, and the log line names the trace', async () => {
  await shop.switches.set('failing-payment', true);
  // No queue behind it, but the reservation is given back.
  const spans = await spansOf(async () => expect(await checkout()).toBe(502), checkoutSpans);
  await shop.switches.set('failing-payment', false);
  const failed = spans.filter(({ status }) => status === 'error').map(labelOf);
  expect(failed.toSorted()).toEqual([
    'gateway client POST',
    'gateway server POST /checkout',
    'orders client POST',
    'orders server POST /orders',
    'payment client POST',
    'payment server POST /charge',
  ]);
  await expect.poll(() => capture.logs.filter(isCancelled).length, arrival).toBe(1);
  const log = capture.logs.find(isCancelled);
  const span = spans.find(({ spanId }) => spanId === log?.spanId);
  expect(log?.traceId).toBe(span?.traceId);
  expect(span && labelOf(span)).toBe('orders server POST /orders');
});

test('flipping a switch leaves no trace', async () => {
  const spans = await spansOf(async () => {
    for (const name of ['slow-statement', 'cpu-hog', 'failing-payment', 'gc-pressure', 'queue-backup'] as const) {
      await shop.switches.set(name, true);
      await shop.switches.set(name, false);
    }
    await fetch(`${shop.gatewayUrl}/products`);
  }, 4);
  // Spans start at whole milliseconds, so their order in time is not that of the calls.
  expect(linksOf(spans).toSorted()).toEqual([
    'gateway client GET < gateway server GET /products',
    'inventory client SELECT products stock < inventory server GET',
    'inventory server GET < gateway client GET',
  ]);
});
