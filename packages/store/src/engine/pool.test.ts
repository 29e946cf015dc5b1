import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EngineBusy } from './errors.ts';
import { createPool, type Lane } from './pool.ts';

test('(1) a member has one user at a time and comes back, whatever its user did', async () => {
  const pool = createPool(['a', 'b'], { waitersMax: 100, waitMs: 5000 });
  const users = new Map<string, number>();
  const runs = Array.from({ length: 50 }, (_, i) =>
    pool.run(async (member) => {
      users.set(member, (users.get(member) ?? 0) + 1);
      expect(users.get(member)).toBe(1);
      await sleep(i % 3);
      users.set(member, 0);
      if (i % 4 === 0) throw new Error('its user failed');
      return i;
    }),
  );
  const outcomes = await Promise.allSettled(runs);
  expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(13);
  await pool.drained();
  expect(await Promise.all(['x', 'y'].map(() => pool.run((member) => Promise.resolve(member))))).toHaveLength(2);
});

test('(2) no more wait than may, and none for longer than it may', async () => {
  const pool = createPool(['a'], { waitersMax: 2, waitMs: 20 });
  const held = new AbortController();
  const holder = pool.run(() => once(held.signal, 'abort'));
  const waiting = [pool.run(() => Promise.resolve()), pool.run(() => Promise.resolve())];
  await expect(pool.run(() => Promise.resolve())).rejects.toThrow(EngineBusy);
  for (const one of waiting) await expect(one).rejects.toThrow('busy for too long');
  held.abort();
  await holder;
  // Those who gave up were forgotten: the member is free.
  expect(await pool.run((member) => Promise.resolve(member))).toBe('a');
});

test('(3) the common lane leaves members to the quick one', async () => {
  const pool = createPool(['a', 'b', 'c'], { waitersMax: 10, waitMs: 1000, kept: 1 });
  const ends: (() => void)[] = [];
  const begun: string[] = [];
  const start = (name: string, lane: Lane) =>
    pool.run(
      () =>
        new Promise<void>((end) => {
          begun.push(name);
          ends.push(end);
        }),
      lane,
    );
  const tick = () => new Promise((resolve) => setImmediate(resolve));
  const slow = ['slow 1', 'slow 2', 'slow 3'].map((name) => start(name, 'common'));
  await tick();
  expect(begun).toEqual(['slow 1', 'slow 2']);
  const quick = ['quick 1', 'quick 2'].map((name) => start(name, 'quick'));
  await tick();
  expect(begun).toEqual(['slow 1', 'slow 2', 'quick 1']);
  // A quick one goes before a common one that has waited longer, for the member is kept for it.
  ends[2]?.();
  await tick();
  expect(begun).toEqual(['slow 1', 'slow 2', 'quick 1', 'quick 2']);
  ends[0]?.();
  await tick();
  expect(begun).toEqual(['slow 1', 'slow 2', 'quick 1', 'quick 2', 'slow 3']);
  for (const end of ends) end();
  await Promise.all([...slow, ...quick]);
  await pool.drained();
});

test('(3) one member serves both lanes', async () => {
  const pool = createPool(['a'], { waitersMax: 10, waitMs: 1000, kept: 1 });
  expect(await Promise.all([pool.run(async () => 1), pool.run(async () => 2, 'quick')])).toEqual([1, 2]);
});
