import type { SpanNode } from './trace-view.ts';

export interface StatisticsRow {
  readonly key: string;
  readonly label: string;
  /** The span's name; empty where the row is a whole service. */
  readonly name: string;
  readonly color: number;
  readonly count: number;
  readonly errors: number;
  readonly totalNs: number;
  readonly selfNs: number;
  /** Of the self time of all spans, 0..1. */
  readonly share: number;
  /** On the critical path. */
  readonly criticalNs: number;
}

/** Spans added up by subject, or by subject and name; the most self time first. */
export function statisticsRows(nodes: readonly SpanNode[], by: 'service' | 'name'): StatisticsRow[] {
  const rows = new Map<string, { -readonly [K in keyof StatisticsRow]: StatisticsRow[K] }>();
  let allSelfNs = 0;
  for (const { span, subject, color, durationNs } of nodes) {
    const name = by === 'name' ? span.name : '';
    const key = JSON.stringify([subject.label, name]);
    const row = rows.get(key) ?? {
      key,
      label: subject.label,
      name,
      color,
      count: 0,
      errors: 0,
      totalNs: 0,
      selfNs: 0,
      share: 0,
      criticalNs: 0,
    };
    row.count += 1;
    row.errors += span.status.code === 'error' ? 1 : 0;
    row.totalNs += durationNs;
    row.selfNs += span.selfNs;
    row.criticalNs += span.criticalNs;
    allSelfNs += span.selfNs;
    rows.set(key, row);
  }
  return [...rows.values()]
    .map((row) => ({ ...row, share: allSelfNs > 0 ? row.selfNs / allSelfNs : 0 }))
    .toSorted((a, b) => b.selfNs - a.selfNs);
}

export interface SelfTimeShare {
  /** A service by name, or a kind of dependency. */
  readonly of: { readonly kind: 'service'; readonly name: string } | { readonly kind: 'database' | 'queue' | 'rest' };
  readonly share: number;
}

/** Where the time went, in a line: the greatest shares of self time, what is left as the rest. */
export function selfTimeShares(nodes: readonly SpanNode[], shown: number): SelfTimeShare[] {
  const byLabel = new Map<string, { of: SelfTimeShare['of']; selfNs: number }>();
  let allSelfNs = 0;
  for (const { span, subject } of nodes) {
    const { kind } = subject;
    const of: SelfTimeShare['of'] =
      kind === 'database' || kind === 'queue' ? { kind } : { kind: 'service', name: subject.label };
    const key = of.kind === 'service' ? `service ${of.name}` : of.kind;
    const entry = byLabel.get(key) ?? { of, selfNs: 0 };
    entry.selfNs += span.selfNs;
    allSelfNs += span.selfNs;
    byLabel.set(key, entry);
  }
  if (allSelfNs === 0) return [];
  const ranked = [...byLabel.values()].toSorted((a, b) => b.selfNs - a.selfNs);
  const shares = ranked.slice(0, shown).map(({ of, selfNs }): SelfTimeShare => ({ of, share: selfNs / allSelfNs }));
  const rest = 1 - shares.reduce((sum, { share }) => sum + share, 0);
  return ranked.length > shown ? [...shares, { of: { kind: 'rest' }, share: rest }] : shares;
}
