import pg from 'pg';
import type { Logger } from 'pino';

/** A small pool: the embedded database serves one statement at a time anyway. */
export function createPool(connectionString: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 60_000 });
  // An idle connection broke, for example because the database restarted: the pool opens another when it is asked.
  pool.on('error', (error) => log.warn({ err: error }, 'lost an idle database connection'));
  return pool;
}
