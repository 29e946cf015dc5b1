import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { migrations } from './migrate.ts';

/** The first 16 digits of the SHA-256 of each released migration's statements. A new migration brings a new line; no line ever changes. */
const released = [
  '1 spans 190956e7ee8e7845',
  '2 resources e20f0b526cae4265',
  '3 logs 2454f1adb993fcfe',
  '4 metrics 609a439566475b96',
  '5 promoted-attributes 0beaa2ddf1667a0e',
  '6 span-rollup 08e8824e19bc776f',
  '7 wider-merges c02b482186de923d',
];

test('released migrations are as they were, to the byte', () => {
  const hashes = migrations.map(({ version, name, statements }) => {
    const sha256 = createHash('sha256').update(statements.join(';\n')).digest('hex');
    return `${version} ${name} ${sha256.slice(0, 16)}`;
  });
  expect(hashes.slice(0, released.length)).toEqual(released);
});
