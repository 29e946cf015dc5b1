/** Keeps the event loop of this process busy most of the time, as a runaway computation would. */
const busyMs = 80;
const pauseMs = 20;
/** Between two looks at the clock, each of which allocates: what calculates need not collect garbage. */
const stepsAtOnce = 100_000;

export function startCpuHog(): (on: boolean) => void {
  let timer: NodeJS.Timeout | undefined;
  /** Kept, or there would be nothing to calculate. */
  let spent = 0;
  const burn = (): void => {
    const until = performance.now() + busyMs;
    let hash = 0;
    while (performance.now() < until) for (let step = 0; step < stepsAtOnce; step++) hash = Math.imul(hash ^ step, 0x01000193);
    spent ^= hash;
    timer = setTimeout(burn, pauseMs);
  };
  return (on) => {
    clearTimeout(timer);
    timer = on ? setTimeout(burn, 0) : undefined;
  };
}
