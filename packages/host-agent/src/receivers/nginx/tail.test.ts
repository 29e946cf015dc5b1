import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Tail } from './tail.ts';

let folder: string;
let path: string;
let tail: Tail;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-tail-'));
  path = join(folder, 'access.log');
  tail = new Tail(path);
});
afterEach(async () => {
  await tail.close();
  await rm(folder, { recursive: true });
});

test('(1) from the end of what is there', async () => {
  await writeFile(path, 'old\n');
  expect(await tail.poll()).toEqual([]);
  await appendFile(path, 'new\n');
  expect(await tail.poll()).toEqual(['new']);
  expect(await tail.poll()).toEqual([]);
});

test('(1) a file that comes later is read from its begin', async () => {
  expect(await tail.poll()).toEqual([]);
  await writeFile(path, 'first\n');
  expect(await tail.poll()).toEqual(['first']);
});

test('(2) renamed: the old one until its writer has turned to the new one', async () => {
  await writeFile(path, '');
  await tail.poll();
  await appendFile(path, 'a\n');
  await rename(path, `${path}.1`);
  expect(await tail.poll()).toEqual(['a']);
  await appendFile(`${path}.1`, 'b\n');
  await writeFile(path, 'c\n');
  expect(await tail.poll()).toEqual(['b', 'c']);
  await appendFile(`${path}.1`, 'late\n');
  await appendFile(path, 'd\n');
  expect(await tail.poll()).toEqual(['late', 'd']);
  await appendFile(path, 'e\n');
  expect(await tail.poll()).toEqual(['e']);
});

test('(2) emptied in its place', async () => {
  await writeFile(path, 'a long line that was there\n');
  await tail.poll();
  await truncate(path);
  await appendFile(path, 'new\n');
  expect(await tail.poll()).toEqual(['new']);
});

test('(3) whole lines only, and not those that are too long', async () => {
  await writeFile(path, '');
  await tail.poll();
  await appendFile(path, 'one\nhalf');
  expect(await tail.poll()).toEqual(['one']);
  await appendFile(path, ` of it\n${'x'.repeat(20_000)}`);
  expect(await tail.poll()).toEqual(['half of it']);
  await appendFile(path, 'x'.repeat(20_000));
  expect(await tail.poll()).toEqual([]);
  await appendFile(path, `x\nnext\n${'y'.repeat(17_000)}\nlast\n`);
  expect(await tail.poll()).toEqual(['next', 'last']);
  expect(tail.tooLong).toBe(2);
});

test('(4) at most 4 MiB at once, the rest later, none torn', async () => {
  await writeFile(path, '');
  await tail.poll();
  const line = 'z'.repeat(999);
  await appendFile(path, `${line}\n`.repeat(6000));
  const polls = [(await tail.poll()).length, (await tail.poll()).length, (await tail.poll()).length];
  expect(polls).toEqual([4194, 1806, 0]);
});
