import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { documents } from './documents.ts';

for (const [name, text] of Object.entries(documents)) {
  const path = resolve(import.meta.dirname, '../..', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${text}\n`);
}
