import type { Palette } from '../palette.ts';

/** For tests of option builders: every colour is its own name. */
export const testingPalette: Palette = {
  scheme: 'dark',
  text: 'text',
  text2: 'text2',
  text3: 'text3',
  line: 'line',
  lineStrong: 'lineStrong',
  surface: 'surface',
  accent: 'accent',
  ok: 'ok',
  warn: 'warn',
  bad: 'bad',
  unknown: 'unknown',
  font: 'font',
  categories: ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'],
};
