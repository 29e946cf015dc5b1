import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColumnBatch, type NativeTable } from '@sonde/otlp';
import {
  contentErrorNames,
  type Disk,
  type Engine,
  ItemLedger,
  Loader,
  migrate,
  nodeDisk,
  openEngine,
  Spool,
  systemClock,
} from '@sonde/store';
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

/** The Native tables of one request of spans, all of one name or each of its own. */
function tablesOf(name: string | readonly string[], startTimesMs: readonly number[]): NativeTable[] {
  const spans = startTimesMs.map((startMs, index) => ({
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: (index + 1).toString(16).padStart(16, '0'),
    name: typeof name === 'string' ? name : name[index],
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 5}000000`,
  }));
  const batch = createColumnBatch();
  batch.append('traces', 'json', Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })), Date.now());
  return batch.take();
}

function ignore(): void {}

let starts = 0;

async function openSpool(name: string, disk = nodeDisk, bytesMax = 1e9) {
  const directory = join(folder, name);
  const ledger = new ItemLedger();
  const random = (++starts).toString(16).padStart(8, '0');
  const spool = await Spool.open({ directory, bytesMax, random, disk, clock: systemClock, ledger, report: ignore });
  return { directory, ledger, spool };
}

/** Commits the sets, loads them with the real engine, and says what became of them. */
async function load(
  name: string,
  sets: readonly (readonly NativeTable[])[],
  overrides: { disk?: Disk; bytesMax?: number } = {},
) {
  const { directory, ledger, spool } = await openSpool(name, overrides.disk, overrides.bytesMax);
  for (const set of sets) {
    await spool.commit(set);
    ledger.acknowledged('traces', set.find((table) => table.table === 'spans')?.rows ?? 0, 0, '');
  }
  const limits = { setsMax: 100, rowsMax: 1e6, bytesMax: 1e9 };
  const loader = new Loader({ spool, engine, clock: systemClock, report: ignore, limits, pauseMs: 1 });
  loader.start();
  await loader.stop(20_000);
  return {
    stored: await storedOf(name),
    ledger: ledger.snapshot(),
    files: spool.usage.files,
    quarantine: await readdir(join(directory, 'quarantine')),
  };
}

const storedOf = (prefix: string): Promise<{ name: string; rows: string }[]> =>
  engine.query(
    'SELECT name, toString(count()) AS rows FROM spans WHERE startsWith(name, {prefix:String}) GROUP BY name ORDER BY name',
    { prefix },
    budget,
  );

function withSpans(tables: readonly NativeTable[], damage: (bytes: Buffer) => Uint8Array): NativeTable[] {
  return tables.map((table) => (table.table === 'spans' ? { ...table, bytes: damage(Buffer.from(table.bytes)) } : table));
}

const now = Date.now();

// First, while the table has few parts: a column that goes is a rewrite of each.
describe('what is not the content', () => {
  test.each([
    [
      'a column that somebody dropped',
      'ALTER TABLE spans DROP COLUMN dropped_links_count',
      'ALTER TABLE spans ADD COLUMN dropped_links_count UInt32',
    ],
    ['a table that somebody renamed', 'RENAME TABLE spans TO elsewhere', 'RENAME TABLE elsewhere TO spans'],
    [
      'a view that refuses',
      `CREATE MATERIALIZED VIEW refusing ENGINE = MergeTree ORDER BY tuple() AS SELECT throwIf(CAST(name, 'String') = 'elsewhere 2') AS x FROM spans`,
      'DROP TABLE refusing',
    ],
  ])('%s: nothing is quarantined, and the load succeeds when it is mended', async (what, harm, mend) => {
    const name = `elsewhere ${what}`;
    const { spool, ledger } = await openSpool(name);
    await spool.commit(tablesOf([`${name} 1`, 'elsewhere 2'], [now, now]));
    ledger.acknowledged('traces', 2, 0, '');
    const limits = { setsMax: 100, rowsMax: 1e6, bytesMax: 1e9 };
    const loader = new Loader({ spool, engine, clock: systemClock, report: ignore, limits, pauseMs: 1 });
    await engine.command(harm);
    loader.start();
    await expect.poll(() => loader.failures, { timeout: 5_000 }).toBeGreaterThan(1);
    await engine.command(mend);
    await loader.stop(20_000);
    expect(ledger.snapshot().counters.traces).toMatchObject({ received: 2, stored: 2, pending: 0, quarantined: 0 });
    expect(await storedOf(name)).toEqual([{ name: `${name} 1`, rows: '1' }]);
    expect(await readdir(join(folder, name, 'quarantine'))).toEqual([]);
  });
});

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

describe('single rows that the engine refuses', () => {
  const constraint = 'no_poison';
  const addConstraint = () =>
    engine.command(`ALTER TABLE spans ADD CONSTRAINT ${constraint} CHECK NOT endsWith(name, ' poison')`);
  const dropConstraint = () => engine.command(`ALTER TABLE spans DROP CONSTRAINT IF EXISTS ${constraint}`);
  beforeAll(addConstraint);
  afterAll(dropConstraint);

  /** `count` spans named by their places, those at `poisoned` so that the engine refuses them. */
  const spansOf = (prefix: string, count: number, poisoned: readonly number[]): NativeTable[] =>
    tablesOf(
      Array.from({ length: count }, (_, i) => `${prefix} ${i}${poisoned.includes(i) ? ' poison' : ''}`),
      Array.from({ length: count }, () => now),
    );
  const rowFiles = (quarantine: readonly string[]): string[] =>
    quarantine.filter((file) => /\.spans\.\d+-\d+\.native$/.test(file));

  test.each<[string, readonly number[]]>([
    ['one', [3]],
    ['the first', [0]],
    ['the last', [9]],
    ['several', [0, 1, 4, 9]],
    ['all', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('%s of ten: quarantined with bytes and reason, its neighbours are stored', async (which, poisoned) => {
    const name = `row ${which}`;
    const whole = spansOf(`${name} b`, 10, poisoned);
    const { stored, ledger, files, quarantine } = await load(name, [
      tablesOf(`${name} before`, [now, now]),
      whole,
      tablesOf(`${name} after`, [now]),
    ]);
    const good = Array.from({ length: 10 }, (_, i) => i).filter((i) => !poisoned.includes(i));
    expect(stored).toEqual([
      { name: `${name} after`, rows: '1' },
      ...good.map((i) => ({ name: `${name} b ${i}`, rows: '1' })),
      { name: `${name} before`, rows: '2' },
    ]);
    const { length } = poisoned;
    expect(ledger.counters.traces).toEqual({
      received: 13,
      stored: 13 - length,
      pending: 0,
      rejected: 0,
      refused: 0,
      quarantined: length,
    });
    expect(ledger.drops).toEqual([
      { signal: 'traces', outcome: 'quarantined', reason: 'refused by the store (VIOLATED_CONSTRAINT)', items: length },
    ]);
    expect(files).toBe(0);
    expect(await readdir(join(folder, name))).toEqual(['quarantine']);

    // ClickHouse reads from each file the very row that stood in the whole.
    const wholeFile = join(folder, `${name}.native`);
    await writeFile(wholeFile, whole.find(({ table }) => table === 'spans')?.bytes ?? '');
    const rows = (file: string) => engine.query(`SELECT * FROM file('${file}', 'Native')`, {}, budget);
    const expected = await rows(wholeFile);
    const kept = rowFiles(quarantine);
    expect(kept.map((file) => file.split('.')[2])).toEqual(poisoned.map((i) => `${i}-${i + 1}`));
    for (const [index, file] of kept.entries()) {
      const path = join(folder, name, 'quarantine', file);
      expect(await rows(path)).toEqual([expected[poisoned[index] ?? -1]]);
      const reason = await readFile(`${path}.reason.txt`, 'utf8');
      expect(reason).toMatch(/^refused by the store \(VIOLATED_CONSTRAINT\): .*is violated at row 1/);
      expect(reason.length).toBeLessThan(1000);
    }
  });

  test('more than 100: the first are isolated, then ranges and whole files go, and every row is counted', async () => {
    const many = Array.from({ length: 300 }, (_, i) => i);
    const { stored, ledger, quarantine } = await load('row many', [
      spansOf(
        'row many a',
        400,
        many.map((i) => i + 50),
      ),
      spansOf('row many b', 8, [3]),
      spansOf('row many c', 5, []),
    ]);
    const { received, stored: storedRows, pending, quarantined } = ledger.counters.traces;
    expect({ received, pending }).toEqual({ received: 413, pending: 0 });
    expect(storedRows + quarantined).toBe(413);
    expect(stored.length).toBe(storedRows);
    expect(stored.filter(({ name }) => name.endsWith('poison'))).toEqual([]);
    // Before the bound, each good row; behind it, those of the ranges in which there is no poison.
    expect(stored.filter(({ name }) => name.startsWith('row many a'))).toHaveLength(50);
    expect(stored.filter(({ name }) => name.startsWith('row many c'))).toHaveLength(5);
    const kept = quarantine.filter((file) => file.endsWith('.native'));
    expect(kept.length).toBeLessThan(100 + 20);
    const rowsKept = kept
      .map((file) => file.split('.')[2]?.split('-').map(Number) ?? [])
      .map(([a = 0, b]) => (b === undefined ? a : b - a));
    expect(rowsKept.reduce((sum, rows) => sum + rows, 0)).toBe(quarantined);
    for (const file of kept) expect(quarantine).toContain(`${file}.reason.txt`);
  });

  test('a full disk while rows go to quarantine: nothing is lost, and it is tried again', async () => {
    let failures = 0;
    const disk: Disk = {
      ...nodeDisk,
      async writeDurably(path, bytes) {
        if (path.includes('.reason.txt') && ++failures <= 2) {
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        }
        await nodeDisk.writeDurably(path, bytes);
      },
    };
    const { stored, ledger, quarantine } = await load('row full', [spansOf('row full', 4, [2])], { disk });
    expect(failures).toBeGreaterThan(2);
    expect(stored.map(({ name }) => name)).toEqual(['row full 0', 'row full 1', 'row full 3']);
    expect(ledger.counters.traces).toMatchObject({ received: 4, stored: 3, pending: 0, quarantined: 1 });
    expect(rowFiles(quarantine)).toHaveLength(1);
  });

  test('a kill at any disk operation, and a store that then takes what it refused, store no row twice', async () => {
    let operations = Number.POSITIVE_INFINITY;
    for (let end = 12; end <= operations; end += 3) {
      const name = `row kill ${end}`;
      await addConstraint().catch(() => undefined);
      let calls = 0;
      const dying = Object.fromEntries(
        Object.entries(nodeDisk).map(([operation, call]: [string, (...args: never[]) => Promise<unknown>]) => [
          operation,
          async (...args: never[]) => {
            if (++calls >= end) throw Object.assign(new Error('killed'), { code: 'EKILLED' });
            return await call(...args);
          },
        ]),
      ) as unknown as Disk;
      const { spool, ledger } = await openSpool(name, nodeDisk);
      await spool.commit(spansOf(`${name} a`, 4, [1]));
      await spool.commit(spansOf(`${name} b`, 2, []));
      expect(ledger.snapshot().counters.traces.received).toBe(0);
      const limits = { setsMax: 100, rowsMax: 1e6, bytesMax: 1e9 };
      const run = async (disk: Disk, graceMs: number) => {
        const opened = await openSpool(name, disk).catch(() => undefined);
        if (!opened) return undefined;
        const loader = new Loader({ spool: opened.spool, engine, clock: systemClock, report: ignore, limits, pauseMs: 1 });
        loader.start();
        await loader.stop(graceMs);
        return opened;
      };
      await run(dying, 60);
      if (calls < end) operations = calls;
      await dropConstraint();
      const second = await run(nodeDisk, 10_000);
      const stored = await storedOf(name);
      expect(
        stored.filter(({ rows }) => rows !== '1'),
        `rows twice after an end at ${end}`,
      ).toEqual([]);
      const kept = rowFiles(await readdir(join(folder, name, 'quarantine')));
      expect(stored.length + kept.length, `end at ${end}`).toBe(6);
      expect(second?.ledger.snapshot().counters.traces).toMatchObject({ pending: 0 });
    }
    expect(operations).toBeGreaterThan(40);
    expect(operations).toBeLessThan(400);
    await addConstraint();
  });

  test('a quarantined row is loaded by hand once the store takes it, and once only', async () => {
    const { quarantine } = await load('row again', [spansOf('row again', 3, [1])]);
    const [file = ''] = rowFiles(quarantine);
    const path = join(folder, 'row again', 'quarantine', file);
    await dropConstraint();
    // As docs/formats/spool.md says.
    for (let times = 0; times < 2; times++) await engine.insertFiles('spans', [path], `again ${file}`);
    await addConstraint();
    expect(await storedOf('row again')).toEqual(
      ['row again 0', 'row again 1 poison', 'row again 2'].map((name) => ({ name, rows: '1' })),
    );
  });
});

test('every code that counts as content has the name that the engine gives it', async () => {
  for (const [code, name] of contentErrorNames) {
    const [row] = await engine.query<{ name: string }>('SELECT errorCodeToName({code:Int32}) AS name', { code }, budget);
    expect(row?.name).toBe(name);
  }
});
