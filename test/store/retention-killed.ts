/** A process that kills itself while its engine deletes spans of little value: `node retention-killed.ts <directory>`. */
import { join } from 'node:path';
import { type Engine, migrate, openEngine, Retention } from '@sonde/store';
import { clockAt } from './retention-clock.ts';

export const thinOneDay = {
  /** When 8 March is past five days. */
  nowMs: Date.UTC(2026, 2, 14, 12),
  defaults: {
    spansDays: 5,
    keptSpansDays: 30,
    logsDays: 30,
    metricsDays: 30,
    minuteRollupsDays: 30,
    hourRollupsDays: 30,
    dayRollupsDays: 30,
    slowMs: 1000,
    samplePercent: 0,
  },
  diskFreeMinBytes: 0,
};

async function main(directory: string): Promise<void> {
  const engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_default' });
  await migrate(engine);
  // Two thousand traces of one span, in two parts, every other one failed.
  for (const part of [0, 1]) {
    await engine.command(`INSERT INTO spans (trace_id, timestamp, received_at, status_code)
SELECT unhex(leftPad(hex(number * 2 + ${part}), 32, '0')), toDateTime64('2026-03-08 12:00:00', 9, 'UTC'),
  toDateTime64('2026-03-08 12:00:01', 3, 'UTC'), if(number % 2 = 0, 2, 0)
FROM numbers(1000)`);
  }
  const killed: Engine = {
    ...engine,
    async maintain(sql, params) {
      await engine.maintain(sql, params);
      if (sql.startsWith('ALTER TABLE spans DELETE')) process.kill(process.pid, 'SIGKILL');
    },
  };
  await new Retention({ ...thinOneDay, engine: killed, clock: clockAt(thinOneDay.nowMs), report: () => undefined }).run();
}

const [, script = '', directory] = process.argv;
if (script.endsWith('retention-killed.ts') && directory !== undefined) await main(directory);
