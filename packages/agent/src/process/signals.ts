/**
 * SIGTERM and SIGINT, so that what is held can still be sent. Invariants, each defended by the test of the same number in
 * test/agent/exit.test.ts:
 *  (1) An application without a handler ends by the signal, as it would without the agent, after the flush.
 *  (2) An application with a handler decides alone; the flush only runs beside it.
 *  (3) A second signal during the flush ends the process at once.
 *  (4) The application cannot see the agent's handler: libraries that look whether theirs is the only one (signal-exit) must find it so,
 *      or nobody would end the process.
 *  (5) It stays in place when the application takes its own handlers away.
 */
const signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

export function flushOnSignals(flush: () => Promise<void>): void {
  const handlers = new Map<NodeJS.Signals, () => void>();
  for (const signal of signals) {
    let flushing = false;
    handlers.set(signal, () => {
      if (process.listenerCount(signal) > 0) {
        void flush();
        return;
      }
      if (flushing) return end(signal);
      flushing = true;
      void flush().finally(() => end(signal));
    });
  }
  hide(new Set<unknown>(handlers.values()));
  for (const [signal, handler] of handlers) process.on(signal, handler);

  // Node stops watching a signal when listenerCount() says that nobody listens, and that does not count ours: (5).
  const watchAgain = (name: string | symbol, removed: unknown): void => {
    const signal = signals.find((one) => one === name);
    const handler = signal === undefined ? undefined : handlers.get(signal);
    if (signal === undefined || handler === undefined || removed === handler) return;
    process.removeListener(signal, handler);
    // In front: a `once` handler of the application must still be counted when ours runs.
    process.prependListener(signal, handler);
  };
  process.on('removeListener', watchAgain);

  function end(signal: NodeJS.Signals): void {
    process.removeListener('removeListener', watchAgain);
    process.removeListener(signal, handlers.get(signal) ?? (() => undefined));
    process.kill(process.pid, signal);
  }
}

/** Takes the agent's handlers out of what process tells about its listeners. */
function hide(ours: ReadonlySet<unknown>): void {
  const replace = (name: 'listeners' | 'rawListeners'): ((event: unknown) => unknown[]) => {
    const original: unknown = Reflect.get(process, name);
    return (event) => {
      const all: unknown = typeof original === 'function' ? Reflect.apply(original, process, [event]) : [];
      return Array.isArray(all) ? all.filter((listener) => !ours.has(listener)) : [];
    };
  };
  const listeners = replace('listeners');
  define('listeners', listeners);
  define('rawListeners', replace('rawListeners'));
  define('listenerCount', (event: unknown, listener?: unknown) => {
    const all = listeners(event);
    return listener === undefined ? all.length : all.filter((one) => one === listener).length;
  });
}

function define(name: string, value: unknown): void {
  Object.defineProperty(process, name, { value, configurable: true, writable: true, enumerable: false });
}
