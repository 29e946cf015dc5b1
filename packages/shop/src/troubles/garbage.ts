/**
 * GC pressure: allocates fast and keeps each object for a few seconds. That is the worst age for a generational collector: nearly
 * everything survives the young generation, is copied twice, and dies old.
 */
const everyMs = 20;
const objectsPerTick = 25_000;
const ticksKept = 100;

export function startGarbage(): (on: boolean) => void {
  let timer: NodeJS.Timeout | undefined;
  let kept: object[][] = [];
  const allocate = (): void => {
    kept.push(Array.from({ length: objectsPerTick }, (_, index) => ({ index, seen: { at: index }, note: [index] })));
    if (kept.length > ticksKept) kept.shift();
  };
  return (on) => {
    clearInterval(timer);
    timer = on ? setInterval(allocate, everyMs) : undefined;
    kept = [];
  };
}
