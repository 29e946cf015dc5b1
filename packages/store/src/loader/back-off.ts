/** Milliseconds before try number `failures` + 1: doubling from 100 ms to 10 s. A load is tried until it succeeds, however old. */
export function backOffMs(failures: number): number {
  return Math.min(10_000, 100 * 2 ** Math.max(0, failures - 1));
}
