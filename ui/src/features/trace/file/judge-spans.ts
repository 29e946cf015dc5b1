import type { Span, Trace } from '@sonde/api';
import { buildTraceTree, criticalTimes, selfTimes, skewedSpans } from '@sonde/model';
import { nanosBetween } from '../../../base/time.ts';

/** A span as it stands in a file: what only the whole trace tells is not known yet. */
export type ReadSpan = Omit<Span, 'startTimeUnixNano' | 'durationNs' | 'selfNs' | 'criticalNs' | 'statement'> & {
  readonly startNano: bigint;
  readonly endNano: bigint;
};

/** What the collector makes of stored spans, for those of a file: order, self and critical-path time, and what is uncertain. */
export function judgeSpans(traceId: string, read: readonly ReadSpan[], resources: Trace['resources']): Trace {
  const inOrder = read.toSorted((a, b) => (a.startNano < b.startNano ? -1 : a.startNano > b.startNano ? 1 : 0));
  const first = String(inOrder[0]?.startNano ?? 0n);
  const timed = inOrder.map(({ spanId, parentSpanId, kind, service, startNano, endNano }) => ({
    spanId,
    parentSpanId,
    kind,
    service,
    startNs: nanosBetween(first, String(startNano)),
    durationNs: durationOf(startNano, endNano),
  }));
  const tree = buildTraceTree(timed);
  const selfNs = selfTimes(tree);
  const criticalNs = criticalTimes(tree);
  const warnings: Trace['warnings'] = [];
  const warn = (code: Trace['warnings'][number]['code'], indexes: readonly number[]) => {
    if (indexes.length === 0) return;
    const spanIds = indexes.slice(0, 100).map((index) => inOrder[index]?.spanId ?? '');
    warnings.push({ code, message: `${code}: ${indexes.length}`, spanIds });
  };
  for (const code of ['missing-parent', 'duplicate-span-id', 'parent-cycle'] as const) {
    warn(
      code,
      tree.problems.filter(({ problem }) => problem === code).map(({ index }) => index),
    );
  }
  warn('clock-skew', skewedSpans(tree));
  warn(
    'negative-duration',
    inOrder.flatMap(({ startNano, endNano }, index) => (endNano < startNano ? [index] : [])),
  );
  return {
    traceId,
    startTimeUnixNano: first,
    durationNs: timed.reduce((end, { startNs, durationNs }) => Math.max(end, startNs + durationNs), 0),
    spans: inOrder.map(({ startNano, endNano, ...span }, index) => ({
      ...span,
      startTimeUnixNano: String(startNano),
      durationNs: durationOf(startNano, endNano),
      selfNs: selfNs[index] ?? 0,
      criticalNs: criticalNs[index] ?? 0,
      statement: null,
    })),
    resources: [...resources],
    warnings,
  };
}

function durationOf(startNano: bigint, endNano: bigint): number {
  return endNano > startNano ? Number(endNano - startNano) : 0;
}
