/** Which of several collectors deletes: the claims of real inserts at once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, migrate, openEngine } from '@sonde/store';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lease, leaseMs } from '../../packages/store/src/retention/lease.ts';

let directory: string;
let engine: Engine;
/** The third period of a day, which nobody has claimed. */
let nowMs = Date.UTC(2026, 2, 14) + 3 * leaseMs;

const leaseOf = (holder: string) => new Lease(engine, () => nowMs, holder);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-lease-'));
  engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_default' });
  await migrate(engine);
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  nowMs += 100 * leaseMs;
});

test('(1) of many that claim at once one has it, and nobody else later in the period', async () => {
  const all = Array.from({ length: 12 }, (_, i) => leaseOf(`collector ${i}`));
  for (let period = 0; period < 3; period++, nowMs += 10 * leaseMs) {
    const held = await Promise.all(all.map((lease) => lease.hold()));
    expect(held.filter(Boolean)).toHaveLength(1);
    nowMs += leaseMs - 1;
    expect(await Promise.all(all.map((lease) => lease.hold()))).toEqual(held);
    nowMs -= leaseMs - 1;
  }
});

test('(1) a claim that saw nobody, because another came in between, is none', async () => {
  // What the other has stored is not there yet when it is looked for first: an engine that answers once from before.
  let asked = 0;
  const slow: Engine = {
    ...engine,
    query: async (...args) => (asked++ === 0 ? [] : await engine.query(...args)),
  };
  expect(await leaseOf('quick').hold()).toBe(true);
  expect(await new Lease(slow, () => nowMs, 'slow').hold()).toBe(false);
  expect(asked).toBe(2);
  expect(await leaseOf('quick').hold()).toBe(true);
});

test('(2) who has it keeps it while he asks, and another has it within two periods when he is gone', async () => {
  const [mine, another] = [leaseOf('mine'), leaseOf('another')];
  expect(await mine.hold()).toBe(true);
  for (let i = 0; i < 10; i++) {
    nowMs += leaseMs / 4;
    // The other one looks first.
    expect(await another.hold()).toBe(false);
    expect(await mine.hold()).toBe(true);
  }
  nowMs += 1.5 * leaseMs;
  expect(await another.hold()).toBe(true);
  expect(await mine.hold()).toBe(false);
});

test('a clock that is behind takes nothing from who holds a later period', async () => {
  const ahead = new Lease(engine, () => nowMs + 5 * leaseMs, 'ahead');
  expect(await ahead.hold()).toBe(true);
  expect(await leaseOf('behind').hold()).toBe(false);
  expect(await ahead.hold()).toBe(true);
});

test('old claims are forgotten, and what else is set is not', async () => {
  const count = `SELECT toUInt32(countIf(key = 'retention-lease')) AS claims, toUInt32(countIf(key = 'retention')) AS settings FROM settings`;
  const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
  await engine.command(`INSERT INTO settings (key, version, value) VALUES ('retention', 1, '{}')`);
  const lease = leaseOf('mine');
  await lease.hold();
  nowMs += leaseMs;
  await lease.hold();
  await lease.forget(nowMs);
  expect(await engine.query(count, {}, budget)).toEqual([{ claims: 1, settings: 1 }]);
  expect(await lease.hold()).toBe(true);
});
