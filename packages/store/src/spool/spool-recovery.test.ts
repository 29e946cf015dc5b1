import { readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Loader } from '../loader/loader.ts';
import { loadEverything, ModelEngine } from '../testing/engine.ts';
import { systemClock } from './clock.ts';
import { SpoolTooNew } from './records.ts';
import { sealJson } from './sealed-json.ts';
import { faultyDisk, openSpool, tableOf, temporaryFolder } from '../testing/spool.ts';

/** Three sets of two tables each, acknowledged by a process that is gone. */
async function leftSpool(): Promise<string> {
  const directory = await temporaryFolder();
  const { spool } = await openSpool(directory);
  for (const name of ['a', 'b', 'c']) {
    await spool.commit([tableOf('spans', 10, `spans of ${name}`), tableOf('resources', 1, `resources of ${name}`)]);
  }
  return directory;
}

const named = async (directory: string, part: string): Promise<string> => {
  const name = (await readdir(directory)).toSorted().find((candidate) => candidate.includes(part));
  if (name === undefined) throw new Error(`no file named ${part}`);
  return join(directory, name);
};

describe('recovery', () => {
  it('(1) loads committed sets, removes temporary files and what never got its manifest', async () => {
    const directory = await leftSpool();
    await writeFile(join(directory, '00000000000001-aaaaaaaa-000000001.spans.5.native'), 'rows');
    await writeFile(join(directory, '00000000000001-aaaaaaaa-000000001.set.json.tmp'), 'a manifest that was not renamed');
    await writeFile(join(directory, '00000000000001-aaaaaaaa-000000002.logs.5.native.tmp'), 'half a f');
    const { spool, ledger } = await openSpool(directory);
    const engine = new ModelEngine();
    await loadEverything(spool, engine);
    expect(engine.rowsOf('spans')).toEqual(['spans of a', 'spans of b', 'spans of c']);
    expect(ledger.snapshot().counters.traces).toMatchObject({ received: 30, stored: 30, pending: 0, quarantined: 0 });
    expect(await readdir(directory)).toEqual(['quarantine']);
    expect(await readdir(join(directory, 'quarantine'))).toEqual([]);
  });

  it.each([
    ['a flipped bit', async (path: string) => flip(path), 'damaged file'],
    ['a cut end', async (path: string) => truncate(path, 3), 'damaged file'],
    ['an empty file', async (path: string) => truncate(path, 0), 'damaged file'],
    ['a lost file', async (path: string) => rm(path), 'missing file'],
  ])('(2) quarantines the table with %s, and loads all others', async (_, damage, reason) => {
    const directory = await leftSpool();
    await damage(await named(directory, '.spans.'));
    const { spool, ledger } = await openSpool(directory);
    const engine = new ModelEngine();
    await loadEverything(spool, engine);
    expect(engine.rowsOf('spans')).toEqual(['spans of b', 'spans of c']);
    expect(engine.rowsOf('resources')).toEqual(['resources of a', 'resources of b', 'resources of c']);
    expect(ledger.snapshot().counters.traces).toMatchObject({ received: 30, stored: 20, pending: 0, quarantined: 10 });
    expect(ledger.snapshot().drops).toEqual([{ signal: 'traces', outcome: 'quarantined', reason, items: 10 }]);
  });

  it('(2) quarantines and counts the tables whose manifest is gone', async () => {
    const directory = await leftSpool();
    await rm(await named(directory, '.set.json'));
    const { spool, ledger } = await openSpool(directory);
    const engine = new ModelEngine();
    await loadEverything(spool, engine);
    expect(engine.rowsOf('spans')).toEqual(['spans of b', 'spans of c']);
    expect(ledger.snapshot().counters.traces).toMatchObject({ received: 30, stored: 20, quarantined: 10 });
  });

  it('(2) and (3): a manifest cut at every offset costs that set only, and a second start finds nothing new', async () => {
    const probe = await readFile(await named(await leftSpool(), '.set.json'));
    for (let cut = 0; cut < probe.length; cut += 7) {
      const directory = await leftSpool();
      await truncate(await named(directory, '.set.json'), cut);
      const { spool, ledger } = await openSpool(directory);
      expect(ledger.snapshot().counters.traces).toMatchObject({ received: 30, pending: 20, quarantined: 10 });
      expect(spool.waiting).toHaveLength(2);
      const again = await openSpool(directory);
      expect(again.ledger.snapshot().counters.traces).toMatchObject({ received: 20, pending: 20, quarantined: 0 });
    }
  });

  it('(2) a damaged plan still fixes its sets: what was loaded under it is not loaded again', async () => {
    const directory = await leftSpool();
    const first = await openSpool(directory);
    const engine = new ModelEngine();
    const plan = first.spool.plan(2);
    await first.spool.fix(plan);
    await engine.insertFiles(
      'spans',
      plan.sets.map((set) => first.spool.pathOf(set.files[0] ?? fail())),
      plan.id,
    );
    await truncate(await named(directory, '.load.json'), 5);
    const { spool } = await openSpool(directory);
    await loadEverything(spool, engine);
    expect(engine.rowsOf('spans')).toEqual(['spans of a', 'spans of b', 'spans of c']);
  });

  it('(2) quarantines what a plan has left when its refusals cannot be read: which pieces are stored is not known', async () => {
    const directory = await leftSpool();
    const first = await openSpool(directory);
    const plan = first.spool.plan(2);
    await first.spool.fix(plan);
    await first.spool.refused(plan, { table: 'spans', token: plan.id, next: { kind: 'quarantine', reason: '', details: '' } });
    await truncate(await named(directory, '.refused.json'), 5);
    const { spool, ledger } = await openSpool(directory);
    const engine = new ModelEngine();
    await loadEverything(spool, engine);
    expect(engine.rowsOf('spans')).toEqual(['spans of c']);
    const { counters, drops } = ledger.snapshot();
    expect(counters.traces).toMatchObject({ received: 30, stored: 10, pending: 0, quarantined: 20 });
    expect(drops).toEqual([{ signal: 'traces', outcome: 'quarantined', reason: 'unreadable refusals', items: 20 }]);
    expect(await readdir(directory)).toEqual(['quarantine']);
  });

  it('(1) drops a set whose manifest got its name before its tables did: nobody was answered', async () => {
    const directory = await leftSpool();
    const table = await named(directory, '.spans.');
    await rename(table, `${table}.tmp`);
    const { spool, ledger } = await openSpool(directory);
    const engine = new ModelEngine();
    await loadEverything(spool, engine);
    expect(engine.rowsOf('spans')).toEqual(['spans of b', 'spans of c']);
    expect(ledger.snapshot().counters.traces).toMatchObject({ received: 20, stored: 20, quarantined: 0 });
    expect(await readdir(directory)).toEqual(['quarantine']);
  });

  it('(2) gives a plan the sets that its record names, not what else lies between them', async () => {
    const directory = await leftSpool();
    const first = await openSpool(directory);
    const plan = first.spool.plan(3);
    const [a, , c] = plan.sets;
    if (!a || !c) throw new Error('nothing was committed');
    // The second was written by a commit that failed and could not be taken back.
    await first.spool.fix({ id: plan.id, sets: [a, c] });
    const { spool } = await openSpool(directory);
    expect(spool.recoveredPlans.map((one) => one.sets.map((set) => set.id))).toEqual([[a.id, c.id]]);
    expect(spool.waiting).toHaveLength(1);
  });

  it('refuses a spool that a newer build wrote', async () => {
    const directory = await leftSpool();
    await writeFile(await named(directory, '.set.json'), sealJson({ format: 2, set: {} }));
    await expect(openSpool(directory)).rejects.toBeInstanceOf(SpoolTooNew);
  });

  it('does not touch what it does not know', async () => {
    const directory = await leftSpool();
    await writeFile(join(directory, 'notes.txt'), 'mine');
    await openSpool(directory);
    expect(await readFile(join(directory, 'notes.txt'), 'utf8')).toBe('mine');
  });

  /**
   * The process ends at disk operation number n, for every n of a run that commits, plans, loads and removes; the write under way
   * may be torn. The model database survives, as ClickHouse does.
   */
  it.each([false, true])('(1) survives an end at every disk operation (torn writes: %s)', async (torn) => {
    let operations = Number.POSITIVE_INFINITY;
    for (let end = 1; end <= operations; end++) {
      const directory = await temporaryFolder();
      const engine = new ModelEngine();
      const acknowledged: string[] = [];
      let calls = 0;
      const dying = faultyDisk((call) => {
        calls = call;
        return call >= end ? { code: 'EKILLED', torn: torn && call === end } : undefined;
      });
      try {
        const { spool } = await openSpool(directory, { disk: dying });
        for (const name of ['a', 'b', 'c']) {
          await spool.commit([tableOf('spans', 10, `spans of ${name}`), tableOf('resources', 1, `resources of ${name}`)]);
          acknowledged.push(`spans of ${name}`);
          if (name === 'b') await loadEverything(spool, engine);
        }
        operations = calls;
      } catch (error) {
        expect(error).toMatchObject({ code: 'EKILLED' });
      }
      const { spool, ledger } = await openSpool(directory);
      await loadEverything(spool, engine);
      const rows = engine.rowsOf('spans');
      expect(new Set(rows).size, `rows twice after an end at operation ${end}`).toBe(rows.length);
      expect(rows, `end at operation ${end}`).toEqual(expect.arrayContaining(acknowledged));
      expect(ledger.snapshot().counters.traces).toMatchObject({ pending: 0, quarantined: 0 });
      expect(await readdir(directory)).toEqual(['quarantine']);
    }
    expect(operations).toBeGreaterThan(30);
    expect(operations).toBeLessThan(1000);
  });

  it('(3) leaves the loader working on whatever bytes stand in the files', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const directory = await leftSpool();
      const names = (await readdir(directory)).filter((name) => name !== 'quarantine').toSorted();
      const victim = join(directory, names[seed % names.length] ?? '');
      if (seed % 3 === 0) await rename(victim, `${victim}.tmp`);
      else
        await writeFile(victim, Buffer.from(Array.from({ length: (seed * 37) % 90 }, (_, index) => (index * seed * 31) % 256)));
      const { spool, ledger } = await openSpool(directory);
      await loadEverything(spool, new ModelEngine());
      const { received, stored, quarantined, pending } = ledger.snapshot().counters.traces;
      expect(pending).toBe(0);
      expect(stored + quarantined).toBe(received);
      expect(stored).toBeGreaterThanOrEqual(20);
      expect((await openSpool(directory)).spool.waiting).toEqual([]);
    }
  });

  it('starts a loader on recovered plans without being told', async () => {
    const directory = await leftSpool();
    const first = await openSpool(directory);
    await first.spool.fix(first.spool.plan(2));
    const { spool } = await openSpool(directory);
    const engine = new ModelEngine();
    const limits = { setsMax: 10, rowsMax: 1000, bytesMax: 1e6 };
    const loader = new Loader({ spool, engine, clock: systemClock, report: () => undefined, limits, pauseMs: 1 });
    loader.start();
    await loader.stop(5_000);
    expect(engine.rowsOf('spans')).toHaveLength(3);
  });
});

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[4] = (bytes[4] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

function fail(): never {
  throw new Error('nothing was committed');
}
