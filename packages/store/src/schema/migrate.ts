import { EngineUnusable } from '../engine/errors.ts';
import type { Engine } from '../engine/types.ts';
import { spans } from './0001-spans.ts';
import { resources } from './0002-resources.ts';
import { logs } from './0003-logs.ts';
import { metrics } from './0004-metrics.ts';
import { promotedAttributes } from './0005-promoted-attributes.ts';
import { spanRollup } from './0006-span-rollup.ts';
import { widerMerges } from './0007-wider-merges.ts';
import { traceIndex } from './0009-trace-index.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [
  spans,
  resources,
  logs,
  metrics,
  promotedAttributes,
  spanRollup,
  widerMerges,
  traceIndex,
];

const budget = { timeMs: 30_000, memoryBytes: 1024 ** 3, rowsMax: 1_000_000 };

/**
 * Brings the schema up to this build's and returns the versions applied now. A database that a newer build has migrated is refused
 * untouched. A migration is recorded after its last statement, so that one cut short runs again.
 */
export async function migrate(engine: Engine, steps: readonly Migration[] = migrations): Promise<number[]> {
  await engine.command(`CREATE TABLE IF NOT EXISTS migrations (
  version UInt32,
  name String,
  applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree
ORDER BY version`);
  const recorded = await engine.query<{ version: number }>('SELECT DISTINCT version FROM migrations', {}, budget);
  const applied = new Set(recorded.map((row) => row.version));
  const newest = Math.max(0, ...applied);
  const known = Math.max(0, ...steps.map((step) => step.version));
  if (newest > known) {
    throw new EngineUnusable(
      `The database has schema version ${newest}, this build knows ${known}: it was used by a newer Sonde. Use that one, or another data directory.`,
    );
  }
  const done: number[] = [];
  for (const step of steps) {
    if (applied.has(step.version)) continue;
    for (const statement of step.statements) await engine.command(statement);
    await engine.command(`INSERT INTO migrations (version, name) VALUES (${step.version}, '${step.name}')`);
    done.push(step.version);
  }
  return done;
}
