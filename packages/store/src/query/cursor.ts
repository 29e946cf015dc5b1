import { createHash } from 'node:crypto';

/**
 * Where a list goes on. Opaque to those who pass it back: which question it belongs to, and the place of the last item in the order of the
 * list, so that what is added meanwhile neither repeats an item nor hides one. The range is no part of the question: a place in time is
 * the same in another.
 */

/** The cursor is not one that was given out, or was given out for another question. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}

/** A list with an order and filters, as a short word. */
export function questionOf(list: string, filters: object): string {
  const asked = Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${list}:${createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 12)}`;
}

/** `place`: whole numbers or hexadecimal ids. */
export function writePlace(question: string, place: readonly string[]): string {
  return Buffer.from([question, ...place].join(',')).toString('base64url');
}

/** The place, of `parts` parts: whole numbers of up to 20 digits or, as the last, 32 hexadecimal ones. Throws BadCursor. */
export function readPlace(text: string, question: string, parts: number): string[] {
  const [written, ...place] = Buffer.from(text, 'base64url').toString().split(',');
  const isPlace = place.every((part, i) => /^-?\d{1,20}$/.test(part) || (i === parts - 1 && /^[0-9a-f]{32}$/.test(part)));
  if (written === undefined || !/^[a-z -]+:[0-9a-f]{12}$/.test(written) || place.length !== parts || !isPlace) {
    throw new BadCursor('Not a cursor of this list.');
  }
  if (written !== question) throw new BadCursor('The cursor belongs to a list with other filters or another order.');
  return place;
}
