import { isMainThread } from 'node:worker_threads';
import { flushOnSignals } from './signals.ts';

/** What the end of the process is delayed by, at most. */
export const exitDelayMaxMs = 2000;

export interface Flushable {
  /** Sends everything, the present state of the metrics included. Resolves after timeoutMs at the latest, never rejects. */
  readonly flush: (timeoutMs: number) => Promise<void>;
  /** Spans and log records that wait. */
  readonly held: () => number;
}

/**
 * Sends what is held when the process is about to end of itself, or by a signal. `process.exit()`, an uncaught exception and SIGKILL
 * leave no time for that: what is lost then is what the application did in the last OTEL_BSP_SCHEDULE_DELAY (1 s).
 */
export function flushAtExit({ flush, held }: Flushable): void {
  let budgetMs = exitDelayMaxMs;
  let flushed = false;
  let flushing = false;
  // Node emits it again when work was done inside it: by the flush, and perhaps by the application.
  process.on('beforeExit', () => {
    if (flushing || budgetMs <= 0 || (flushed && held() === 0)) return;
    flushed = true;
    flushing = true;
    const started = performance.now();
    void flush(budgetMs).finally(() => {
      budgetMs -= performance.now() - started;
      flushing = false;
    });
  });
  if (isMainThread) flushOnSignals(() => flush(exitDelayMaxMs));
}
