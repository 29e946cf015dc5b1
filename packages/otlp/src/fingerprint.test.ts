import { describe, expect, it } from 'vitest';
import { Fingerprint } from './fingerprint.ts';
import { viewOf } from './native/utf8.ts';

function of(...texts: string[]): string {
  const fingerprint = new Fingerprint().start();
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text);
    fingerprint.bytes(viewOf(bytes), 0, bytes.length);
  }
  fingerprint.finish();
  return fingerprint.high.toString(16).padStart(8, '0') + fingerprint.low.toString(16).padStart(8, '0');
}

describe('a fingerprint', () => {
  it('never changes: it names what is stored', () => {
    expect([of(), of(''), of('a'), of('service.name', 'cart'), of('ä'.repeat(1_000))]).toEqual([
      '4142b7e8d30b1635',
      '4c0e31c26a54df92',
      '2d6190ecbaa13b06',
      'f49fc69bf5506efa',
      '79dd81e1b0c12e5a',
    ]);
  });

  it('tells where one text ends and the next begins, zero bytes included', () => {
    const all = [
      of('ab', 'c'),
      of('a', 'bc'),
      of('abc'),
      of('abc', ''),
      of('', 'abc'),
      of('abc\0'),
      of('\0abc'),
      of('abcd'),
      of('abcd\0\0'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('spreads over 64 bits: near texts share neither half more often than chance', () => {
    const count = 200_000;
    const lows = new Set<string>();
    const highs = new Set<string>();
    const whole = new Set<string>();
    for (let i = 0; i < count; i++) {
      const fingerprint = of(`instance-${i}`);
      whole.add(fingerprint);
      highs.add(fingerprint.slice(0, 8));
      lows.add(fingerprint.slice(8));
    }
    expect(whole.size).toBe(count);
    // 200,000 draws of 2^32 collide 4.7 times on average; 25 has a chance below 1e-9.
    expect(count - lows.size).toBeLessThan(25);
    expect(count - highs.size).toBeLessThan(25);
  });
});
