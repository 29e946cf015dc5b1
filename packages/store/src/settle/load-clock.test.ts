/** The numbers are those of the invariants in load-clock.ts. */
import { expect, test } from 'vitest';
import { LoadClock } from './load-clock.ts';

/** A clock that a test moves. */
function heldClock(second: number) {
  let elapsedMs = 5_000;
  return {
    nowMs: () => second * 1000,
    elapsedMs: () => elapsedMs,
    pass: (seconds: number) => (elapsedMs += seconds * 1000),
  };
}

test('(1) a load carries a second above all that were sealed, and none below the first', () => {
  const time = heldClock(1000);
  const clock = new LoadClock(time, 1);
  expect(clock.begin()).toBe(1000);
  clock.end();
  expect(clock.sealed()).toBe(999);
  time.pass(0.4);
  expect(clock.begin()).toBe(1000);
  clock.end();
  time.pass(1);
  expect(clock.sealed()).toBe(1000);
  expect(clock.begin()).toBe(1001);
});

test('(1) a machine whose clock was put back goes on beyond what was settled before, at its own pace', () => {
  const time = heldClock(1000);
  const clock = new LoadClock(time, 5001);
  expect(clock.sealed()).toBe(5000);
  expect(clock.begin()).toBe(5001);
  clock.end();
  time.pass(10);
  expect(clock.sealed()).toBe(5010);
  expect(clock.begin()).toBe(5011);
});

test('(1) a clock that stood still is put forward, and never back', () => {
  const time = heldClock(1000);
  const clock = new LoadClock(time, 1);
  clock.notBefore(8000);
  expect(clock.begin()).toBe(8000);
  clock.end();
  clock.notBefore(500);
  time.pass(3);
  expect(clock.sealed()).toBe(8002);
});

test('(2) what a load of unknown outcome may carry is not sealed until it is known, however often it is tried', () => {
  const time = heldClock(1000);
  const clock = new LoadClock(time, 1);
  expect(clock.begin()).toBe(1000);
  time.pass(100);
  expect(clock.sealed()).toBe(999);
  expect(clock.begin()).toBe(1100);
  clock.notBefore(2000);
  time.pass(100);
  expect(clock.sealed()).toBe(999);
  expect(clock.begin()).toBe(2100);
  clock.end();
  expect(clock.sealed()).toBe(2099);
});
