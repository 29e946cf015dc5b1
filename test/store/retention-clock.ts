import { type Clock, systemClock } from '../../packages/store/src/spool/clock.ts';

/** A wall clock that stands where it was put; waits take their time. */
export function clockAt(nowMs: number): Clock & { nowIs(ms: number): void } {
  let now = nowMs;
  return {
    ...systemClock,
    nowMs: () => now,
    nowIs(ms) {
      now = ms;
    },
  };
}
