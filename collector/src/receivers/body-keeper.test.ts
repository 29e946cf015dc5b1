import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BodyKeeper } from './body-keeper.ts';
import { createByteBudget } from './byte-budget.ts';

const mebibyte = 1024 ** 2;
const cut = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));

describe('keeping a body', () => {
  const bytes = randomBytes(3 * mebibyte);

  it.each([
    ['nothing', 0],
    ['less', 100_000],
    ['a little less', 3 * mebibyte - 1],
    ['what comes', 3 * mebibyte],
    ['much more', 60 * mebibyte],
    ['more than may come', 4_294_967_295],
  ])('hands over what came, where %s was announced', (_, announced) => {
    for (const length of [0, 1, 65_536, 65_537, mebibyte, mebibyte + 1, 3 * mebibyte]) {
      const body = bytes.subarray(0, length);
      const kept = new BodyKeeper(64 * mebibyte, createByteBudget(64 * mebibyte).lease(), announced);
      for (const chunk of cut(body, 50_000)) expect(kept.add(chunk)).toBeUndefined();
      expect(kept.joined().equals(body)).toBe(true);
    }
  });

  it('never gives the memory of one body to another that is still held', () => {
    const budget = createByteBudget(200 * mebibyte);
    const keep = (fill: number) => {
      const lease = budget.lease();
      const kept = new BodyKeeper(mebibyte, lease, 100_000);
      for (const chunk of cut(Buffer.alloc(100_000, fill), 60_000)) kept.add(chunk);
      return { lease, fill, body: kept.joined() };
    };
    let held = Array.from({ length: 50 }, (_, fill) => keep(fill));
    for (let round = 0; round < 20; round++) {
      for (const { fill, body } of held) expect(body.equals(Buffer.alloc(100_000, fill))).toBe(true);
      for (const { lease } of held.slice(0, round * 2)) {
        lease.release();
        lease.release();
      }
      held = [...held.slice(round * 2), ...Array.from({ length: round * 2 }, (_, at) => keep(100 + round + at))];
    }
    for (const { lease } of held) lease.release();
    expect(budget.heldBytes).toBe(0);
  });

  it('refuses what passes a bound, wherever that is', () => {
    const kept = new BodyKeeper(2 * mebibyte, createByteBudget(64 * mebibyte).lease(), mebibyte);
    const refusals = cut(bytes, 50_000).map((chunk) => kept.add(chunk)?.code);
    expect(new Set(refusals)).toEqual(new Set([undefined, 'body-too-large']));
    const poor = new BodyKeeper(64 * mebibyte, createByteBudget(mebibyte).lease(), 3 * mebibyte);
    expect(new Set(cut(bytes, 50_000).map((chunk) => poor.add(chunk)?.code))).toEqual(new Set([undefined, 'ingest-busy']));
  });
});
