import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { documents } from './documents.ts';

const root = resolve(import.meta.dirname, '../..');
const mend = 'to mend: npx tsx --conditions=@sonde/source test/gates/write-documents.ts';

test.each(Object.entries(documents))('%s says what the code says', async (name, text) => {
  expect(await readFile(resolve(root, name), 'utf8'), mend).toBe(`${text}\n`);
});

// Both ways: the table's text is compared above, and here each name that the code uses is looked for in the text by itself.
test('every code that a receiver can answer is documented, and nothing else is', async () => {
  const { errors } = await import('../../collector/src/errors.ts');
  const documented = [...(await readFile(resolve(root, 'docs/errors.md'), 'utf8')).matchAll(/^\| `([a-z-]+)`/gm)].map(
    (row) => row[1],
  );
  expect(documented.toSorted()).toEqual(Object.keys(errors).toSorted());
});

test('every setting is documented, and nothing else is', async () => {
  const { settings } = await import('../../collector/src/config.ts');
  const documented = [
    ...(await readFile(resolve(root, 'docs/configuration.md'), 'utf8')).matchAll(/^\| `(SONDE_[A-Z_]+)`/gm),
  ].map((row) => row[1]);
  expect(documented.toSorted()).toEqual(
    Object.values(settings)
      .map((setting) => setting.variable)
      .toSorted(),
  );
});
