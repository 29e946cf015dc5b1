export type SentenceValues = Readonly<Record<string, string | undefined>>;

export interface Piece {
  readonly text: string;
  /** Which placeholder it fills; undefined: words of the catalogue. */
  readonly of?: string;
}

/** A sentence of the catalogue with its `{name}`s filled in, piece by piece, so that names and figures can be drawn as such. */
export function fillSentence(template: string, values: SentenceValues): Piece[] {
  return template
    .split(/(\{\w+\})/)
    .filter((text) => text !== '')
    .map((text) => {
      const of = /^\{(\w+)\}$/.exec(text)?.[1];
      return of === undefined ? { text } : { text: values[of] ?? '–', of };
    });
}

export function sentenceText(template: string, values: SentenceValues): string {
  return fillSentence(template, values)
    .map(({ text }) => text)
    .join('');
}

/** Whether all that the sentence names is known. */
export function canFill(template: string, values: SentenceValues): boolean {
  return [...template.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => (values[name] ?? '') !== '');
}
