/**
 * Who of several collectors deletes: one at a time, by a log of claims in `settings`, one for each two minutes.
 *
 *   no claim of this period ---> claim, read it back ---> MINE: delete until the period ends, then claim first
 *            |                                      `---> ANOTHER'S: look again
 *            `-- the holder of the last period has its first half to itself
 *
 * Invariants, each defended by the test of the same number in test/store/lease.test.ts:
 *  (1) A period has one holder, however many claim it at once: a claim is an insert whose token names the period, and the engine (on a
 *      cluster: Keeper, for all replicas of the shard) stores one insert of a token.
 *  (2) Who holds it keeps it while he asks for it; when he is gone, another has it within two periods.
 */
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from '../query/define.ts';

const key = 'retention-lease';
export const leaseMs = 120_000;

export const leaseQuery = defineQuery({
  name: 'retention-lease',
  params: { key: 'String', since: 'UInt32' },
  row: { period: 'UInt32', holder: 'String' },
  sql: `
SELECT version AS period, value AS holder
FROM settings WHERE key = {key:String} AND version >= {since:UInt32}
ORDER BY version DESC, set_at
LIMIT 1`,
});

export class Lease {
  readonly #engine: Engine;
  readonly #nowMs: () => number;
  readonly #holder: string;

  constructor(engine: Engine, nowMs: () => number, holder: string) {
    this.#engine = engine;
    this.#nowMs = nowMs;
    this.#holder = holder;
  }

  /** Whether this collector may delete now. To be asked often while it does. */
  async hold(): Promise<boolean> {
    const period = Math.floor(this.#nowMs() / leaseMs);
    const last = await this.#newest(period - 1);
    // A later one: somebody's clock is ahead of this one, or this one waited long for its answer.
    if (last !== undefined && last.period >= period) return last.holder === this.#holder;
    const isAnothers = last !== undefined && last.holder !== this.#holder;
    if (isAnothers && this.#nowMs() < (period + 1 / 2) * leaseMs) return false;
    await this.#engine.maintain(
      `INSERT INTO settings (key, version, value)
SETTINGS insert_deduplicate = 1, insert_deduplication_token = '${key}-${period}'
VALUES ({key:String}, {period:UInt32}, {holder:String})`,
      { key, period, holder: this.#holder },
    );
    const claim = await this.#newest(period);
    return claim?.period === period && claim.holder === this.#holder;
  }

  /** Claims of days ago are of no use to anybody. */
  async forget(beforeMs: number): Promise<void> {
    const before = Math.floor(beforeMs / leaseMs);
    await this.#engine.maintain('DELETE FROM settings WHERE key = {key:String} AND version < {before:UInt32}', { key, before });
  }

  async #newest(since: number) {
    const [newest] = await ask(this.#engine, leaseQuery, { key, since });
    return newest;
  }
}
