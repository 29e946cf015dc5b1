/**
 * An engine with its schema, also while it is out of reach.
 *
 *              openStore()            nothing answers                 answers, schema brought up to date
 *   (options) ------------> READY   or  ------------> WAITING ----------------------------------------> READY
 *                                                        ^  | nothing answers, or what does cannot be used: back-off
 *                                                        +--+
 *
 * Invariants, each defended by the test of the same number in test/faults/server-start.test.ts:
 *  (1) A server that is away does not keep a collector from starting: what is taken meanwhile waits in the spool.
 *  (2) A server that answers at the start and cannot be used (too old, a wrong password, a newer schema) ends the start.
 *  (3) While it waits, every call throws EngineUnreachable at once.
 */
import { EngineUnreachable } from './engine/errors.ts';
import { type EngineOptions, openEngine } from './engine/open.ts';
import type { Engine } from './engine/types.ts';
import { backOffMs } from './loader/back-off.ts';
import { migrate, migrations } from './schema/migrate.ts';
import type { Clock } from './spool/clock.ts';
import type { Report } from './spool/report.ts';

export interface Store extends Engine {
  /** Whether the last call found the engine there. `version` is empty until it has been there once. */
  readonly reachable: boolean;
}

export async function openStore(options: EngineOptions, clock: Clock, report: Report): Promise<Store> {
  const closing = new AbortController();
  let engine: Engine | undefined;
  let waiting = Promise.resolve();
  let reachable = true;
  try {
    engine = await openMigrated(options, report);
  } catch (error) {
    if (!(error instanceof EngineUnreachable)) throw error;
    reachable = false;
    report('warn', 'the database is out of reach: what is taken waits in the spool', { reason: error.message });
    waiting = keepTrying();
  }

  async function keepTrying(): Promise<void> {
    for (let failures = 1; ; failures++) {
      await clock.sleep(backOffMs(failures), closing.signal);
      if (closing.signal.aborted) return;
      try {
        engine = await openMigrated(options, report);
        reachable = true;
        report('info', 'the database is there', { version: engine.version });
        return;
      } catch (error) {
        const away = error instanceof EngineUnreachable;
        const reason = error instanceof Error ? error.message : String(error);
        report(away ? 'warn' : 'error', away ? 'the database is out of reach' : 'the database cannot be used', { reason });
      }
    }
  }

  async function run<T>(call: (engine: Engine) => Promise<T>): Promise<T> {
    if (!engine) throw new EngineUnreachable('The database has not been there since the start.');
    try {
      const result = await call(engine);
      reachable = true;
      return result;
    } catch (error) {
      reachable = !(error instanceof EngineUnreachable);
      throw error;
    }
  }

  return {
    kind: 'url' in options ? 'server' : 'embedded',
    cluster: 'url' in options ? options.cluster : undefined,
    get version() {
      return engine?.version ?? '';
    },
    get reachable() {
      return reachable;
    },
    query: (sql, params, budget, subqueries) => run((opened) => opened.query(sql, params, budget, subqueries)),
    queryNative: (sql, params, budget, subqueries) => run((opened) => opened.queryNative(sql, params, budget, subqueries)),
    command: (sql) => run((opened) => opened.command(sql)),
    maintain: (sql, params) => run((opened) => opened.maintain(sql, params)),
    insertFiles: (table, absolutePaths, token, loadedAt) =>
      run((opened) => opened.insertFiles(table, absolutePaths, token, loadedAt)),
    async close() {
      closing.abort();
      await waiting;
      await engine?.close();
    },
  };
}

async function openMigrated(options: EngineOptions, report: Report): Promise<Engine> {
  const engine = await openEngine(options);
  try {
    const applied = await migrate(engine, migrations, 'url' in options ? options.cluster : undefined);
    if (applied.length > 0) report('info', 'the schema was brought up to date', { applied });
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
