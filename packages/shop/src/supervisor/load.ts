/**
 * The load generator. Open loop: a call leaves at its time, however long the others take, as with real customers; so a slow shop
 * is seen as slow, instead of being asked less often.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { calls, type Call } from './calls.ts';

export interface ApiCount {
  calls: number;
  /** By status code; 'unanswered' for a call that got none. */
  readonly byStatus: Record<string, number>;
  totalMs: number;
}

export interface Load {
  counts(): Readonly<Record<string, ApiCount>>;
  /** Calls that were due while too many were under way, and were left out. */
  leftOut(): number;
  /** Calls per second in the mean, from the next call on. */
  setRate(rate: number): void;
  /** So many times as often as the rate says, from the next call on. */
  setFactor(factor: number): void;
  /** Resolves when the calls under way are answered, or given up after a while. */
  stop(): Promise<void>;
}

const underWayMax = 500;
const timeoutMs = 30_000;
const finishWithinMs = 2_000;

export function startLoad(gatewayUrl: string, { seed, rate }: { seed: number; rate: number }): Load {
  const stopped = new AbortController();
  const counts: Record<string, ApiCount> = {};
  const underWay = new Map<AbortController, Promise<void>>();
  let leftOut = 0;
  let usualRate = rate;
  let factor = 1;
  const running = run();

  async function run(): Promise<void> {
    let dueAt = performance.now();
    for (const next of calls(seed, rate)) {
      dueAt += (next.afterMs * rate) / (usualRate * factor);
      // Times are absolute: a timer that fires late does not shift all later calls.
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      if (underWay.size >= underWayMax) {
        leftOut++;
        continue;
      }
      const giveUp = new AbortController();
      const sent = send(next, giveUp).finally(() => underWay.delete(giveUp));
      underWay.set(giveUp, sent);
    }
  }

  async function send({ api, method, path, body }: Call, giveUp: AbortController): Promise<void> {
    const startedAt = performance.now();
    const status = await statusOf(method, `${gatewayUrl}${path}`, body, giveUp);
    const count = (counts[api] ??= { calls: 0, byStatus: {}, totalMs: 0 });
    count.calls++;
    count.byStatus[status] = (count.byStatus[status] ?? 0) + 1;
    count.totalMs += performance.now() - startedAt;
  }

  return {
    counts: () => counts,
    leftOut: () => leftOut,
    setRate: (perSecond) => {
      usualRate = perSecond;
    },
    setFactor: (times) => {
      factor = times;
    },
    stop: async () => {
      stopped.abort();
      await running;
      const timer = setTimeout(() => {
        for (const giveUp of underWay.keys()) giveUp.abort();
      }, finishWithinMs);
      await Promise.all(underWay.values());
      clearTimeout(timer);
    },
  };
}

async function statusOf(method: string, url: string, body: unknown, giveUp: AbortController): Promise<string> {
  const timer = setTimeout(() => giveUp.abort(), timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      signal: giveUp.signal,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    await response.arrayBuffer();
    return String(response.status);
  } catch {
    // Unreachable or too slow: that is an outcome of a load test, and counted as one.
    return 'unanswered';
  } finally {
    clearTimeout(timer);
  }
}
