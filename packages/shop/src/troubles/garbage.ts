/**
 * GC pressure: allocates fast and keeps every other object for a few seconds. That is the worst age for a generational collector: what is kept
 * survives the young generation, is copied twice, and dies old. Of what always survives V8 would soon put all into the old generation at once
 * (pretenuring, from 85 % on).
 */
const everyMs = 20;
const objectsPerTick = 30_000;
const ticksKept = 100;

export function startGarbage(): (on: boolean) => void {
  let timer: NodeJS.Timeout | undefined;
  let kept: object[][] = [];
  const allocate = (): void => {
    const made = Array.from({ length: objectsPerTick }, (_, index) => ({ index, seen: { at: index }, note: [index] }));
    kept.push(made.filter(({ index }) => index % 2 === 0));
    if (kept.length > ticksKept) kept.shift();
  };
  return (on) => {
    clearInterval(timer);
    timer = on ? setInterval(allocate, everyMs) : undefined;
    kept = [];
  };
}
