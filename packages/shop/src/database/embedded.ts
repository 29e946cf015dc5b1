import { readFile, rename, writeFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';

/**
 * PGlite in memory. Making an empty PostgreSQL cluster takes seconds, opening a saved one under a second: the first one made is kept
 * in this package's `dist`, under the name of PGlite's version.
 */
export async function createDatabase(): Promise<PGlite> {
  const file = new URL(`../../dist/empty-cluster-${await pgliteVersion()}.tar`, import.meta.url);
  const saved = await readIfPresent(file);
  if (saved !== undefined) return PGlite.create({ loadDataDir: new Blob([saved]) });
  const made = await PGlite.create();
  const dump = await made.dumpDataDir('none');
  // Two that start at once must not read half of each other's file.
  const unfinished = new URL(`${file.href}.${process.pid}`);
  await writeFile(unfinished, Buffer.from(await dump.arrayBuffer()));
  await rename(unfinished, file);
  return made;
}

async function readIfPresent(file: URL): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function pgliteVersion(): Promise<string> {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  return (JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version;
}
