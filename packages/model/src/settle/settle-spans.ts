import { alignClocks } from '../clock-skew.ts';
import { criticalTimesOf, onPathAs } from '../critical-path.ts';
import { selfTimesOf } from '../self-time.ts';
import { kindNumber } from '../span-columns.ts';
import { findChildren, findParents, sortChildren, type SpanChildren, type SpanParents } from '../span-forest.ts';
import { type Entries, findEntries } from './find-entries.ts';
import { joinMessages, type Messages } from './join-messages.ts';
import type { SpanBatch } from './span-batch.ts';

/** What settling says of each row of a batch, context included. docs/formats/path-rollup.md defines and draws it. */
export interface SettledSpans extends SpanParents, Messages, Entries {
  /** By aligned start. */
  readonly children: SpanChildren;
  /** Starts after the clocks of callers and callees were aligned. */
  readonly alignedNs: Float64Array;
  readonly selfNs: Float64Array;
  /** What the entry, or behind a message its consumer, waited for the span itself. */
  readonly criticalNs: Float64Array;
  /** The same with what the span waited for. */
  readonly criticalInclusiveNs: Float64Array;
  /** Nearest SERVER or CONSUMER span among the span and its ancestors, else its root: the endpoint that does the work. */
  readonly endpoint: Int32Array;
}

/**
 * Judges whole traces. Time and memory grow as n log n with the spans, whatever their shape; nothing recurses. The same spans give the
 * same figures whichever of them are `inWindow` and in whatever order the traces come.
 */
export function settleSpans(batch: SpanBatch): SettledSpans {
  const { kind, durationNs } = batch;
  const parents = findParents(batch);
  const { parent } = parents;
  const children = findChildren(parent);
  const alignedNs = alignClocks(batch, batch.host, parent, children.topDown);
  sortChildren(children, alignedNs);
  const messages = joinMessages(batch, parents);
  const entries = findEntries(batch, alignedNs, parents, messages);

  const heads: number[] = [];
  const as = new Uint8Array(kind.length);
  const endpoint = new Int32Array(kind.length);
  for (const row of children.topDown) {
    const above = parent[row] as number;
    const joined = messages.publisher[row] as number;
    const isEndpoint = kind[row] === kindNumber.server || kind[row] === kindNumber.consumer;
    endpoint[row] = isEndpoint || above === -1 ? row : (endpoint[above] as number);
    if (joined === -1 && entries.entry[row] !== row) continue;
    heads.push(row);
    as[row] = joined !== -1 && joined === above ? onPathAs.message : onPathAs.ownPath;
  }
  const critical = criticalTimesOf(alignedNs, durationNs, children, heads, as);
  return {
    ...parents,
    ...messages,
    ...entries,
    children,
    alignedNs,
    selfNs: selfTimesOf(alignedNs, durationNs, children),
    criticalNs: critical.ownNs,
    criticalInclusiveNs: critical.inclusiveNs,
    endpoint,
  };
}

/** How long a message lay between the end of its publishing and the begin of its consuming; 0 where it was consumed before. */
export function messageWaitNs(batch: SpanBatch, { alignedNs }: SettledSpans, publisher: number, consumer: number): number {
  const publishedNs = (alignedNs[publisher] as number) + (batch.durationNs[publisher] as number);
  return Math.max(0, (alignedNs[consumer] as number) - publishedNs);
}
