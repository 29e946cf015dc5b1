import { cp, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Disk, nodeDisk } from './disk.ts';
import { SpoolFull } from './spool.ts';
import { faultyDisk, openSpool, tableOf, temporaryFolder } from '../testing/spool.ts';

/** What another process would find there now. */
async function copyOf(directory: string): Promise<string> {
  const copy = await temporaryFolder();
  await cp(directory, copy, { recursive: true });
  return copy;
}

describe('spool', () => {
  it('(1) commits only after every file and the directory are fsynced', async () => {
    const directory = await temporaryFolder();
    const steps: string[] = [];
    const disk: Disk = {
      ...nodeDisk,
      async writeDurably(path, bytes) {
        await nodeDisk.writeDurably(path, bytes);
        if (!path.includes('probe')) steps.push('file fsynced');
      },
      async rename(from, to) {
        await nodeDisk.rename(from, to);
        steps.push(to.endsWith('.set.json') ? 'manifest named' : 'table named');
      },
      async syncDirectory(path) {
        await nodeDisk.syncDirectory(path);
        steps.push('directory fsynced');
      },
    };
    const { spool } = await openSpool(directory, { disk });
    steps.length = 0;
    await spool.commit([tableOf('spans', 2), tableOf('resources', 1)]);
    steps.push('resolved');
    expect(steps).toEqual(
      'file fsynced, file fsynced, file fsynced, table named, table named, manifest named, directory fsynced, resolved'.split(
        ', ',
      ),
    );
  });

  it.each([
    ['ENOSPC while a table is written', 'writeDurably', '.spans.', 'ENOSPC'],
    ['EIO from the fsync of a table', 'writeDurably', '.spans.', 'EIO'],
    ['ENOSPC while the manifest is written', 'writeDurably', '.set.json', 'ENOSPC'],
    ['ENOSPC on the rename of a table', 'rename', '.spans.', 'ENOSPC'],
    ['EIO on the rename of the manifest', 'rename', '.set.json', 'EIO'],
    ['EIO from the fsync of the directory', 'syncDirectory', '', 'EIO'],
  ] as const)('(1) keeps nothing after %s', async (_, operation, part, code) => {
    const directory = await temporaryFolder();
    let armed = false;
    const disk = faultyDisk((_call, called, path) =>
      armed && called === operation && path.includes(part) ? { code, torn: true } : undefined,
    );
    const { spool } = await openSpool(directory, { disk });
    armed = true;
    await expect(spool.commit([tableOf('spans', 2), tableOf('resources', 1)])).rejects.toMatchObject({ code });
    expect(spool.waiting).toEqual([]);
    expect((await openSpool(await copyOf(directory))).spool.waiting).toEqual([]);
    armed = false;
    await spool.commit([tableOf('spans', 3)]);
    expect(spool.waiting.map((set) => set.files[0]?.rows)).toEqual([3]);
    expect(spool.usage).toMatchObject({ bytes: 8192, files: 2 });
    expect(await readdir(directory)).toHaveLength(3);
  });

  it('(1) counts what it could not take back, until it can', async () => {
    const directory = await temporaryFolder();
    let armed = false;
    const disk = faultyDisk((_call, called, path) => {
      if (!armed || !path.includes('.set.json')) return undefined;
      return called === 'remove' || called === 'rename' ? { code: 'EIO' } : undefined;
    });
    const { spool } = await openSpool(directory, { disk });
    armed = true;
    await expect(spool.commit([tableOf('spans', 2)])).rejects.toMatchObject({ code: 'EIO' });
    expect(spool.usage.bytes).toBe(8192);
    armed = false;
    await spool.sweep();
    expect(spool.usage.bytes).toBe(0);
    expect(await readdir(directory)).toEqual(['quarantine']);
  });

  it('(2) refuses what would pass the limit, and takes it again when there is room', async () => {
    const directory = await temporaryFolder();
    const { spool } = await openSpool(directory, { bytesMax: 20_000 });
    const big = tableOf('spans', 1, 'x'.repeat(10_000));
    await spool.commit([big]);
    expect(spool.hasRoomFor(10_000)).toBe(false);
    await expect(spool.commit([big])).rejects.toBeInstanceOf(SpoolFull);
    expect(spool.usage.bytes).toBeLessThanOrEqual(20_000);
    const plan = spool.plan(1);
    await spool.fix(plan);
    await spool.finish(plan);
    expect(spool.usage.bytes).toBe(0);
    await spool.commit([big]);
  });

  it('(2) counts many tiny sets by the blocks they take', async () => {
    const directory = await temporaryFolder();
    const { spool } = await openSpool(directory, { bytesMax: 3 * 2 * 4096 });
    for (let set = 0; set < 3; set++) await spool.commit([tableOf('logs', 1)]);
    await expect(spool.commit([tableOf('logs', 1)])).rejects.toBeInstanceOf(SpoolFull);
  });

  it('(2) goes on counting what is in quarantine, over a restart', async () => {
    const directory = await temporaryFolder();
    const { spool, ledger } = await openSpool(directory);
    await spool.commit([tableOf('logs', 7, 'x'.repeat(8192))]);
    ledger.acknowledged('logs', 7, 0, '');
    const plan = spool.plan(1);
    const [set] = plan.sets;
    const [file] = set?.files ?? [];
    if (!set || !file) throw new Error('nothing was committed');
    await spool.fix(plan);
    await spool.quarantine(set.id, file, 'refused by the store');
    await spool.finish(plan);
    expect(spool.usage.bytes).toBe(8192 + 4096);
    expect(ledger.snapshot().counters.logs).toMatchObject({ received: 7, stored: 0, pending: 0, quarantined: 7 });
    expect(ledger.snapshot().drops).toEqual([
      { signal: 'logs', outcome: 'quarantined', reason: 'refused by the store', items: 7 },
    ]);
    const again = await openSpool(directory);
    expect(again.spool.usage.bytes).toBe(8192 + 4096);
  });

  it('(3) has the plan on disk when fix() resolves, and gives a set to one plan only', async () => {
    const directory = await temporaryFolder();
    const { spool } = await openSpool(directory);
    for (let rows = 1; rows <= 3; rows++) await spool.commit([tableOf('spans', rows)]);
    const plan = spool.plan(2);
    await spool.fix(plan);
    expect(await readdir(directory)).toContain(`${plan.id}.load.json`);
    expect(plan.sets).toHaveLength(2);
    expect(spool.waiting).toHaveLength(1);
    expect(spool.plan(9).sets.map((set) => set.files[0]?.rows)).toEqual([3]);
  });

  it('(4) hands sets out in the order of their commits, those of an earlier process first, even after the clock was set back', async () => {
    const directory = await temporaryFolder();
    const first = await openSpool(directory);
    for (let rows = 1; rows <= 12; rows++) await first.spool.commit([tableOf('spans', rows)]);
    const anHourAgo = {
      nowMs: () => Date.now() - 3_600_000,
      elapsedMs: () => 0,
      after: () => () => undefined,
      sleep: async () => undefined,
    };
    const second = await openSpool(directory, { clock: anHourAgo });
    await second.spool.commit([tableOf('spans', 13)]);
    const third = await openSpool(directory);
    const rows = (spool: typeof third.spool): unknown[] => spool.waiting.map((set) => set.files[0]?.rows);
    expect(rows(second.spool)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(rows(third.spool)).toEqual(rows(second.spool));
  });

  it('(5) fsyncs the mark before files go, and their going before the mark goes', async () => {
    const steps: string[] = [];
    const disk: Disk = {
      ...nodeDisk,
      async rename(from, to) {
        await nodeDisk.rename(from, to);
        if (to.endsWith('.done.json')) steps.push('marked');
      },
      async syncDirectory(path) {
        await nodeDisk.syncDirectory(path);
        steps.push('fsynced');
      },
      async remove(path) {
        await nodeDisk.remove(path);
        steps.push(path.endsWith('.done.json') ? 'mark removed' : 'file removed');
      },
    };
    const { spool } = await openSpool(await temporaryFolder(), { disk });
    await spool.commit([tableOf('spans', 2)]);
    const plan = spool.plan(1);
    await spool.fix(plan);
    steps.length = 0;
    await spool.finish(plan);
    expect(steps).toEqual(['marked', 'fsynced', 'file removed', 'file removed', 'fsynced', 'mark removed']);
  });

  it('(5) removes later what it cannot remove now, and counts it until then', async () => {
    const directory = await temporaryFolder();
    let stuck = false;
    const disk = faultyDisk((_, operation) => (stuck && operation === 'remove' ? { code: 'EIO' } : undefined));
    const { spool } = await openSpool(directory, { disk });
    await spool.commit([tableOf('spans', 2)]);
    const plan = spool.plan(1);
    await spool.fix(plan);
    stuck = true;
    await spool.finish(plan);
    expect(spool.usage).toMatchObject({ bytes: 8192, files: 0 });
    expect((await openSpool(await copyOf(directory))).spool.waiting).toEqual([]);
    stuck = false;
    await spool.sweep();
    expect(spool.usage.bytes).toBe(0);
    expect(await readdir(directory)).toEqual(['quarantine']);
  });

  it('(5) can be told twice that a plan is finished, when the fsync of the mark failed', async () => {
    const directory = await temporaryFolder();
    let failing = false;
    const disk = faultyDisk((_, operation) => (failing && operation === 'syncDirectory' ? { code: 'EIO' } : undefined));
    const { spool } = await openSpool(directory, { disk });
    await spool.commit([tableOf('spans', 2)]);
    const plan = spool.plan(1);
    await spool.fix(plan);
    failing = true;
    await expect(spool.finish(plan)).rejects.toMatchObject({ code: 'EIO' });
    expect(await readdir(directory)).toHaveLength(4);
    failing = false;
    await spool.finish(plan);
    expect(await readdir(directory)).toEqual(['quarantine']);
  });
});
