import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dictionary } from './dictionary.ts';
import { viewOf } from './utf8.ts';

const encode = (text: string): DataView => viewOf(new TextEncoder().encode(text));

function add(dictionary: Dictionary, text: string, next: boolean): number {
  const view = encode(text);
  return next ? dictionary.indexOfNext(view, 0, view.byteLength) : dictionary.indexOf(view, 0, view.byteLength);
}

describe('a dictionary', () => {
  it('numbers texts as a Map would, through growth, rollback and clearing', () => {
    const text = fc.oneof(fc.integer({ min: 0, max: 300 }).map(String), fc.string({ maxLength: 9 }));
    const step = fc.oneof(
      { weight: 40, arbitrary: fc.record({ text, next: fc.boolean() }) },
      { weight: 2, arbitrary: fc.constantFrom('mark', 'rollback') },
      { weight: 1, arbitrary: fc.constant('clear') },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const dictionary = new Dictionary();
        let model = [''];
        let marked = [''];
        dictionary.mark();
        for (const each of steps) {
          if (each === 'mark') {
            dictionary.mark();
            marked = [...model];
          } else if (each === 'rollback') {
            dictionary.rollback();
            model = [...marked];
          } else if (each === 'clear') {
            dictionary.clear();
            dictionary.mark();
            model = [''];
            marked = [''];
          } else if (typeof each === 'object') {
            if (!model.includes(each.text)) model.push(each.text);
            expect(add(dictionary, each.text, each.next)).toBe(model.indexOf(each.text));
          }
          expect(dictionary.size).toBe(model.length);
        }
        const written = model.map((each) => {
          const bytes = Buffer.from(each);
          return Buffer.concat([Buffer.from([bytes.length]), bytes]);
        });
        expect(Buffer.from(dictionary.data.written())).toEqual(Buffer.concat(written));
      }),
    );
  });

  it('holds text that is not UTF-8 as what it is mended to', () => {
    const dictionary = new Dictionary();
    const bad = viewOf(Uint8Array.of(0x61, 0xff));
    expect(dictionary.indexOf(bad, 0, 2)).toBe(1);
    expect(add(dictionary, 'a\ufffd', false)).toBe(1);
    expect(dictionary.size).toBe(2);
  });
});
