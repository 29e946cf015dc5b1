/** Where a list goes on: after the item with this place in the order and this trace id. Opaque to those who pass it back. */
export interface Cursor {
  readonly sort: 'time' | 'duration';
  /** Start time or duration, ns. */
  readonly place: bigint;
  /** 32 hex digits. */
  readonly traceId: string;
}

/** The cursor is not one that was given out, or was given out for another order. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}

export function writeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.sort} ${cursor.place} ${cursor.traceId}`).toString('base64url');
}

export function readCursor(text: string, sort: Cursor['sort']): Cursor {
  const match = /^(time|duration) (-?\d{1,19}) ([0-9a-f]{32})$/.exec(Buffer.from(text, 'base64url').toString());
  const [, writtenSort, place, traceId] = match ?? [];
  if (place === undefined || traceId === undefined) throw new BadCursor('Not a cursor of this list.');
  if (writtenSort !== sort) throw new BadCursor('The cursor belongs to another order of the list.');
  return { sort, place: BigInt(place), traceId };
}
