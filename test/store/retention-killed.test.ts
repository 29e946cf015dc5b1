import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine, Retention } from '@sonde/store';
import { expect, test } from 'vitest';
import { clockAt } from './retention-clock.ts';
import { thinOneDay } from './retention-killed.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };

test('a kill -9 while the engine deletes: the next start ends it, once', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sonde-retention-killed-'));
  const script = fileURLToPath(new URL('retention-killed.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions', '@sonde/source', '--import', 'tsx', script, directory], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  const engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_default' });
  try {
    const after = () =>
      engine.query(
        `SELECT toUInt32(count()) AS spans, toUInt32(countIf(status_code = 2)) AS failed,
           (SELECT toUInt32(count()) FROM trace_ts FINAL) AS traces,
           (SELECT arrayStringConcat(arraySort(groupArray(action)), ', ') FROM retention_log) AS log
         FROM spans`,
        {},
        budget,
      );
    const again = new Retention({ ...thinOneDay, engine, clock: clockAt(thinOneDay.nowMs), report: () => undefined });
    await again.run();
    expect(await after()).toEqual([{ spans: 1000, failed: 1000, traces: 1000, log: 'judged, thinned' }]);
    await again.run();
    expect(await after()).toEqual([{ spans: 1000, failed: 1000, traces: 1000, log: 'judged, thinned' }]);
  } finally {
    await engine.close();
    await rm(directory, { recursive: true });
  }
});
