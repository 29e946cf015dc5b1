import { EngineBusy } from './errors.ts';

/** `quick`: what is known to be done soon. Some members are kept for it, so that it never waits for all others. */
export type Lane = 'quick' | 'common';

export interface Pool<T> {
  /** Runs `use` with a member that nobody else uses meanwhile. Throws EngineBusy. */
  run<R>(use: (member: T) => Promise<R>, lane?: Lane): Promise<R>;
  /** Resolves when no member is in use. Nothing may be started afterwards. */
  drained(): Promise<void>;
}

interface Waiter<T> {
  readonly lane: Lane;
  readonly take: (member: T) => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Lends each member to one user at a time, first come first served.
 *
 * Invariants, each defended by the test of the same number in pool.test.ts:
 *  (1) A member never has two users at once, and comes back whatever its user did.
 *  (2) At most `waitersMax` wait, each at most `waitMs`; the others are refused with EngineBusy.
 *  (3) The common lane never has the last `kept` members, of which there are fewer than members: a quick user waits for quick ones only.
 */
export function createPool<T>(members: readonly T[], limits: { waitersMax: number; waitMs: number; kept?: number }): Pool<T> {
  const commonMax = Math.max(1, members.length - (limits.kept ?? 0));
  let inCommon = 0;
  const free = [...members];
  const waiters: Waiter<T>[] = [];
  let onDrained: (() => void)[] = [];

  const mayRun = (lane: Lane) => lane === 'quick' || inCommon < commonMax;

  function lend(lane: Lane): void {
    if (lane === 'common') inCommon++;
  }

  function take(lane: Lane): Promise<T> {
    const member = mayRun(lane) ? free.pop() : undefined;
    if (member !== undefined) {
      lend(lane);
      return Promise.resolve(member);
    }
    if (waiters.length >= limits.waitersMax) return Promise.reject(new EngineBusy('Too many questions wait for the engine.'));
    return new Promise((resolve, reject) => {
      const waiter = {
        lane,
        take: (lent: T) => {
          clearTimeout(timer);
          resolve(lent);
        },
        refuse: reject,
      };
      const timer = setTimeout(() => {
        waiters.splice(waiters.indexOf(waiter), 1);
        waiter.refuse(new EngineBusy('The engine was busy for too long.'));
      }, limits.waitMs);
      waiters.push(waiter);
    });
  }

  function giveBack(member: T, lane: Lane): void {
    if (lane === 'common') inCommon--;
    const next = waiters.findIndex((waiter) => mayRun(waiter.lane));
    const [waiter] = next === -1 ? [] : waiters.splice(next, 1);
    if (waiter !== undefined) {
      lend(waiter.lane);
      return waiter.take(member);
    }
    free.push(member);
    if (free.length < members.length) return;
    for (const resolve of onDrained) resolve();
    onDrained = [];
  }

  return {
    async run(use, lane = 'common') {
      const member = await take(lane);
      try {
        return await use(member);
      } finally {
        giveBack(member, lane);
      }
    },
    async drained() {
      if (free.length < members.length) await new Promise<void>((resolve) => onDrained.push(resolve));
    },
  };
}
