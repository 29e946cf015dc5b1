import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openEngine } from '@sonde/store';
import { expect, test } from 'vitest';
import { startProcess } from '../fixtures/process.ts';
import { scriptArgs } from '../fixtures/scripts.ts';
import { randomOf } from '../store/sample-spans.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const seed = Number(process.env['SEED'] ?? 20_261_121);
const windows = 60;

test(`each span is in the rollups once after kill -9 of who settles (seed ${seed})`, { timeout: 180_000 }, async () => {
  const random = randomOf(seed);
  const directory = await mkdtemp(join(tmpdir(), 'sonde-settling-'));
  const open = () => openEngine({ path: join(directory, 'db'), database: 'sonde_default' });
  try {
    let engine = await open();
    await migrate(engine);
    // Over three days, so that each insert makes parts in several partitions.
    await engine.command(`INSERT INTO spans (timestamp, received_at, duration_ns, trace_id, span_id, name, kind, service, loaded_at)
SELECT toDateTime64('2026-03-10 00:00:00', 9, 'UTC') + (number % 3) * 86400, now64(3), number, unhex(hex(sipHash128(number))),
  unhex(hex(sipHash64(number))), concat('name ', toString(number % 5)), 2 + number % 2, 'shop', toDateTime(1773140000 + number % ${windows * 10})
FROM numbers(60000)`);
    await engine.close();

    let kills = 0;
    for (let ended = false; !ended;) {
      const { child } = await startProcess([...scriptArgs('settling'), directory], {});
      const exited = once(child, 'exit').then(() => (ended = true));
      await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 100 + random.below(2_000)))]);
      if (ended) expect(child.exitCode).toBe(0);
      // Those that come later are left to come to the end.
      else if (kills < 4) {
        kills++;
        child.kill('SIGKILL');
        await exited;
        ended = false;
      } else await exited;
    }
    expect(kills).toBeGreaterThan(1);

    engine = await open();
    const sums = 'toFloat64(sum(calls)) AS calls, toFloat64(sum(total_ns)) AS total';
    const [spans] = await engine.query(
      'SELECT toFloat64(count()) AS calls, toFloat64(sum(duration_ns)) AS total FROM spans',
      {},
      budget,
    );
    for (const table of ['path_minutes', 'path_hours', 'path_days', 'service_minutes', 'service_hours']) {
      expect((await engine.query(`SELECT ${sums} FROM ${table}`, {}, budget))[0], table).toEqual(spans);
    }
    await engine.close();
    console.log(`killed ${kills} times`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
