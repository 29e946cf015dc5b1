import {
  createEdgeRollup,
  createPathRollup,
  findParents,
  kindNumber,
  type SpanBatch,
  type SpanParents,
  settleSpans,
  traceElsewhere,
} from '@sonde/model';
import type { NameLimit } from './name-limit.ts';
import { Numbering } from './numbering.ts';
import { type RollupBlocks, rollupBlocks } from './rollup-blocks.ts';
import { batchOf, gather, offsetsOfTraces, readSpanRows, type SpanRows, traceKey } from './span-rows.ts';

export interface WindowResult extends RollupBlocks {
  readonly spans: number;
  readonly traces: number;
}

/** How long before its window a trace was read. What a longer span waited for may have come before. */
export const contextSeconds = 30;

/**
 * Judges the spans of one window, read in a few rounds: what lies outside of what was read is asked for, and read in the next.
 */
export class WindowSettling {
  readonly #numbering = new Numbering();
  readonly #originMinute: number;
  readonly #asked = new Set<string>();
  #rows: SpanRows | undefined;
  #batch: SpanBatch | undefined;

  constructor(originMinute: number) {
    this.#originMinute = originMinute;
  }

  /** Takes an answer; whole traces, which take the place of what was read of them before. Says which traces are wanted, latin1. */
  read(bytes: Uint8Array): string[] {
    const read = readSpanRows(bytes, this.#numbering);
    this.#rows = this.#rows === undefined ? read : withoutTracesOf(this.#rows, read);
    this.#batch = batchOf(this.#rows, this.#originMinute);
    const wanted = wantedTraces(this.#rows, this.#batch, findParents(this.#batch)).filter((id) => !this.#asked.has(id));
    for (const id of wanted) this.#asked.add(id);
    return wanted;
  }

  finish(names: NameLimit): WindowResult {
    if (!this.#batch) throw new Error('nothing was read');
    const settled = settleSpans(this.#batch);
    const paths = createPathRollup();
    const edges = createEdgeRollup();
    paths.add(this.#batch, settled);
    edges.add(this.#batch, settled);
    return {
      ...rollupBlocks(paths.rows(), edges.rows(), this.#numbering, names),
      spans: this.#batch.inWindow.reduce((sum, isIn) => sum + isIn, 0),
      traces: this.#batch.traceOffsets.length - 1,
    };
  }
}

function withoutTracesOf(rows: SpanRows, read: SpanRows): SpanRows {
  const firstRows = offsetsOfTraces(read).subarray(0, -1);
  const again = new Set(Array.from(firstRows, (row) => traceKey(read.traceIds, row)));
  const keep: number[] = [];
  const offsets = offsetsOfTraces(rows);
  for (let trace = 0; trace < offsets.length - 1; trace++) {
    const from = offsets[trace] as number;
    if (again.has(traceKey(rows.traceIds, from))) continue;
    for (let row = from; row < (offsets[trace + 1] as number); row++) keep.push(row);
  }
  return gather(rows, Uint32Array.from(keep), read);
}

/**
 * Traces of which something may have become visible outside of what was read, as far as it matters for the spans of the window:
 *  - that published what a CONSUMER span of it reads;
 *  - whose parent is missing, but for SERVER spans: those are entries then, and whoever calls from outside never reports;
 *  - that have a span longer than the context: its children may have come before.
 */
function wantedTraces(rows: SpanRows, batch: SpanBatch, { problems }: SpanParents): string[] {
  const wanted = new Set<string>();
  const { linkRow, linkTrace, inWindow, kind, traceOffsets, durationNs } = batch;
  for (let link = 0; link < linkRow.length; link++) {
    if (linkTrace[link] === traceElsewhere && kind[linkRow[link] as number] === kindNumber.consumer) {
      wanted.add(traceKey(rows.linkTraceIds, link));
    }
  }
  for (let trace = 0; trace < traceOffsets.length - 1; trace++) {
    const from = traceOffsets[trace] as number;
    for (let row = from; row < (traceOffsets[trace + 1] as number); row++) {
      if (inWindow[row] !== 1 || (durationNs[row] as number) <= contextSeconds * 1e9) continue;
      wanted.add(traceKey(rows.traceIds, from));
      break;
    }
  }
  for (const { problem, index } of problems) {
    if (problem === 'missing-parent' && inWindow[index] === 1 && kind[index] !== kindNumber.server) {
      wanted.add(traceKey(rows.traceIds, index));
    }
  }
  return [...wanted];
}
