import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSpool, tableOf, temporaryFolder } from '../testing/spool.ts';
import { loadEverything, ModelEngine } from '../testing/engine.ts';

const refusal = Object.assign(new Error('Cannot read all data'), { code: '33', type: 'CANNOT_READ_ALL_DATA' });
const passing = Object.assign(new Error('Memory limit exceeded'), { code: '241', type: 'MEMORY_LIMIT_EXCEEDED' });

async function spoolOf(...names: string[]): ReturnType<typeof openSpool> {
  const opened = await openSpool(await temporaryFolder());
  for (const name of names) {
    await opened.spool.commit([
      tableOf('metric_samples', 10, `samples of ${name}`),
      tableOf('metric_series', 1, `series of ${name}`),
    ]);
    opened.ledger.acknowledged('metrics', 10, 0, '');
  }
  return opened;
}

it('(1) repeats the same tokens, so that a lost answer stores nothing twice', async () => {
  const { spool } = await spoolOf('a', 'b');
  const engine = new ModelEngine();
  engine.lostAnswer = (attempt) => (attempt === 1 ? new Error('socket hang up') : undefined);
  await expect(loadEverything(spool, engine)).rejects.toThrow('socket hang up');
  const again = await openSpool(join(spool.pathOf({ name: '.' })));
  await loadEverything(again.spool, engine);
  expect(engine.rowsOf('metric_samples')).toEqual(['samples of a', 'samples of b']);
  expect(engine.attempts[0]).toEqual(engine.attempts[1]);
});

it('(2) quarantines the refused set alone, with the reason, and stores its neighbours and its other tables', async () => {
  const { spool, ledger } = await spoolOf('good', 'poison', 'fine');
  const engine = new ModelEngine();
  engine.fault = (texts) => (texts.includes('samples of poison') ? refusal : undefined);
  await loadEverything(spool, engine);
  expect(engine.rowsOf('metric_samples')).toEqual(['samples of good', 'samples of fine']);
  expect(engine.rowsOf('metric_series')).toEqual(['series of good', 'series of poison', 'series of fine']);
  const { counters, drops } = ledger.snapshot();
  expect(counters.metrics).toEqual({ received: 30, stored: 20, pending: 0, rejected: 0, refused: 0, quarantined: 10 });
  expect(drops).toEqual([
    { signal: 'metrics', outcome: 'quarantined', reason: 'refused by the store (CANNOT_READ_ALL_DATA)', items: 10 },
  ]);
  const folder = join(spool.pathOf({ name: 'quarantine' }));
  expect((await readdir(folder)).map((name) => name.split('.').slice(1).join('.'))).toEqual([
    'metric_samples.10.native',
    'metric_samples.10.native.reason.txt',
  ]);
});

it('(3) leaves everything in place on a failure that may pass', async () => {
  const { spool, ledger } = await spoolOf('a');
  const engine = new ModelEngine();
  engine.fault = () => passing;
  await expect(loadEverything(spool, engine)).rejects.toBe(passing);
  expect(ledger.snapshot().counters.metrics).toMatchObject({ pending: 10, quarantined: 0 });
});
