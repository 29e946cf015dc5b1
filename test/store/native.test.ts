/** What is read and written as FORMAT Native, judged by the engine itself. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '@sonde/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readNative } from '../../packages/store/src/native/read.ts';
import { writeNative } from '../../packages/store/src/native/write.ts';
import { Texts } from '../../packages/store/src/settle/numbering.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const naughty = JSON.parse(
  await readFile(new URL('../../../shared/vectors/strings/blns.json', import.meta.url), 'utf8'),
) as string[];

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-native-'));
  engine = await openEngine({ path: join(folder, 'db'), database: 'sonde_default' });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

async function ask(sql: string, params = {}) {
  const texts = new Texts();
  const answer = readNative(await engine.queryNative(sql, params, budget), texts);
  return { answer, text: (name: string) => Array.from(answer.texts(name), (n) => texts.list[n]) };
}

test('every type is read, over many blocks', async () => {
  const { answer, text } = await ask(`SELECT
  toUInt8(number) AS u8, toUInt16(number * 7) AS u16, toUInt32(number * 41) AS u32, if(number % 3 = 0, '', concat('ü', toString(number))) AS plain, number * 4294967297 AS u64, number / 3 AS f64,
  toFixedString(leftPad(toString(number), 8, 'x'), 8) AS id,
  toLowCardinality(toString(number % 70000)) AS wide, toLowCardinality(if(number % 3 = 0, '', 'ä')) AS narrow,
  arrayMap(i -> toFixedString(leftPad(toString(number + i), 8, '0'), 8), range(number % 4)) AS ids
FROM numbers(100000) SETTINGS max_block_size = 30000`);
  expect(answer.rows).toBe(100_000);
  const numbers = Array.from({ length: 100_000 }, (_, i) => i);
  expect(answer.uint8('u8')).toEqual(Uint8Array.from(numbers));
  expect(answer.uint16('u16')).toEqual(Uint16Array.from(numbers, (n) => n * 7));
  expect(answer.uint32('u32')).toEqual(Uint32Array.from(numbers, (n) => n * 41));
  expect(answer.strings('plain')).toEqual(numbers.map((n) => (n % 3 === 0 ? '' : `ü${n}`)));
  expect(answer.words('u64')).toEqual(Uint32Array.from(numbers.flatMap((n) => [n, n])));
  expect(answer.float64('f64')).toEqual(Float64Array.from(numbers, (n) => n / 3));
  expect(Buffer.from(answer.fixed('id')).toString()).toBe(numbers.map((n) => String(n).padStart(8, 'x')).join(''));
  expect(text('wide')).toEqual(numbers.map((n) => String(n % 70_000)));
  expect(text('narrow')).toEqual(numbers.map((n) => (n % 3 === 0 ? '' : 'ä')));
  const lists = numbers.map((n) => Array.from({ length: n % 4 }, (_, i) => String(n + i).padStart(8, '0')));
  const ids = answer.fixedArrays('ids');
  let end = 0;
  expect(ids.ends).toEqual(Float64Array.from(lists, (list) => (end += list.length)));
  expect(Buffer.from(ids.bytes).toString()).toBe(lists.flat().join(''));
});

test('of no rows nothing is read, and nothing of an answer that was cut or has another type', async () => {
  const empty = await ask(`SELECT toUInt8(1) AS a, toLowCardinality('x') AS b, CAST([], 'Array(FixedString(8))') AS c WHERE 0`);
  expect(empty.answer.rows).toBe(0);
  expect(empty.answer.fixedArrays('c').ends).toHaveLength(0);
  expect(empty.text('b')).toEqual([]);
  // As a server heads its answer.
  const header = writeNative(0, {
    a: { type: 'UInt8', values: [] },
    b: { type: 'LowCardinality(String)', values: [], texts: [] },
  });
  expect(readNative(header, new Texts()).rows).toBe(0);
  await expect(ask('SELECT toInt32(1) AS a')).rejects.toThrow('a column of Int32 cannot be read');
  const whole = await engine.queryNative(`SELECT toLowCardinality('text') AS a, toUInt8(1) AS b`, {}, budget);
  for (let length = 1; length < whole.length; length++) {
    expect(() => readNative(whole.slice(0, length), new Texts()), String(length)).toThrow(/was cut/);
  }
});

async function written(rows: number, columns: Parameters<typeof writeNative>[1]): Promise<Record<string, unknown>[]> {
  const path = join(folder, 'block.native');
  await writeFile(path, writeNative(rows, columns));
  const structure = Object.entries(columns).map(([name, { type }]) => `${name} ${type}`);
  return await engine.query(
    `SELECT * FROM file({path:String}, 'Native', {structure:String})`,
    { path, structure: structure.join(', ') },
    budget,
  );
}

test('what is written is what the engine reads', async () => {
  const texts = ['', 'a', 'ä', 'x'.repeat(200), 'a\0b'];
  const rows = await written(5, {
    u8: { type: 'UInt8', values: [0, 1, 127, 128, 255] },
    time: { type: 'DateTime', values: [0, 1, 60, 2 ** 31, 2 ** 32 - 1] },
    u64: { type: 'UInt64', values: [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1] },
    big: { type: 'UInt64', values: BigUint64Array.of(0n, 1n, 2n ** 63n, 2n ** 64n - 1n, 7n) },
    text: { type: 'LowCardinality(String)', values: [4, 0, 3, 3, 1], texts },
    hist: {
      type: 'Tuple(Array(UInt16), Array(UInt64))',
      ends: [2, 2, 3, 3, 3],
      buckets: [0, 65_535, 9],
      counts: [1, 2 ** 40, 3],
    },
  });
  expect(rows.map(({ u8 }) => u8)).toEqual([0, 1, 127, 128, 255]);
  expect(rows.map(({ u64 }) => u64)).toEqual(['0', '1', '4294967295', '4294967296', '9007199254740991']);
  expect(rows.map(({ big }) => big)).toEqual(['0', '1', '9223372036854775808', '18446744073709551615', '7']);
  expect(rows.map(({ time }) => Date.parse(`${String(time).replace(' ', 'T')}Z`) / 1000)).toEqual([
    0,
    1,
    60,
    2 ** 31,
    2 ** 32 - 1,
  ]);
  expect(rows.map(({ text }) => text)).toEqual(['a\0b', '', texts[3], texts[3], 'a']);
  expect(rows.map(({ hist }) => Object.values(hist as object))).toEqual([
    [
      [0, 65_535],
      ['1', '1099511627776'],
    ],
    [[], []],
    [[9], ['3']],
    [[], []],
    [[], []],
  ]);
});

test('a block without rows, and one of 300,000 with as many texts', async () => {
  const columns = (n: number) => ({
    text: {
      type: 'LowCardinality(String)' as const,
      values: Uint32Array.from({ length: n }, (_, i) => i),
      texts: Array.from({ length: n }, (_, i) => (i === 0 ? '' : `text ${i}`)),
    },
    hist: { type: 'Tuple(Array(UInt16), Array(UInt64))' as const, ends: new Float64Array(n), buckets: [], counts: [] },
  });
  expect(await written(0, columns(0))).toEqual([]);
  await writeFile(join(folder, 'many.native'), writeNative(300_000, columns(300_000)));
  const [row] = await engine.query(
    `SELECT count() AS n, uniqExact(text) AS texts, countIf(text = concat('text ', toString(rowNumberInAllBlocks()))) AS right
FROM file({path:String}, 'Native', 'text LowCardinality(String), hist Tuple(Array(UInt16), Array(UInt64))') SETTINGS max_threads = 1`,
    { path: join(folder, 'many.native') },
    budget,
  );
  expect(row).toEqual({ n: '300000', texts: '300000', right: '299999' });
});

test('naughty strings come through both ways, byte for byte', async () => {
  expect(naughty.length).toBeGreaterThan(400);
  const texts = ['', ...new Set(naughty)].filter((text, i) => i === 0 || text !== '');
  const values = texts.map((_, i) => i);
  const rows = await written(texts.length, { text: { type: 'LowCardinality(String)', values, texts } });
  const wellFormed = texts.map((text) => Buffer.from(text).toString());
  expect(rows.map(({ text }) => text)).toEqual(wellFormed);
  const { text } = await ask(`SELECT toLowCardinality(arrayJoin({texts:Array(String)})) AS text`, { texts: wellFormed });
  expect(text('text')).toEqual(wellFormed);
});
