/**
 * GC pressure: allocates fast and keeps each closure for a few seconds, as listeners that are removed late. That is the worst age for a
 * generational collector: nearly everything survives the young generation, is copied twice, and dies old. Objects and arrays V8 would soon put
 * into the old generation at once (pretenuring, by where they are made), closures never.
 */
const everyMs = 20;
const closuresPerTick = 40_000;
const ticksKept = 100;

export function startGarbage(): (on: boolean) => void {
  let timer: NodeJS.Timeout | undefined;
  let kept: (() => number)[][] = [];
  const allocate = (): void => {
    kept.push(Array.from({ length: closuresPerTick }, (_, index) => () => index));
    if (kept.length > ticksKept) kept.shift();
  };
  return (on) => {
    clearInterval(timer);
    timer = on ? setInterval(allocate, everyMs) : undefined;
    kept = [];
  };
}
