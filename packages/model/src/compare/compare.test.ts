import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  numberBucket,
  numberBucketBounds,
  numbersDifference,
  type PairCount,
  shareDifference,
  valuesDifference,
} from './index.ts';

/** Which value each item of two samples has; undefined: none. */
type Sample = readonly (number | undefined)[];

const sample: fc.Arbitrary<Sample> = fc.array(fc.option(fc.integer({ min: -3, max: 4 }), { nil: undefined }), {
  maxLength: 30,
});

const sizesOf = (selection: Sample, rest: Sample) => ({ selection: selection.length, rest: rest.length });

function countsOf(selection: Sample, rest: Sample) {
  const values = [...new Set([...selection, ...rest])].filter((value) => value !== undefined).toSorted((a, b) => a - b);
  const count = (items: Sample, value: number) => items.filter((item) => item === value).length;
  return values.map((value) => ({ selection: count(selection, value), rest: count(rest, value) }));
}

/** The definition, item by item: the condition whose shares are furthest apart. */
function slowDifference(selection: Sample, rest: Sample, conditions: ((item: number | undefined) => boolean)[]): number {
  if (selection.length === 0 || rest.length === 0) return 0;
  const share = (items: Sample, holds: (item: number | undefined) => boolean) => items.filter(holds).length / items.length;
  return Math.max(0, ...conditions.map((holds) => Math.abs(share(selection, holds) - share(rest, holds))));
}

function having(counts: readonly PairCount[]): PairCount {
  return counts.reduce((sum, { selection, rest }) => ({ selection: sum.selection + selection, rest: sum.rest + rest }), {
    selection: 0,
    rest: 0,
  });
}

const ofValues = (counts: readonly PairCount[], sizes: PairCount) => valuesDifference(counts, having(counts), sizes);
const ofNumbers = (counts: readonly PairCount[], sizes: PairCount) => numbersDifference(counts, having(counts), sizes);

const anyValue = [-3, -2, -1, 0, 1, 2, 3, 4];

describe('the difference is that of', () => {
  test('the value, or the absence, whose shares are furthest apart', () => {
    fc.assert(
      fc.property(sample, sample, (selection, rest) => {
        const expected = slowDifference(
          selection,
          rest,
          [undefined, ...anyValue].map((value) => (item) => item === value),
        );
        const { difference, score } = ofValues(countsOf(selection, rest), sizesOf(selection, rest));
        // By score first: a difference of few may be the larger one.
        expect(Math.abs(difference)).toBeLessThanOrEqual(expected + 1e-12);
        expect(score).toBeLessThanOrEqual(Math.abs(difference));
        if (score === 0) expect(Math.abs(difference)).toBeCloseTo(expected, 10);
      }),
    );
  });

  test('the bound, or the absence, whose shares below are furthest apart', () => {
    fc.assert(
      fc.property(sample, sample, (selection, rest) => {
        const expected = slowDifference(selection, rest, [
          (item) => item === undefined,
          ...anyValue.map((bound) => (item: number | undefined) => item !== undefined && item <= bound),
        ]);
        const { difference, score } = ofNumbers(countsOf(selection, rest), sizesOf(selection, rest));
        expect(Math.abs(difference)).toBeLessThanOrEqual(expected + 1e-12);
        if (score === 0) expect(Math.abs(difference)).toBeCloseTo(expected, 10);
      }),
    );
  });

  test('nothing, where a side is empty or both are alike', () => {
    const nothing = { difference: 0, score: 0 };
    expect(ofValues([{ selection: 0, rest: 5 }], { selection: 0, rest: 5 })).toEqual(nothing);
    expect(ofValues([{ selection: 5, rest: 0 }], { selection: 5, rest: 0 })).toEqual(nothing);
    expect(ofValues([{ selection: 4, rest: 400 }], { selection: 8, rest: 800 })).toEqual(nothing);
    expect(ofValues([], { selection: 8, rest: 800 })).toEqual(nothing);
  });
});

describe('the score', () => {
  test('grows with what is known of a difference', () => {
    const of = (times: number) =>
      shareDifference({ selection: 8 * times, rest: 20 * times }, { selection: 10 * times, rest: 100 * times });
    expect(of(1).difference).toBeCloseTo(0.6);
    expect(of(1).score).toBeGreaterThan(0.2);
    expect(of(10).score).toBeGreaterThan(of(1).score);
    expect(of(10_000).score).toBeCloseTo(0.6, 1);
  });

  test('of what chance explains is zero: in 95 of 100 pairs of samples of one population', () => {
    let unexplained = 0;
    // A linear congruential generator, seeded: the answer is always the same.
    let state = 1;
    const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const drawn = (size: number) => Array.from({ length: size }, next).filter((one) => one < 0.3).length;
    for (let i = 0; i < 2000; i++) {
      if (shareDifference({ selection: drawn(40), rest: drawn(300) }, { selection: 40, rest: 300 }).score > 0) unexplained++;
    }
    expect(unexplained / 2000).toBeGreaterThan(0.02);
    expect(unexplained / 2000).toBeLessThan(0.07);
  });

  test('of a key that is different in each span is near zero, of one whose every value moved near one', () => {
    const ids = Array.from({ length: 1000 }, (_, i) => (i < 500 ? { selection: 1, rest: 0 } : { selection: 0, rest: 1 }));
    expect(ofValues(ids, { selection: 500, rest: 500 })).toMatchObject({ score: 0 });
    const hosts = [
      { selection: 500, rest: 0 },
      { selection: 0, rest: 500 },
    ];
    expect(ofValues(hosts, { selection: 500, rest: 500 }).score).toBeGreaterThan(0.9);
    expect(ofNumbers(ids, { selection: 500, rest: 500 }).score).toBeGreaterThan(0.9);
  });
});

describe('numbers', () => {
  test('lie within the bounds of their bucket', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const { from, to } = numberBucketBounds(numberBucket(number));
        // The logarithm may be off in the last place.
        const slack = Math.abs(number) * 1e-12;
        if (from !== null) expect(number).toBeGreaterThanOrEqual(from - slack);
        if (to !== null) expect(number).toBeLessThanOrEqual(to + slack);
      }),
    );
  });

  test('and buckets in their order, each beginning where another ends', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        if (a < b) expect(numberBucket(a)).toBeLessThanOrEqual(numberBucket(b));
      }),
    );
    for (let bucket = -424; bucket < 425; bucket++) {
      if (bucket !== -1 && bucket !== 0) expect(numberBucketBounds(bucket).to).toBe(numberBucketBounds(bucket + 1).from);
    }
    expect([numberBucketBounds(425).to, numberBucketBounds(-425).from]).toEqual([null, null]);
    expect([1, 2, 1024, -1, 0, 1e-300].map(numberBucket)).toEqual([81, 85, 121, -81, 0, 1]);
  });
});
