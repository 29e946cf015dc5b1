import { expect, test } from 'vitest';
import { en } from '../../base/messages/en.ts';
import { hasSymptom, partFigures, partTitle } from './part-view.ts';
import { diagnosis, evidence } from './testing/diagnosis.ts';

const text = en.diagnose;

test('a part is called by its name, a statement by the begin of its text, else by its hash', () => {
  expect(partTitle({ kind: 'host', name: 'node-1' }, text)).toBe('node-1');
  const hash = '9c5b88f48ec02b0b';
  const of = (sql: string) => partTitle({ kind: 'statement', name: hash, statement: { hash, text: sql } }, text);
  expect(of('SELECT *\n  FROM stock')).toBe('SELECT * FROM stock');
  expect(of(`SELECT ${'a'.repeat(100)}`)).toBe(`SELECT ${'a'.repeat(53)}…`);
  expect(of('')).toBe('Statement 9c5b88f4');
});

test('its figures in both periods, unknown where nobody says', () => {
  const part = {
    name: 'orders',
    evidence: [
      evidence('wait in queue', 'orders', 'ns', 100e6, 4e9),
      { ...evidence('requests', 'orders: sent', '{request}/s', 2, 2), says: 'against' as const },
      { ...evidence('requests', 'orders: read', '{request}/s', null, 1), says: 'against' as const },
    ],
  };
  expect(partFigures(part, text).map(({ baseline, isWorse, measure, now }) => [measure, baseline, now, isWorse])).toEqual([
    ['wait in the queue', '100 ms', '4 s', true],
    ['sent', '2 /s', '2 /s', false],
    ['read', '–', '1 /s', false],
  ]);
});

test('where no API passes there is no symptom', () => {
  expect(hasSymptom(diagnosis)).toBe(true);
  expect(hasSymptom({ ...diagnosis, symptom: null })).toBe(false);
});
