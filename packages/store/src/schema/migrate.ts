import { EngineUnusable } from '../engine/errors.ts';
import type { Engine } from '../engine/types.ts';
import { spans } from './0001-spans.ts';
import { resources } from './0002-resources.ts';
import { logs } from './0003-logs.ts';
import { metrics } from './0004-metrics.ts';
import { promotedAttributes } from './0005-promoted-attributes.ts';
import { spanRollup } from './0006-span-rollup.ts';
import { widerMerges } from './0007-wider-merges.ts';
import { settledRollups } from './0008-settled-rollups.ts';
import { settingsLog } from './0009-settings.ts';
import { traceIndex } from './0010-trace-index.ts';
import { measuredCodecs } from './0011-measured-codecs.ts';
import { operations } from './0012-operations.ts';
import { measuredCodecsOfMetrics } from './0013-measured-codecs-of-metrics.ts';
import { smallerBlocksOfIds } from './0014-smaller-blocks-of-ids.ts';
import { traceSummaries } from './0015-trace-summaries.ts';
import type { Migration } from './migration.ts';
import { onCluster } from './on-cluster.ts';

export const migrations: readonly Migration[] = [
  spans,
  resources,
  logs,
  metrics,
  promotedAttributes,
  spanRollup,
  widerMerges,
  settledRollups,
  settingsLog,
  traceIndex,
  measuredCodecs,
  operations,
  measuredCodecsOfMetrics,
  smallerBlocksOfIds,
  traceSummaries,
];

const budget = { timeMs: 30_000, memoryBytes: 1024 ** 3, rowsMax: 1_000_000 };

/**
 * Brings the schema up to this build's and returns the versions applied now. A database that a newer build has migrated is refused
 * untouched. A migration is recorded after its last statement, so that one cut short runs again. `cluster`: over which it is laid.
 *
 * What is applied is read again before each migration: of several collectors that start at once on an empty cluster, all make the same
 * tables, and none goes back to a migration that another has recorded.
 */
export async function migrate(engine: Engine, steps: readonly Migration[] = migrations, cluster?: string): Promise<number[]> {
  const onServers = (statement: string) => (cluster === undefined ? [statement] : onCluster(statement, cluster));
  if (cluster === undefined || !(await hasTable(engine, 'migrations'))) {
    for (const statement of onServers(recordsTable)) await engine.command(statement);
  }
  const newest = Math.max(0, ...(await recorded(engine, cluster)));
  const known = Math.max(0, ...steps.map((step) => step.version));
  if (newest > known) {
    throw new EngineUnusable(
      `The database has schema version ${newest}, this build knows ${known}: it was used by a newer Sonde. Use that one, or another data directory.`,
    );
  }
  const done: number[] = [];
  for (const step of steps) {
    if ((await recorded(engine, cluster)).has(step.version)) continue;
    for (const statement of step.statements.flatMap(onServers)) await engine.command(statement);
    await engine.command(`INSERT INTO migrations (version, name) VALUES (${step.version}, '${step.name}')`);
    done.push(step.version);
  }
  return done;
}

const recordsTable = `CREATE TABLE IF NOT EXISTS migrations (
  version UInt32,
  name String,
  applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree
ORDER BY version`;

/** On a cluster the server may be one that has not heard yet what another was told. */
async function recorded(engine: Engine, cluster: string | undefined): Promise<ReadonlySet<number>> {
  if (cluster !== undefined) await engine.command('SYSTEM SYNC REPLICA migrations');
  const rows = await engine.query<{ version: number }>('SELECT DISTINCT version FROM migrations', {}, budget);
  return new Set(rows.map((row) => row.version));
}

/** A statement ON CLUSTER needs every server of it, and a collector shall start while one is away. */
async function hasTable(engine: Engine, name: string): Promise<boolean> {
  const sql = 'SELECT name FROM system.tables WHERE database = currentDatabase() AND name = {name:String}';
  return (await engine.query(sql, { name }, budget)).length > 0;
}
