import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Batcher, type BatcherOptions } from './batcher.ts';
import { Drops } from './drops.ts';
import { type Answer } from './post.ts';

/** Items are numbers; a body is their list. `answer` stands for the collector. */
function batcherWith(answer: (items: number[]) => Answer | Promise<Answer>, options: Partial<BatcherOptions<number>> = {}) {
  const taken: number[][] = [];
  const said: string[] = [];
  const drops = new Drops((message) => said.push(message));
  const state = { inFlight: 0, inFlightMax: 0 };
  const batcher = new Batcher<number>({
    signal: 'traces',
    encode: (items) => (items.includes(-1) ? undefined : Buffer.from(JSON.stringify(items))),
    rejectedIn: (body) => body.byteLength,
    bytesOf: () => 100,
    post: async (body) => {
      state.inFlightMax = Math.max(state.inFlightMax, ++state.inFlight);
      const items: number[] = JSON.parse(Buffer.from(body).toString());
      const given = await answer(items);
      state.inFlight -= 1;
      if (given.kind === 'accepted') taken.push(items);
      return given;
    },
    drops,
    delayMs: 10,
    batchMax: 4,
    itemsMax: 1000,
    bytesMax: 1_000_000,
    giveUpMs: 1000,
    ...options,
  });
  const dropped = (): Record<string, number> =>
    Object.fromEntries([...drops.counts.values()].map(({ reason, count }) => [reason, count]));
  return { batcher, taken, said, dropped, state };
}

const accepted: Answer = { kind: 'accepted', body: new Uint8Array() };
const later: Answer = { kind: 'retryable', why: 'ECONNREFUSED', retryAfterMs: 1 };
const never = new Promise<Answer>(() => undefined);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('(1) not more items than allowed, those in flight included', async () => {
  const { batcher, dropped } = batcherWith(() => never, { itemsMax: 10 });
  for (const item of upTo(6)) batcher.add(item);
  await sleep(30);
  for (const item of upTo(6)) batcher.add(item);
  expect(batcher.held).toBe(10);
  expect(dropped()).toEqual({ 'buffer full': 2 });
});

test('(1) not more bytes than allowed', () => {
  const { batcher, dropped } = batcherWith(() => accepted, { bytesMax: 500 });
  for (const item of upTo(8)) batcher.add(item);
  expect(batcher.held).toBe(5);
  expect(dropped()).toEqual({ 'buffer full': 3 });
});

test('(1) room is made by what is sent', async () => {
  const { batcher, taken } = batcherWith(() => accepted, { itemsMax: 4 });
  for (let round = 0; round < 3; round++) {
    for (const item of upTo(4)) batcher.add(item);
    await batcher.flush(1000);
  }
  expect(batcher.held).toBe(0);
  expect(taken.flat()).toHaveLength(12);
});

test('(2) every item is with the collector or counted, whatever the collector does', async () => {
  let seed = 42;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const { batcher, taken, dropped } = batcherWith(
    async () => {
      await sleep(random() * 3);
      return random() < 0.5 ? accepted : random() < 0.5 ? later : { kind: 'refused', why: 'status 400' };
    },
    { itemsMax: 40, giveUpMs: 20 },
  );
  let added = 0;
  for (let round = 0; round < 40; round++) {
    for (let i = 0; i < 5; i++) batcher.add(random() < 0.02 ? -1 : ++added);
    await sleep(random() * 8);
  }
  await batcher.flush(2000);
  expect(batcher.held).toBe(0);
  const lost = Object.values(dropped()).reduce((sum, count) => sum + count, 0);
  expect(taken.flat().length + lost).toBe(200);
  expect(new Set(taken.flat()).size).toBe(taken.flat().length);
});

test('(2) one bad item does not cost its neighbours', async () => {
  const { batcher, taken, dropped } = batcherWith(() => accepted);
  for (const item of [1, -1, 2]) batcher.add(item);
  await batcher.flush(1000);
  expect(taken).toEqual([[1], [2]]);
  expect(dropped()).toEqual({ unencodable: 1 });
});

test('(2) what the collector rejected of a batch is counted', async () => {
  const { batcher, dropped } = batcherWith(() => ({ kind: 'accepted', body: new Uint8Array(3) }));
  for (const item of upTo(4)) batcher.add(item);
  await batcher.flush(1000);
  expect(dropped()).toEqual({ rejected: 3 });
});

test('(3) one request at a time, full batches in order, and what is left after the delay', async () => {
  const { batcher, taken, state } = batcherWith(async () => {
    await sleep(5);
    return accepted;
  });
  for (const item of upTo(10)) batcher.add(item);
  await sleep(150);
  expect(taken).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ]);
  expect(state.inFlightMax).toBe(1);
});

test('a busy collector is tried again until it takes the batch', async () => {
  let refusals = 3;
  const { batcher, taken, dropped } = batcherWith(() => (refusals-- > 0 ? later : accepted));
  batcher.add(7);
  await sleep(150);
  expect({ taken, dropped: dropped() }).toEqual({ taken: [[7]], dropped: {} });
});

test('a batch is given up when it is old', async () => {
  const { batcher, dropped } = batcherWith(() => later, { giveUpMs: 30 });
  batcher.add(7);
  await sleep(200);
  expect({ held: batcher.held, dropped: dropped() }).toEqual({ held: 0, dropped: { unreachable: 1 } });
});

test('(4) a flush tries each batch once, also one that pauses, and ends at its deadline', async () => {
  const dead = batcherWith(() => ({ ...later, retryAfterMs: 60_000 }), { giveUpMs: 100_000 });
  for (const item of upTo(6)) dead.batcher.add(item);
  await sleep(50);
  const started = performance.now();
  await dead.batcher.flush(5000);
  expect(performance.now() - started).toBeLessThan(1000);
  expect(dead.dropped()).toEqual({ unreachable: 6 });

  const silent = batcherWith(() => never);
  for (const item of upTo(6)) silent.batcher.add(item);
  await silent.batcher.flush(100);
  // Four are in flight, and stay unknown.
  expect({ held: silent.batcher.held, dropped: silent.dropped() }).toEqual({ held: 4, dropped: { exit: 2 } });
});

test('each reason is said once', async () => {
  const { batcher, said } = batcherWith(() => ({ kind: 'refused', why: 'status 400' }));
  for (let round = 0; round < 3; round++) {
    batcher.add(round);
    await batcher.flush(1000);
  }
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('refused (status 400)');
});
