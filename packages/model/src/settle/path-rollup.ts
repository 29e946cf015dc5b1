import { bucketIndex } from '../log2-histogram.ts';
import { dependencyKindOf, minuteOf } from './callee.ts';
import { firstTouches, touch } from './first-touches.ts';
import { messageWaitNs, type SettledSpans } from './settle-spans.ts';
import { dependencyKindNumber, type SpanBatch } from './span-batch.ts';
import { createSumTable } from './sum-table.ts';

/** Buckets to an octave in the rollups' histograms. */
export const rollupBucketsPerOctave = 8;

const keys = [
  'minute',
  'api',
  'apiKind',
  'asynchronous',
  'isEntry',
  'service',
  'name',
  'kind',
  'instance',
  'host',
  'dependencyKind',
  'dependency',
  'bucket',
] as const;
const sums = [
  'calls',
  'errors',
  'inclusiveNs',
  'selfNs',
  'criticalNs',
  'messages',
  'waitNs',
  'requestsByService',
  'requestsByHost',
  'requestsByDependency',
  'maxNs',
] as const;

/** Rows by key, each column of the same length. The columns are those of docs/formats/path-rollup.md. */
export type PathRows = Readonly<Record<(typeof keys)[number], Uint32Array>> &
  Readonly<Record<(typeof sums)[number], Float64Array>>;

export interface PathRollup {
  /** Adds what the spans in the batch's window were done for. */
  add(batch: SpanBatch, settled: SettledSpans): void;
  readonly size: number;
  rows(): PathRows;
}

const keyAt = Object.fromEntries(keys.map((key, at) => [key, at])) as Record<(typeof keys)[number], number>;
const sumAt = Object.fromEntries(sums.map((sum, at) => [sum, at])) as Record<(typeof sums)[number], number>;

/** Counts every span that is in its window once, under the API that it was done for. */
export function createPathRollup(): PathRollup {
  const table = createSumTable(keys.length, sums.length);
  const { key } = table;

  function rowOf(batch: SpanBatch, settled: SettledSpans, row: number, entry: number, asynchronous: number): number {
    const kind = dependencyKindOf(batch, settled, row);
    key[keyAt.minute] = minuteOf(batch, row);
    key[keyAt.api] = batch.name[entry] as number;
    key[keyAt.apiKind] = batch.kind[entry] as number;
    key[keyAt.asynchronous] = asynchronous;
    key[keyAt.isEntry] = entry === row ? 1 : 0;
    key[keyAt.service] = batch.service[row] as number;
    key[keyAt.name] = batch.name[row] as number;
    key[keyAt.kind] = batch.kind[row] as number;
    key[keyAt.instance] = batch.instance[row] as number;
    key[keyAt.host] = batch.host[row] as number;
    key[keyAt.dependencyKind] = kind;
    key[keyAt.dependency] = kind === dependencyKindNumber.none ? 0 : (batch.dependency[row] as number);
    key[keyAt.bucket] = bucketIndex(batch.durationNs[row] as number, rollupBucketsPerOctave);
    return table.rowOf();
  }

  return {
    add(batch, settled) {
      const { entry, asynchronous, selfNs, criticalNs, consumed } = settled;
      const touches = firstTouches(batch, settled);
      for (let row = 0; row < batch.kind.length; row++) {
        if (batch.inWindow[row] !== 1) continue;
        const at = rowOf(batch, settled, row, entry[row] as number, asynchronous[row] as number);
        table.add(at, sumAt.calls, 1);
        if (batch.statusCode[row] === 2) table.add(at, sumAt.errors, 1);
        table.add(at, sumAt.inclusiveNs, batch.durationNs[row] as number);
        table.raise(at, sumAt.maxNs, batch.durationNs[row] as number);
        table.add(at, sumAt.selfNs, selfNs[row] as number);
        table.add(at, sumAt.criticalNs, criticalNs[row] as number);
        const first = touches[row] as number;
        if ((first & touch.service) !== 0) table.add(at, sumAt.requestsByService, 1);
        if ((first & touch.host) !== 0) table.add(at, sumAt.requestsByHost, 1);
        if ((first & touch.dependency) !== 0) table.add(at, sumAt.requestsByDependency, 1);
      }
      for (const { consumer, publisher } of consumed) {
        if (batch.inWindow[consumer] !== 1) continue;
        const at = rowOf(batch, settled, consumer, entry[publisher] as number, 1);
        table.add(at, sumAt.messages, 1);
        table.add(at, sumAt.waitNs, messageWaitNs(batch, settled, publisher, consumer));
      }
    },
    get size() {
      return table.size;
    },
    rows: () =>
      Object.fromEntries([
        ...keys.map((name) => [name, table.keyColumn(keyAt[name])]),
        ...sums.map((name) => [name, table.sumColumn(sumAt[name])]),
      ]) as PathRows,
  };
}
