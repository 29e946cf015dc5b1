import { kindNumber } from '../span-columns.ts';
import { eachCycle, type SpanParents } from '../span-forest.ts';
import { type SpanBatch, traceElsewhere } from './span-batch.ts';

/** Which messages were published by whom. */
export interface Messages {
  /** For each row: the publishing span that a CONSUMER span is charged to, -1 for what consumes nothing that is known. */
  readonly publisher: Int32Array;
  /** What each span was done for: the publisher of its message, else its parent, -1 for neither. Leads in no circle. */
  readonly above: Int32Array;
  /** Every message: its CONSUMER span and the span that published it. A span that consumes a batch has several. */
  readonly consumed: readonly { readonly consumer: number; readonly publisher: number }[];
}

/**
 * Joins CONSUMER spans to what published their messages: the parent, or else the first link, that is recorded and is a PRODUCER span or
 * of another service. Other spans' links join nothing. Where links lead in a circle,
 * the CONSUMER span of it that begins first, joined by a link, is joined to nothing.
 *
 *     shop  SERVER POST /orders   |====|
 *       shop  PRODUCER orders       |=| <- - - - - - -.  parent or link
 *                                                     :
 *     mail  CONSUMER orders                |=======| -'
 */
export function joinMessages(batch: SpanBatch, { parent, ids }: SpanParents): Messages {
  const { kind, service, linkRow, linkTrace, linkIdHigh, linkIdLow, startNs } = batch;
  const publisher = new Int32Array(kind.length).fill(-1);
  const consumed: { consumer: number; publisher: number }[] = [];
  const publishes = (row: number, consumer: number): boolean =>
    row >= 0 && row !== consumer && (kind[row] === kindNumber.producer || service[row] !== service[consumer]);

  for (let row = 0; row < kind.length; row++) {
    const above = parent[row] as number;
    if (kind[row] !== kindNumber.consumer || !publishes(above, row)) continue;
    publisher[row] = above;
    consumed.push({ consumer: row, publisher: above });
  }
  let linked = false;
  for (let link = 0; link < linkRow.length; link++) {
    const row = linkRow[link] as number;
    if (kind[row] !== kindNumber.consumer || linkTrace[link] === traceElsewhere) continue;
    const target = ids.find(linkTrace[link] as number, linkIdHigh[link] as number, linkIdLow[link] as number);
    // The parent is often linked too; that is one message.
    if (!publishes(target, row) || target === parent[row]) continue;
    consumed.push({ consumer: row, publisher: target });
    if (publisher[row] !== -1) continue;
    publisher[row] = target;
    linked = true;
  }
  const above = parent.map((row, consumer) => (publisher[consumer] === -1 ? row : (publisher[consumer] as number)));
  if (linked) {
    // Trees have no cycles, so a circle has at least one link in it. It is cut for good: the span is as one that nobody called.
    eachCycle(above, (circle) => {
      let first = -1;
      for (const row of circle) {
        if (publisher[row] === -1 || publisher[row] === parent[row]) continue;
        const [a, b] = [startNs[row] as number, startNs[first] ?? Infinity];
        if (a < b || (a === b && row < first)) first = row;
      }
      publisher[first] = -1;
      above[first] = -1;
    });
  }
  return { publisher, above, consumed };
}
