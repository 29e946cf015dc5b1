import { EngineBusy } from './errors.ts';

export interface Pool<T> {
  /** Runs `use` with a member that nobody else uses meanwhile. Throws EngineBusy. */
  run<R>(use: (member: T) => Promise<R>): Promise<R>;
  /** Resolves when no member is in use. Nothing may be started afterwards. */
  drained(): Promise<void>;
}

interface Waiter<T> {
  readonly take: (member: T) => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Lends each member to one user at a time, first come first served.
 *
 * Invariants, each defended by the test of the same number in pool.test.ts:
 *  (1) A member never has two users at once, and comes back whatever its user did.
 *  (2) At most `waitersMax` wait, each at most `waitMs`; the others are refused with EngineBusy.
 */
export function createPool<T>(members: readonly T[], limits: { waitersMax: number; waitMs: number }): Pool<T> {
  const free = [...members];
  const waiters: Waiter<T>[] = [];
  let onDrained: (() => void)[] = [];

  function take(): Promise<T> {
    const member = free.pop();
    if (member !== undefined) return Promise.resolve(member);
    if (waiters.length >= limits.waitersMax) return Promise.reject(new EngineBusy('Too many questions wait for the engine.'));
    return new Promise((resolve, reject) => {
      const waiter = {
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

  function giveBack(member: T): void {
    const next = waiters.shift();
    if (next !== undefined) return next.take(member);
    free.push(member);
    if (free.length < members.length) return;
    for (const resolve of onDrained) resolve();
    onDrained = [];
  }

  return {
    async run(use) {
      const member = await take();
      try {
        return await use(member);
      } finally {
        giveBack(member);
      }
    },
    async drained() {
      if (free.length < members.length) await new Promise<void>((resolve) => onDrained.push(resolve));
    },
  };
}
