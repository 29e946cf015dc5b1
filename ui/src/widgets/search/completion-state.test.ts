import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  closedAt,
  type CompletionOption,
  completionOptions,
  type CompletionState,
  nextCompletion,
  visibleProblem,
} from './completion-state.ts';

/** `|` is the caret. */
function at(drawn: string): CompletionState {
  const caret = drawn.indexOf('|');
  return nextCompletion(closedAt(''), { kind: 'typed', text: drawn.replace('|', ''), caret });
}

function asDrawn({ text, caret }: CompletionState): string {
  return `${text.slice(0, caret)}|${text.slice(caret)}`;
}

const known = {
  keys: [
    { key: 'service.name', count: 90 },
    { key: 'service.version', count: 80 },
    { key: 'http.route', count: 50 },
  ],
  values: [
    { value: 'cart', count: 40 },
    { value: 'my shop', count: 3 },
  ],
  history: ['status = error', 'duration > 1s'],
};

const textsAt = (place: string) => completionOptions(at(place), known).map(({ text }) => text);

describe('options', () => {
  test('of an empty box are the last searches and the keys', () => {
    expect(textsAt('|')).toEqual(['status = error', 'duration > 1s', 'service.name', 'service.version', 'http.route']);
  });
  test('are narrowed by what is written before the caret', () => {
    expect(textsAt('SERV|')).toEqual(['service.name', 'service.version']);
    expect(textsAt('service.name = c|')).toEqual(['cart']);
  });
  test('of a closed list are that list, whatever the store knows', () => {
    expect(textsAt('status = |')).toEqual(['unset', 'ok', 'error']);
  });
  test('after a key are its operators, after a condition what joins', () => {
    expect(textsAt('kind |')).toEqual(['=', '!=', 'in', 'and', 'or', 'not']);
    expect(textsAt('kind = server a|')).toEqual(['and']);
  });
  test('say how many spans have them', () => {
    expect(completionOptions(at('http|'), known)).toEqual([{ kind: 'key', text: 'http.route', count: 50 }]);
  });
});

describe('taking an option', () => {
  test.each<[string, CompletionOption, string]>([
    ['serv|', { kind: 'key', text: 'service.name' }, 'service.name |'],
    ['service.name |', { kind: 'operator', text: '=' }, 'service.name = |'],
    ['service.name = |', { kind: 'value', text: 'my shop' }, 'service.name = "my shop" |'],
    ['service.name = c|', { kind: 'value', text: 'cart' }, 'service.name = cart |'],
    ['kind |', { kind: 'operator', text: 'in' }, 'kind in (|'],
    ['kind in (|', { kind: 'value', text: 'server' }, 'kind in (server|'],
    ['kind in (server|', { kind: 'value', text: 'client' }, 'kind in (client|'],
    ['kind in (server |', { kind: 'connective', text: ',' }, 'kind in (server , |'],
    ['ser| = cart', { kind: 'key', text: 'service.name' }, 'service.name |= cart'],
    ['a = b |', { kind: 'connective', text: 'and' }, 'a = b and |'],
    ['|', { kind: 'history', text: 'status = error' }, 'status = error|'],
  ])('%s %o', (before, option, after) => {
    expect(asDrawn(nextCompletion(at(before), { kind: 'taken', option }))).toBe(after);
  });

  test('leaves the box open for what comes next, but for a whole search', () => {
    expect(nextCompletion(at('k|'), { kind: 'taken', option: { kind: 'key', text: 'kind' } })).toMatchObject({
      open: true,
      active: -1,
    });
    expect(nextCompletion(at('|'), { kind: 'taken', option: { kind: 'history', text: 'a = b' } }).open).toBe(false);
  });

  test('keeps the caret within any text', () => {
    const option = fc.record({
      kind: fc.constantFrom('key', 'value', 'operator', 'connective', 'history'),
      text: fc.string(),
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), option, (text, n, taken) => {
        const state = nextCompletion(closedAt(''), { kind: 'typed', text, caret: n % (text.length + 1) });
        const after = nextCompletion(state, { kind: 'taken', option: taken });
        expect(after.caret).toBeGreaterThanOrEqual(0);
        expect(after.caret).toBeLessThanOrEqual(after.text.length);
      }),
    );
  });
});

describe('stepping', () => {
  const step = (state: CompletionState, by: 1 | -1) => nextCompletion(state, { kind: 'stepped', by, options: 3 });

  test('goes through the options and past either end back to the text', () => {
    let state = at('k|');
    const seen = Array.from({ length: 5 }, () => (state = step(state, 1)).active);
    expect(seen).toEqual([0, 1, 2, -1, 0]);
    expect(step(at('k|'), -1).active).toBe(2);
  });
  test('opens what was closed first', () => {
    const closed = nextCompletion(at('k|'), { kind: 'closed' });
    expect(step(closed, 1)).toMatchObject({ open: true, active: -1 });
  });
  test('typing leaves the options again', () => {
    expect(nextCompletion(step(at('k|'), 1), { kind: 'typed', text: 'ki', caret: 2 }).active).toBe(-1);
  });
});

describe('a problem', () => {
  test('is shown while other things are written, but not of what is being written', () => {
    expect(visibleProblem(at('status = fai|'), false)).toBeUndefined();
    expect(visibleProblem(at('status =|'), false)).toBeUndefined();
    expect(visibleProblem(at('status = failed and kind|'), false)).toMatchObject({ start: 9, end: 15 });
  });
  test('is always shown of what is finished', () => {
    expect(visibleProblem(at('status = fai|'), true)).toMatchObject({ start: 9, end: 12 });
    expect(visibleProblem(at('status = error|'), true)).toBeUndefined();
  });
});
