import { type DiffRow, diffTraces, type Verdict, verdicts } from '@sonde/model';
import { displayName } from '../span-subject.ts';
import type { SpanNode, TraceView } from '../trace-view.ts';

/** A row of the comparison: the span of A, that of B, or both. */
export interface CompareRow extends DiffRow {
  readonly nodeA: SpanNode | undefined;
  readonly nodeB: SpanNode | undefined;
  readonly label: string;
  readonly name: string;
  /** 1..8. */
  readonly color: number;
}

export function compareRows(a: TraceView, b: TraceView): CompareRow[] {
  return diffTraces(diffSpans(a), diffSpans(b)).map((row): CompareRow => {
    const nodeA = a.nodes[row.a];
    const nodeB = b.nodes[row.b];
    // Each row has at least one of the two.
    const node = (nodeA ?? nodeB) as SpanNode;
    return { ...row, nodeA, nodeB, label: node.subject.label, name: displayName(node.span), color: node.color };
  });
}

function diffSpans({ nodes }: TraceView) {
  return nodes.map(({ span: { service, name, kind, selfNs, criticalNs }, startNs, durationNs, parent }) => ({
    service,
    name,
    kind,
    startNs,
    durationNs,
    selfNs,
    criticalNs,
    parent,
  }));
}

export function countVerdicts(rows: readonly CompareRow[]): Record<Verdict, number> {
  const counts = Object.fromEntries(verdicts.map((one) => [one, 0])) as Record<Verdict, number>;
  for (const { verdict } of rows) counts[verdict] += 1;
  return counts;
}

/** As called; or by the difference of what each span itself took, the greatest first: a parent is no worse for what its child did. */
export function orderRows(rows: readonly CompareRow[], order: 'tree' | 'worst', only: Verdict | undefined): CompareRow[] {
  const shown = only === undefined ? rows.slice() : rows.filter(({ verdict }) => verdict === only);
  return order === 'tree' ? shown : shown.toSorted((x, y) => Math.abs(y.selfNs) - Math.abs(x.selfNs));
}

export interface Cause {
  readonly label: string;
  readonly name: string;
  readonly calls: number;
  readonly criticalNs: number;
}

export interface Summary {
  /** B's entry minus A's. */
  readonly durationNs: number;
  /** Where on the critical path it came from: what counts most in that direction, and what counts most against it. */
  readonly causes: readonly Cause[];
  readonly against: Cause | undefined;
}

const causesMax = 2;
/** A smaller part of the difference is no cause worth a word. */
const worthSaying = 0.1;

/**
 * The difference of the two entries and where it comes from. Critical-path times add up to the entry's duration, so their differences
 * add up to its difference; calls of the same name of the same service are told together.
 */
export function summarize(rows: readonly CompareRow[], a: TraceView, b: TraceView): Summary {
  const byName = new Map<string, { -readonly [K in keyof Cause]: Cause[K] }>();
  for (const { label, name, criticalNs } of rows) {
    if (criticalNs === 0) continue;
    const key = JSON.stringify([label, name]);
    const cause = byName.get(key) ?? { label, name, calls: 0, criticalNs: 0 };
    cause.calls += 1;
    cause.criticalNs += criticalNs;
    byName.set(key, cause);
  }
  const durationNs = (b.root?.durationNs ?? 0) - (a.root?.durationNs ?? 0);
  const worth = Math.abs(durationNs) * worthSaying;
  const ranked = [...byName.values()]
    .filter(({ criticalNs }) => Math.abs(criticalNs) > worth)
    .toSorted((x, y) => Math.abs(y.criticalNs) - Math.abs(x.criticalNs));
  const along = ranked.filter(({ criticalNs }) => criticalNs > 0 === durationNs > 0);
  return {
    durationNs,
    causes: along.slice(0, causesMax),
    against: ranked.find(({ criticalNs }) => criticalNs > 0 !== durationNs > 0),
  };
}
