/** Keeps the event loop of this process busy most of the time, as a runaway computation would. */
const busyMs = 80;
const pauseMs = 20;

export function startCpuHog(): (on: boolean) => void {
  let timer: NodeJS.Timeout | undefined;
  const burn = (): void => {
    const until = performance.now() + busyMs;
    while (performance.now() < until) Math.sqrt(Math.random());
    timer = setTimeout(burn, pauseMs);
  };
  return (on) => {
    clearTimeout(timer);
    timer = on ? setTimeout(burn, 0) : undefined;
  };
}
