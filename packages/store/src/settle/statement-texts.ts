import type { Engine } from '../engine/types.ts';

/** In one statement: the engine reads no text above 256 KiB. */
const hashesMax = 5_000;

/** Beyond this the memory of what was kept begins anew: keeping a text once more changes nothing. */
const rememberedMax = 200_000;

/** Keeps the text of each statement once, in `statements`: the rollups know its hash. */
export class StatementTexts {
  readonly #engine: Pick<Engine, 'command'>;
  readonly #kept = new Set<string>();

  constructor(engine: Pick<Engine, 'command'>) {
    this.#engine = engine;
  }

  /** `hashes`: decimal, of statements that became visible in [from, to). */
  async keep(hashes: readonly string[], { from, to }: { readonly from: number; readonly to: number }): Promise<void> {
    const added = hashes.filter((hash) => !this.#kept.has(hash)).map((hash) => BigInt(hash));
    if (added.length === 0) return;
    for (let i = 0; i < added.length; i += hashesMax) {
      await this.#engine.command(`INSERT INTO statements (statement_hash, statement, first_seen)
SELECT statement_hash, any(statement), toDateTime(min(timestamp), 'UTC')
FROM spans
WHERE loaded_at >= toDateTime(${Math.trunc(from)}) AND loaded_at < toDateTime(${Math.trunc(to)})
  AND statement_hash IN (${added.slice(i, i + hashesMax).join(', ')})
GROUP BY statement_hash`);
    }
    if (this.#kept.size > rememberedMax) this.#kept.clear();
    for (const hash of added) this.#kept.add(String(hash));
  }
}
