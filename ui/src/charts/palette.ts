/** The tokens a chart draws with, read from the CSS variables of the theme in force. */
export interface Palette {
  readonly scheme: 'dark' | 'light';
  readonly text: string;
  readonly text2: string;
  readonly text3: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly surface: string;
  readonly accent: string;
  readonly ok: string;
  readonly warn: string;
  readonly bad: string;
  readonly unknown: string;
  readonly font: string;
  /** `--c1` to `--c8`. */
  readonly categories: readonly string[];
}

/** A colour by its meaning, or a category by number. */
export type Tone = 'accent' | 'ok' | 'warn' | 'bad' | 'unknown' | 'text2' | number;

export function toneColor(palette: Palette, tone: Tone): string {
  if (typeof tone !== 'number') return palette[tone];
  return palette.categories[(tone - 1) % palette.categories.length] ?? palette.accent;
}

export function readPalette(scheme: 'dark' | 'light'): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    scheme,
    text: token('text'),
    text2: token('text-2'),
    text3: token('text-3'),
    line: token('line'),
    lineStrong: token('line-strong'),
    surface: token('surface'),
    accent: token('accent'),
    ok: token('ok'),
    warn: token('warn'),
    bad: token('bad'),
    unknown: token('unknown'),
    font: token('font'),
    categories: [1, 2, 3, 4, 5, 6, 7, 8].map((index) => token(`c${index}`)),
  };
}
