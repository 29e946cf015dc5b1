import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { faultyDisk, temporaryFolder } from '../testing/spool.ts';
import { reserveName, withReserve } from './reserve.ts';

it('(1) gives the reserve up for a plan, and for nothing that a sender waits for', async () => {
  const directory = await temporaryFolder();
  let full = false;
  let failures = 0;
  const disk = await withReserve(
    faultyDisk((_, operation) => (full && operation === 'writeDurably' && failures++ === 0 ? { code: 'ENOSPC' } : undefined)),
    directory,
  );
  expect((await stat(join(directory, reserveName))).size).toBe(1024 ** 2);
  full = true;
  await expect(disk.writeDurably(join(directory, '1.spans.3.native.tmp'), Buffer.from('x'))).rejects.toThrow(/ENOSPC/);
  failures = 0;
  await expect(disk.writeDurably(join(directory, '1.set.json.tmp'), Buffer.from('x'))).rejects.toThrow(/ENOSPC/);
  expect(await readdir(directory)).toEqual([reserveName]);
  failures = 0;
  await disk.writeDurably(join(directory, '1.load.json.tmp'), Buffer.from('x'));
  expect(await readdir(directory)).toEqual(['1.load.json.tmp']);
});

it('(2) lays the reserve in again when a load has freed space, or a sender needs some, as soon as there is room', async () => {
  const directory = await temporaryFolder();
  let failing = 0;
  const disk = await withReserve(
    faultyDisk((_, operation) => (operation === 'writeDurably' && failing-- > 0 ? { code: 'ENOSPC', torn: true } : undefined)),
    directory,
  );
  failing = 1;
  await disk.writeDurably(join(directory, '1.load.json'), Buffer.from('x'));
  failing = 1;
  await disk.remove(join(directory, '1.done.json'));
  expect(await readdir(directory)).toEqual(['1.load.json']);
  await disk.remove(join(directory, '1.spans.3.native'));
  expect(await readdir(directory)).toEqual(['1.load.json']);
  await disk.remove(join(directory, '2.done.json'));
  expect(await readdir(directory)).toEqual(['1.load.json', reserveName]);

  failing = 1;
  await disk.writeDurably(join(directory, '1.load.json'), Buffer.from('x'));
  failing = 1;
  await expect(disk.writeDurably(join(directory, '3.set.json'), Buffer.from('x'))).rejects.toThrow(/ENOSPC/);
  expect(await readdir(directory)).toEqual(['1.load.json']);
  await disk.writeDurably(join(directory, '3.set.json'), Buffer.from('x'));
  expect(await readdir(directory)).toEqual(['1.load.json', '3.set.json', reserveName]);
});
