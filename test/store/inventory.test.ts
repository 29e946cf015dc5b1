/** What is known of everything that ever sent, against a slow look at the same spans. */
import { getInventory } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { type SampleSpan, sampleSpans } from './sample-spans.ts';

const spans = sampleSpans(31, 60, 600).map((span, i): SampleSpan => ({
  ...span,
  environment: i % 3 === 0 ? 'staging' : 'production',
  namespace: span.service === 'orders' ? 'shop' : '',
}));
const receivedAtMs = [1_773_140_000_000, 1_773_150_000_000, 1_773_145_000_000];

let store: Store;
beforeAll(async () => {
  store = await openStore();
  for (const [load, ms] of receivedAtMs.entries()) {
    await store.load('traces', traceRequest(spans.filter((_, i) => i % 5 === load || i % 7 === load)), undefined, ms);
  }
});
afterAll(() => store.close());

const nameOf = ({ environment, host, instance, namespace, service, version }: Partial<SampleSpan>) =>
  JSON.stringify([service, namespace, environment, version, instance, host]);

function slowInventory(matches: (span: SampleSpan) => boolean): Map<string, readonly [number, number]> {
  const seen = new Map<string, number[]>();
  for (const [load, ms] of receivedAtMs.entries()) {
    for (const span of spans.filter((each, i) => (i % 5 === load || i % 7 === load) && matches(each))) {
      seen.set(nameOf(span), [...(seen.get(nameOf(span)) ?? []), ms]);
    }
  }
  return new Map([...seen].map(([name, times]) => [name, [Math.min(...times), Math.max(...times)]]));
}

test.each([
  ['everything', {}, () => true],
  ['of a service', { service: 'orders' }, (span: SampleSpan) => span.service === 'orders'],
  ['of an environment', { environment: 'staging' }, (span: SampleSpan) => span.environment === 'staging'],
  [
    'on a host, of a namespace',
    { host: 'host-shared', namespace: 'shop' },
    (span: SampleSpan) => span.host === 'host-shared' && span.namespace === 'shop',
  ],
] as const)('%s', async (_, place, matches) => {
  const reply = await store.questions.inventory(place, 1000);
  expect(Compile(getInventory.reply).Errors(reply)).toEqual([]);
  const slow = slowInventory(matches);
  expect(slow.size).toBeGreaterThan(1);
  expect(new Map(reply.items.map((item) => [nameOf(item), [item.firstSeenMs, item.lastSeenMs]]))).toEqual(slow);
  const seen = reply.items.map(({ lastSeenMs }) => lastSeenMs);
  expect(seen).toEqual(seen.toSorted((a, b) => b - a));
  expect(reply.environments).toEqual([...new Set(reply.items.map(({ environment }) => environment))].toSorted());
  expect(reply.namespaces).toEqual([...new Set(reply.items.map(({ namespace }) => namespace))].toSorted());
});

test('says when there are more', async () => {
  const all = await store.questions.inventory({}, 1000);
  const some = await store.questions.inventory({}, 2);
  expect(some).toEqual({ ...all, items: all.items.slice(0, 2), isTruncated: true });
});
