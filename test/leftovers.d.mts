export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}
export function processesOfRun(runId: string): LeftProcess[];
export function endProcesses(processes: readonly LeftProcess[]): Promise<void>;
