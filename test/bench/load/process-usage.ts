import { readFileSync } from 'node:fs';

const MiB = 1024 ** 2;
/** Of `/proc/<pid>/stat` (proc(5)): clock ticks a second, everywhere that Node runs on Linux. */
const ticksPerSecond = 100;

/** Seconds of CPU that a process has used, in all its threads. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory now and at its highest, in MiB. */
export function memoryMiB(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number =>
    Math.round((Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024) / MiB);
  return { now: read('VmRSS'), peak: read('VmHWM') };
}
