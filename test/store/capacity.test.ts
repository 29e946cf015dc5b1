/** Capacity against a system whose every figure was chosen: what a request costs a host, how fast a disk fills, who calls whom how often. */
import { getCapacity, getCapacityWhatIf } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capacityShop, checkoutsIn, minutes } from '../fixtures/capacity-shop.ts';
import { openStore, type Store } from './loaded-store.ts';

const { range, traces, metrics } = capacityShop(1_773_136_800_000);

let store: Store;
beforeAll(async () => {
  store = await openStore();
  await store.load('traces', traces);
  for (const one of metrics) await store.load('metrics', one);
  await store.settle();
});
afterAll(() => store.close());

async function ask(limit = 100, environment?: string) {
  const answer = await store.questions.capacity(range, { environment }, limit);
  expect(Compile(getCapacity.reply).Errors(answer)).toEqual([]);
  return answer;
}

test('what a request costs a host, and how many more it bears', async () => {
  const { resources } = await ask();
  const cpuOf = (name: string) => resources.find((one) => one.name === name && one.resource === 'cpu');
  const orders = cpuOf('host-orders');
  expect(orders?.fit?.idle).toBeCloseTo(0.1, 4);
  expect(orders?.fit?.costPerRequest).toBeCloseTo(2, 3);
  expect(orders?.rate.now).toBeCloseTo(0.2, 6);
  expect(orders?.utilization.now).toBeCloseTo(0.5, 4);
  expect(orders?.saturatesAtRate).toBeCloseTo(0.35, 3);
  expect(orders?.headroom.now).toBeCloseTo(1.75, 2);
  expect(orders?.headroom.peak).toBeCloseTo(0.35 / (16 / 60), 2);
  // The disk has two days left, which presses more.
  expect(resources.slice(0, 2).map(({ resource }) => resource)).toEqual(['disk', 'cpu']);
  expect(resources[1]).toEqual(orders);
  expect(cpuOf('host-gateway')?.fit?.costPerRequest).toBeCloseTo(0.5, 3);
});

test('a disk that fills by a hundredth an hour from one half is full in 50 hours', async () => {
  const { resources } = await ask();
  const disk = resources.find(({ resource }) => resource === 'disk');
  expect(disk).toMatchObject({ name: 'host-orders', part: '/', fit: null, fitUnknown: 'by time', trendUnknown: null });
  expect((disk?.daysLeft ?? 0) * 24).toBeCloseTo(50, 1);
});

test('of an event loop that does not follow its requests, and of idle connections, no headroom is told, and why', async () => {
  const { resources } = await ask();
  expect(resources.find(({ resource }) => resource === 'event loop')).toMatchObject({
    name: 'orders',
    utilization: { now: 0.3, peak: 0.3 },
    fit: null,
    fitUnknown: 'no relation',
    headroom: { now: null, peak: null },
  });
  expect(resources.find(({ name, resource }) => name === 'gateway' && resource === 'event loop')).toMatchObject({
    utilization: { now: null },
    fitUnknown: 'not measured',
  });
  const db = resources.find(({ kind }) => kind === 'database');
  expect(db).toMatchObject({ name: 'db:5432', resource: 'connections', utilization: { now: 0.4 }, fitUnknown: 'no relation' });
  // Two of 30 ms for each checkout.
  const checkouts = Array.from({ length: minutes }, (_, i) => checkoutsIn(i)).reduce((sum, n) => sum + n, 0);
  expect(db?.concurrency).toBeCloseTo((checkouts * 0.06) / (minutes * 60), 6);
});

test('only the worst are shown, all are counted; elsewhere there is nothing', async () => {
  const { resources, total } = await ask(2);
  expect(resources).toHaveLength(2);
  expect(total).toBe(7);
  expect((await ask(100, 'nowhere')).resources.map(({ kind }) => kind)).toEqual([]);
});

test('checkouts x2: two calls each at orders, all of its work, saturated at x1.75', async () => {
  const answer = await store.questions.capacityWhatIf(range, { service: 'gateway', name: 'POST /checkout', factor: 2 });
  expect(Compile(getCapacityWhatIf.reply).Errors(answer)).toEqual([]);
  const [first] = answer.resources;
  expect(first).toMatchObject({ kind: 'host', name: 'host-orders', resource: 'cpu', callsPerRequest: 2, workShare: 1 });
  expect(first?.rate.after).toBeCloseTo(0.4, 6);
  expect(first?.utilization.after).toBeCloseTo(0.9, 3);
  expect(first?.saturatesAtFactor).toBeCloseTo(1.75, 2);
  expect(answer.fitsUpTo).toBeCloseTo(1.75, 2);
  // A quarter of the gateway's own time: 5 ms of 20.
  const gateway = answer.resources.find(({ name }) => name === 'host-gateway');
  expect(gateway).toMatchObject({ callsPerRequest: 1, workShare: 0.25 });
  expect(gateway?.utilization.after).toBeCloseTo(0.175 + 0.1 * 1 * 0.25, 3);
  expect(answer.resources.find(({ kind }) => kind === 'database')).toMatchObject({
    callsPerRequest: 2,
    utilization: { after: null },
  });
});

test('an API that comes to no other service, and one that nobody called', async () => {
  const items = await store.questions.capacityWhatIf(range, { service: 'gateway', name: 'GET /items', factor: 3 });
  expect(new Set(items.resources.map(({ name }) => name))).toEqual(new Set(['host-gateway', 'gateway']));
  expect(items.resources[0]?.workShare).toBe(0.75);
  const none = await store.questions.capacityWhatIf(range, { service: 'gateway', name: 'GET /none', factor: 3 });
  expect(none).toMatchObject({ requestsPerSecond: 0, resources: [], fitsUpTo: null });
});
