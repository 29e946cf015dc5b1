import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColumnBatch, type NativeTable } from '@sonde/otlp';
import { type Engine, ItemLedger, Loader, migrate, nodeDisk, openEngine, Spool, systemClock } from '@sonde/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const budget = { timeMs: 10_000, memoryBytes: 1e9, rowsMax: 1e7 };
let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-poison-'));
  engine = await openEngine({ path: join(folder, 'db'), database: 'sonde_default' });
  await migrate(engine);
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** The Native tables of one request of spans. */
function tablesOf(name: string, startTimesMs: readonly number[]): NativeTable[] {
  const spans = startTimesMs.map((startMs, index) => ({
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: (index + 1).toString(16).padStart(16, '0'),
    name,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 5}000000`,
  }));
  const batch = createColumnBatch();
  batch.append('traces', 'json', Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })), Date.now());
  return batch.take();
}

function ignore(): void {}

/** Commits the sets, loads them with the real engine, and says what became of them. */
async function load(name: string, sets: readonly (readonly NativeTable[])[]) {
  const directory = join(folder, name);
  const ledger = new ItemLedger();
  const spool = await Spool.open({
    directory,
    bytesMax: 1e9,
    random: 'a0b1c2d3',
    disk: nodeDisk,
    clock: systemClock,
    ledger,
    report: ignore,
  });
  for (const set of sets) {
    await spool.commit(set);
    ledger.acknowledged('traces', set.find((table) => table.table === 'spans')?.rows ?? 0, 0, '');
  }
  const limits = { setsMax: 100, rowsMax: 1e6, bytesMax: 1e9 };
  const loader = new Loader({ spool, engine, clock: systemClock, report: ignore, limits, pauseMs: 1 });
  loader.start();
  await loader.stop(20_000);
  const stored = await engine.query<{ name: string; rows: string }>(
    'SELECT name, toString(count()) AS rows FROM spans WHERE startsWith(name, {prefix:String}) GROUP BY name ORDER BY name',
    { prefix: name },
    budget,
  );
  return {
    stored,
    ledger: ledger.snapshot(),
    files: spool.usage.files,
    quarantine: await readdir(join(directory, 'quarantine')),
  };
}

function withSpans(tables: readonly NativeTable[], damage: (bytes: Buffer) => Uint8Array): NativeTable[] {
  return tables.map((table) => (table.table === 'spans' ? { ...table, bytes: damage(Buffer.from(table.bytes)) } : table));
}

const now = Date.now();

describe('what the engine refuses for its content', () => {
  test.each([
    ['bytes that are no Native block', () => Buffer.from('this is no block of columns, whatever it is')],
    ['a block that ends in the middle', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    [
      'a column of an unknown type',
      (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('DateTime64(9)', 'DateTomb64(9)'), 'latin1'),
    ],
  ])('%s: quarantined alone, its neighbours are stored', async (what, damage) => {
    const name = `poison ${what}`;
    const { stored, ledger, files, quarantine } = await load(name, [
      tablesOf(`${name} before`, [now, now]),
      withSpans(tablesOf(`${name} bad`, [now, now, now]), damage),
      tablesOf(`${name} after`, [now]),
    ]);
    expect(stored).toEqual([
      { name: `${name} after`, rows: '1' },
      { name: `${name} before`, rows: '2' },
    ]);
    expect(ledger.counters.traces).toMatchObject({ received: 6, stored: 3, pending: 0, quarantined: 3 });
    expect(ledger.drops[0]?.reason).toMatch(/^refused by the store \([A-Z_]+\)$/);
    expect(files).toBe(0);
    const reason = quarantine.find((file) => file.endsWith('.reason.txt'));
    expect(await readFile(join(folder, name, 'quarantine', String(reason)), 'utf8')).toContain('DB::Exception');
  });

  test('500 different days in one batch, and clocks ten years off, cost nobody a row', async () => {
    const day = 86_400_000;
    const days = Array.from({ length: 500 }, (_, index) => now - index * day);
    const { stored, ledger } = await load('days', [
      tablesOf('days many', days),
      tablesOf('days off', [now - 3650 * day, now + 3650 * day, 0]),
      tablesOf('days same', [now, now]),
    ]);
    expect(stored).toEqual([
      { name: 'days many', rows: '500' },
      { name: 'days off', rows: '3' },
      { name: 'days same', rows: '2' },
    ]);
    expect(ledger.counters.traces).toMatchObject({ received: 505, stored: 505, quarantined: 0 });
  });
});
