import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../shared/vectors/', import.meta.url);

/** Whether the test vectors, which are not part of this repository, lie beside it. In CI they must. */
export function haveVectors(): boolean {
  const found = existsSync(folder);
  if (!found && process.env['CI'] !== undefined) throw new Error(`no test vectors at ${fileURLToPath(folder)}`);
  if (!found) console.warn(`skipped: no test vectors at ${fileURLToPath(folder)}`);
  return found;
}

export function vector(path: string): Buffer {
  return readFileSync(new URL(path, folder));
}
