import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { problems } from '../../collector/src/api/problems.ts';
import { settings } from '../../collector/src/config.ts';
import { errors } from '../../collector/src/errors.ts';
import { kinds } from '../../packages/host-agent/src/receivers/kinds.ts';
import { documents } from './documents.ts';

const root = resolve(import.meta.dirname, '../..');
const mend = 'to mend: npx tsx --conditions=@sonde/source test/gates/write-documents.ts';

test.each(Object.entries(documents))('%s says what the code says', async (name, text) => {
  expect(await readFile(resolve(root, name), 'utf8'), mend).toBe(`${text}\n`);
});

// Both ways, and by another road than the one that writes the documents.
test.each([
  ['docs/errors.md', /^\| `([a-z-]+)`/gm, [...Object.keys(errors), ...Object.keys(problems)]],
  ['docs/configuration.md', /^\| `(SONDE_[A-Z_]+)`/gm, Object.values(settings).map((setting) => setting.variable)],
  ['docs/middleware.md', /^<!-- settings: (\w+) -->/gm, kinds.map(({ kind }) => kind)],
  ['docs/middleware.md', /^\| `(\w+)` .* \|.*\|.*\|$/gm, kinds.flatMap(({ settings: table }) => Object.keys(table))],
] as const)('%s names all that is in the code, and nothing else', async (name, pattern, known) => {
  const text = await readFile(resolve(root, name), 'utf8');
  const documented = [...text.matchAll(pattern)].map((row) => row[1]);
  expect(new Set(documented)).toEqual(new Set<string>(known));
  expect(documented).toHaveLength(known.length);
});
