/** What stands for the names of a service that has too many. */
export const otherName = '{other}';

/**
 * Keeps a service that puts ids into its span names from filling the rollups: of each service so many names a day are kept, those that
 * come first. Spans keep their names; only the rollups' rows are counted together.
 */
export class NameLimit {
  readonly #namesMax: number;
  readonly #names = new Map<string, Set<string>>();
  #day = -1;

  constructor(namesMax: number) {
    this.#namesMax = namesMax;
  }

  /** Forgets the names of the days before. */
  startDay(day: number): void {
    if (day === this.#day) return;
    this.#day = day;
    this.#names.clear();
  }

  nameFor(service: string, name: string): string {
    let names = this.#names.get(service);
    if (names === undefined) this.#names.set(service, (names = new Set()));
    if (names.has(name)) return name;
    if (names.size >= this.#namesMax) return otherName;
    names.add(name);
    return name;
  }
}
