import { expect, test } from 'vitest';
import {
  formatBytes,
  formatBytesPerSecond,
  formatChange,
  formatCount,
  formatDuration,
  formatMilliseconds,
  formatRate,
  formatRatio,
  formatterOf,
  quantityText,
} from './quantity.ts';

test.each([
  [0, '0 ms'],
  [999, '999 ns'],
  [43_210, '43.2 µs'],
  [9_310_000, '9.31 ms'],
  [999_600_000, '1 s'],
  [2_140_000_000, '2.14 s'],
  [119e9, '119 s'],
  [184e9, '3 m 04 s'],
  [8_340e9, '2 h 19 m'],
  [3 * 86_400e9, '3 d 00 h'],
  [null, '–'],
])('a duration of %s ns reads %s', (ns, text) => {
  expect(quantityText(formatDuration(ns))).toBe(text);
});

test.each([
  [2_140_000_000, '2,140 ms'],
  [41_200_000, '41 ms'],
  [9_310_000, '9.3 ms'],
  [43_210, '0.04 ms'],
  [900, '<0.01 ms'],
  [184e9, '3 m 04 s'],
  [null, '–'],
])('%s ns in a column reads %s', (ns, text) => {
  expect(quantityText(formatMilliseconds(ns))).toBe(text);
});

test('rates, ratios, counts and bytes keep about three digits', () => {
  expect([1240, 118.4, 42.13, 0.4, 0, 0.004].map((value) => quantityText(formatRate(value)))).toEqual([
    '1,240 /s',
    '118 /s',
    '42.1 /s',
    '0.4 /s',
    '0 /s',
    '<0.01 /s',
  ]);
  expect([0, 0.00004, 0.0002, 0.031, 0.149, 0.34, 1].map((value) => quantityText(formatRatio(value)))).toEqual([
    '0 %',
    '<0.01 %',
    '0.02 %',
    '3.1 %',
    '14.9 %',
    '34 %',
    '100 %',
  ]);
  expect([0, 12_340, 1_234_567].map((value) => quantityText(formatCount(value)))).toEqual(['0', '12,340', '1.23 M']);
  expect([0, 1023.9, 1536, 8 * 2 ** 30].map((value) => quantityText(formatBytes(value)))).toEqual([
    '0 B',
    '1 KiB',
    '1.5 KiB',
    '8 GiB',
  ]);
  expect(quantityText(formatBytesPerSecond(1_300_000))).toBe('1.24 MiB/s');
});

test('a change is signed, and unknown where there was nothing before', () => {
  expect(quantityText(formatChange(10.12, 1))).toBe('+912 %');
  expect(quantityText(formatChange(98, 100))).toBe('−2 %');
  expect(quantityText(formatChange(100, 100))).toBe('0 %');
  expect(quantityText(formatChange(4000, 10))).toBe('×400');
  expect(quantityText(formatChange(5, 0))).toBe('–');
  expect(quantityText(formatChange(5, null))).toBe('–');
});

test('a series is formatted by its UCUM unit; unknown is never zero', () => {
  expect(quantityText(formatterOf('1')(0.5))).toBe('50 %');
  expect(quantityText(formatterOf('s')(0.012))).toBe('12 ms');
  expect(quantityText(formatterOf('{request}/s')(3))).toBe('3 /s');
  expect(quantityText(formatterOf('{thread}')(3))).toBe('3');
  expect(quantityText(formatterOf('{command}/s')(120_000))).toBe('120 k/s');
  for (const unit of ['1', 'By', 'By/s', 'ns', 's', 's/s', '{request}/s', '{thread}']) {
    expect(quantityText(formatterOf(unit)(null))).toBe('–');
  }
});
