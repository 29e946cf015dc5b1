import { type Metric, point } from '../metric.ts';

/** What `/proc/<pid>/stat` (proc(5)) says of a process. */
export interface ProcessStat {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly threads: number;
  /** Since the machine started. With the pid it names a process: pids come again. */
  readonly startTicks: number;
  readonly residentPages: number;
  /** Part of the kernel: it has no program and no memory of its own. */
  readonly isKernelThread: boolean;
}

const kernelThreadFlag = 0x0020_0000;

export function parseProcessStat(text: string): ProcessStat | undefined {
  // The name stands in parentheses and may itself hold spaces and parentheses.
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // Field 3 of proc(5) comes first.
  const [state, ...fields] = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const field = (number: number): number => Number(fields[number - 4]);
  if (state === undefined || fields.length < 21) return undefined;
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state,
    userTicks: field(14),
    systemTicks: field(15),
    threads: field(20),
    startTicks: field(22),
    residentPages: field(24),
    isKernelThread: (field(9) & kernelThreadFlag) !== 0,
  };
}

/** `process.state` of the semantic conventions. */
const states: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'sleeping',
  I: 'sleeping',
  T: 'stopped',
  t: 'stopped',
  Z: 'defunct',
};

export function processCountMetrics(processes: readonly ProcessStat[]): Metric[] {
  if (processes.length === 0) return [];
  const counts = new Map(['running', 'sleeping', 'stopped', 'defunct'].map((state) => [state, 0]));
  for (const { state: letter } of processes) {
    const state = states[letter];
    if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const points = [...counts].map(([state, count]) => point(count, { 'process.state': state }));
  // Tasks that wait for a disk cannot be told from those that merely sleep by the state of the conventions.
  const blocked = processes.filter(({ state }) => state === 'D').length;
  return [
    { name: 'system.process.count', unit: '{process}', type: 'level', points },
    { name: 'system.linux.process.uninterruptible', unit: '{process}', type: 'level', points: [point(blocked)] },
  ];
}
