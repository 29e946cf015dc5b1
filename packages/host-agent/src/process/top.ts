import { type ProcessStat } from './stat.ts';

/** A process that was among the first goes on being sent so long: a rate needs two points, and lines full of holes say nothing. */
const lingerScrapes = 6;

interface Seen {
  ticks: number;
  /** Scrapes for which it is still sent. */
  chosen: number;
}

/** Which processes are sent: those that used most CPU since the last scrape and those that hold most memory, and those that just did. */
export class Top {
  readonly #countMax: number;
  #seen = new Map<string, Seen>();

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  choose(processes: readonly ProcessStat[]): ProcessStat[] {
    const candidates = processes
      .filter(({ isKernelThread, state }) => !isKernelThread && state !== 'Z')
      .map((process) => {
        const ticks = process.userTicks + process.systemTicks;
        const before = this.#seen.get(keyOf(process));
        // Of one that is new, all that it used.
        return { process, ticks, used: ticks - (before?.ticks ?? 0), chosen: before?.chosen ?? 0 };
      });
    const first = new Set([
      ...candidates
        .filter(({ used }) => used > 0)
        .toSorted((one, other) => other.used - one.used)
        .slice(0, this.#countMax),
      ...candidates.toSorted((one, other) => other.process.residentPages - one.process.residentPages).slice(0, this.#countMax),
    ]);
    for (const one of candidates) one.chosen = first.has(one) ? lingerScrapes : Math.max(0, one.chosen - 1);
    const sent = candidates
      .filter(({ chosen }) => chosen > 0)
      .toSorted((one, other) => other.chosen - one.chosen)
      .slice(0, 4 * this.#countMax);
    this.#seen = new Map(candidates.map(({ process, ticks, chosen }) => [keyOf(process), { ticks, chosen }]));
    return sent.map(({ process }) => process);
  }
}

export function keyOf({ pid, startTicks }: ProcessStat): string {
  return `${pid}/${startTicks}`;
}
