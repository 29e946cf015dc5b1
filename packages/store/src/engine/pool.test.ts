import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EngineBusy } from './errors.ts';
import { createPool } from './pool.ts';

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
