import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createColumnBatch, type NativeTable } from '@sonde/otlp';
import { expect, it } from 'vitest';
import { openSpool, tableOf, temporaryFolder } from '../testing/spool.ts';
import { loadEverything, ModelEngine } from '../testing/engine.ts';
import { isolatedRowsMax } from './table-load.ts';

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

it('quarantines a refused file that is no block whole, with the reason, and stores its neighbours and its other tables', async () => {
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

it('(4) leaves everything in place on a failure that may pass', async () => {
  const { spool, ledger } = await spoolOf('a');
  const engine = new ModelEngine();
  engine.fault = () => passing;
  await expect(loadEverything(spool, engine)).rejects.toBe(passing);
  expect(ledger.snapshot().counters.metrics).toMatchObject({ pending: 10, quarantined: 0 });
});

const violation = Object.assign(new Error('Constraint is violated'), { code: '469', type: 'VIOLATED_CONSTRAINT' });

/** Log records whose bodies are the given texts. */
function logsOf(...texts: string[]): NativeTable[] {
  const logRecords = texts.map((text) => ({ body: { stringValue: text } }));
  const batch = createColumnBatch();
  batch.append('logs', 'json', Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })), 0);
  return batch.take();
}

const bodiesIn = (rows: readonly string[]): string[] => rows.flatMap((row) => row.match(/(good|bad) \d+/g) ?? []);
const refuseBad = (texts: readonly string[]): Error | undefined =>
  texts.some((text) => text.includes('bad ')) ? violation : undefined;

it('(2) never shows a refused token to the store again, which would take it now', async () => {
  const directory = await temporaryFolder();
  const { spool, ledger } = await openSpool(directory);
  await spool.commit(logsOf('good 1', 'bad 2', 'good 3', 'good 4'));
  const engine = new ModelEngine();
  const refusedTokens = new Set<string>();
  let inserted = 0;
  engine.fault = (texts) => {
    const { table = '', token = '' } = engine.attempts.at(-1) ?? {};
    const error = refuseBad(texts);
    if (error) refusedTokens.add(`${table} ${token}`);
    // The process ends after the first piece was stored.
    else if (texts.join('').includes('good') && ++inserted === 2) return passing;
    return error;
  };
  await expect(loadEverything(spool, engine)).rejects.toBe(passing);
  expect(ledger.snapshot().counters.logs.quarantined).toBeLessThanOrEqual(1);
  expect(refusedTokens.size).toBeGreaterThan(1);

  const triedBefore = engine.attempts.length;
  engine.fault = () => undefined;
  const again = await openSpool(directory);
  await loadEverything(again.spool, engine);
  for (const { table, token } of engine.attempts.slice(triedBefore)) expect(refusedTokens).not.toContain(`${table} ${token}`);
  expect(bodiesIn(engine.rowsOf('logs')).toSorted()).toEqual(['good 1', 'good 3', 'good 4']);
  expect(again.ledger.snapshot().counters.logs).toMatchObject({ pending: 0 });
  expect((await readdir(join(directory, 'quarantine'))).map((name) => name.split('.').slice(1).join('.'))).toEqual([
    'logs.1-2.native',
    'logs.1-2.native.reason.txt',
  ]);
});

it('(3) isolates a bounded number of rows, and puts the rest aside in ranges and whole files', async () => {
  const directory = await temporaryFolder();
  const { spool, ledger } = await openSpool(directory);
  const texts = Array.from({ length: 4 * isolatedRowsMax }, (_, i) => `${i % 2 === 0 ? 'good' : 'bad'} ${i}`);
  for (let set = 0; set < 2; set++) {
    await spool.commit(logsOf(...texts));
    ledger.acknowledged('logs', texts.length, 0, '');
  }
  const engine = new ModelEngine();
  engine.fault = refuseBad;
  await loadEverything(spool, engine);
  const { stored, pending, quarantined, received } = ledger.snapshot().counters.logs;
  expect({ received, pending }).toEqual({ received: 2 * texts.length, pending: 0 });
  expect(stored).toBe(engine.rowsOf('logs').length);
  expect(stored + quarantined).toBe(received);
  const files = (await readdir(join(directory, 'quarantine'))).filter((name) => name.endsWith('.native'));
  expect(files.length).toBeGreaterThan(isolatedRowsMax);
  expect(files.length).toBeLessThan(isolatedRowsMax + 20);
});

it('(4) leaves a well-formed block alone when the store cannot read or does not know its shape', async () => {
  const { spool, ledger } = await openSpool(await temporaryFolder());
  await spool.commit(logsOf('good 1', 'good 2'));
  ledger.acknowledged('logs', 2, 0, '');
  const engine = new ModelEngine();
  engine.fault = () => refusal;
  await expect(loadEverything(spool, engine)).rejects.toBe(refusal);
  expect(ledger.snapshot().counters.logs).toMatchObject({ pending: 2, quarantined: 0 });
});
