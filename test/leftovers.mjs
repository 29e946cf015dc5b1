/** Processes that outlived a test run, found by the mark that the run put into their environment. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** @returns {{ pid: number, command: string }[]} */
export function processesOfRun(runId) {
  if (!existsSync('/proc')) return [];
  const found = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`SONDE_TEST_RUN=${runId}`)) continue;
      found.push({ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() });
    } catch {
      // The process ended meanwhile, or is another user's: not ours.
      continue;
    }
  }
  return found;
}

export async function endProcesses(processes) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    for (const { pid } of processes) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    await sleep(1000);
  }
}
