import { bucketIndex } from '../log2-histogram.ts';
import { kindNumber } from '../span-columns.ts';
import { minuteOf, serverSideOf } from './callee.ts';
import { rollupBucketsPerOctave } from './path-rollup.ts';
import { messageWaitNs, type SettledSpans } from './settle-spans.ts';
import { dependencyKindNumber, type SpanBatch } from './span-batch.ts';
import { createSumTable } from './sum-table.ts';

const keys = ['minute', 'caller', 'callee', 'dependencyKind', 'dependency', 'side', 'bucket'] as const;
const sums = ['calls', 'errors', 'callerErrors', 'totalNs', 'criticalNs', 'waitNs', 'maxNs'] as const;

/** Who measured a call. */
export const edgeSideNumber = { client: 0, server: 1 } as const;

/** Rows by key, each column of the same length. The columns are those of docs/formats/path-rollup.md. */
export type EdgeRows = Readonly<Record<(typeof keys)[number], Uint32Array>> &
  Readonly<Record<(typeof sums)[number], Float64Array>>;

export interface EdgeRollup {
  /** Adds the calls that the spans in the batch's window are a side of. */
  add(batch: SpanBatch, settled: SettledSpans): void;
  readonly size: number;
  rows(): EdgeRows;
}

const nobody = -1;

/** Counts each side of each call once: a CLIENT and its SERVER may be received in different windows. */
export function createEdgeRollup(): EdgeRollup {
  const table = createSumTable(keys.length, sums.length);

  /** `measured`: the span that tells of the call. */
  function addCall(
    batch: SpanBatch,
    settled: SettledSpans,
    measured: number,
    call: { caller: number; callee: number; dependencyOf: number; side: number; waitNs: number },
  ): void {
    const { name, statusCode, durationNs } = batch;
    const caller = call.caller === nobody ? nobody : (settled.endpoint[call.caller] as number);
    const kind = call.dependencyOf === nobody ? dependencyKindNumber.none : (batch.dependencyKind[call.dependencyOf] as number);
    table.key[0] = minuteOf(batch, measured);
    table.key[1] = caller === nobody ? 0 : (name[caller] as number);
    table.key[2] = call.callee === nobody ? 0 : (name[call.callee] as number);
    table.key[3] = kind;
    table.key[4] = kind === dependencyKindNumber.none ? 0 : (batch.dependency[call.dependencyOf] as number);
    table.key[5] = call.side;
    table.key[6] = bucketIndex(durationNs[measured] as number, rollupBucketsPerOctave);
    const at = table.rowOf();
    const failed = statusCode[measured] === 2;
    const values = [
      1,
      failed ? 1 : 0,
      failed && caller !== nobody && statusCode[caller] === 2 ? 1 : 0,
      durationNs[measured] as number,
      settled.criticalInclusiveNs[measured] as number,
      call.waitNs,
    ];
    values.forEach((value, sum) => table.add(at, sum, value));
    table.raise(at, values.length, durationNs[measured] as number);
  }

  return {
    add(batch, settled) {
      const { kind, service, dependencyKind, inWindow } = batch;
      const { parent, consumed } = settled;
      const isPublished = new Uint8Array(kind.length);
      for (const { consumer } of consumed) isPublished[consumer] = 1;
      const { client, server } = edgeSideNumber;
      for (let row = 0; row < kind.length; row++) {
        if (inWindow[row] !== 1) continue;
        const above = parent[row] as number;
        const names = dependencyKind[row] === dependencyKindNumber.none ? nobody : row;
        if (kind[row] === kindNumber.server) {
          if (above === -1 || (kind[above] !== kindNumber.client && service[above] === service[row])) continue;
          addCall(batch, settled, row, { caller: above, callee: row, dependencyOf: nobody, side: server, waitNs: 0 });
        } else if (kind[row] === kindNumber.consumer) {
          // From a queue, by whom is not known.
          if (isPublished[row] === 1 || names === nobody) continue;
          addCall(batch, settled, row, { caller: nobody, callee: row, dependencyOf: row, side: server, waitNs: 0 });
        } else {
          const callee = serverSideOf(batch, settled, row);
          if (callee === -1 && names === nobody) continue;
          const dependencyOf = callee === -1 ? row : nobody;
          addCall(batch, settled, row, { caller: row, callee, dependencyOf, side: client, waitNs: 0 });
        }
      }
      for (const message of consumed) {
        if (inWindow[message.consumer] !== 1) continue;
        // Both may name the queue; a receiver knows better what it reads from.
        const known = dependencyKind[message.consumer] !== dependencyKindNumber.none;
        addCall(batch, settled, message.consumer, {
          caller: message.publisher,
          callee: message.consumer,
          dependencyOf: known ? message.consumer : message.publisher,
          side: server,
          waitNs: messageWaitNs(batch, settled, message.publisher, message.consumer),
        });
      }
    },
    get size() {
      return table.size;
    },
    rows: () =>
      Object.fromEntries([
        ...keys.map((name, at) => [name, table.keyColumn(at)]),
        ...sums.map((name, at) => [name, table.sumColumn(at)]),
      ]) as EdgeRows,
  };
}
