import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockDirectory, SpoolInUse } from './lock.ts';
import { temporaryFolder } from '../testing/spool.ts';

it('(1) refuses a second holder, by whatever path, until the first lets go', async () => {
  const directory = await temporaryFolder();
  const release = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toBeInstanceOf(SpoolInUse);
  const alias = join(await temporaryFolder(), 'alias');
  await symlink(directory, alias);
  await expect(lockDirectory(alias)).rejects.toThrow(/in use by another collector/);
  await release();
  await (
    await lockDirectory(directory)
  )();
});

it('(2) is free again when its holder was killed', async () => {
  const directory = await temporaryFolder();
  const holder = spawn(process.execPath, [
    '--conditions=@sonde/source',
    '--import=tsx',
    '--input-type=module',
    '--eval',
    `const { lockDirectory } = await import(${JSON.stringify(new URL('lock.ts', import.meta.url).href)});
     await lockDirectory(process.argv[1]); console.log('held'); setInterval(() => {}, 1000);`,
    directory,
  ]);
  await once(holder.stdout, 'data');
  await expect(lockDirectory(directory)).rejects.toBeInstanceOf(SpoolInUse);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await (
    await lockDirectory(directory)
  )();
});
