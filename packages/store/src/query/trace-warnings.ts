import type { TraceWarning } from '@sonde/api';
import { skewedSpans, type TraceTree, type TreeProblem } from '@sonde/model';
import type { Static } from 'typebox';

type Warning = Static<typeof TraceWarning>;

/** Spans named in one warning; the message has the whole number. */
const spanIdsMax = 100;

const treeProblems: readonly { readonly code: TreeProblem; readonly says: string }[] = [
  { code: 'missing-parent', says: 'the parent is not recorded; shown at the top.' },
  { code: 'duplicate-span-id', says: 'the id occurs more than once.' },
  { code: 'parent-cycle', says: 'an ancestor of itself; the cycle is cut there.' },
];

/** What a reader must know about the tree before believing it. */
export function traceWarnings(found: {
  readonly spanIds: readonly string[];
  readonly tree: TraceTree;
  readonly negative: readonly number[];
  readonly truncated: string | undefined;
}): Warning[] {
  const { spanIds: ids, tree, negative, truncated } = found;
  const warnings: Warning[] = [];
  const warn = (code: Warning['code'], indexes: readonly number[], says: string) => {
    if (indexes.length === 0) return;
    const spanIds = indexes.slice(0, spanIdsMax).map((index) => ids[index] as string);
    warnings.push({ code, message: `${indexes.length} ${indexes.length === 1 ? 'span' : 'spans'}: ${says}`, spanIds });
  };
  for (const { code, says } of treeProblems) {
    warn(
      code,
      tree.problems.filter(({ problem }) => problem === code).map(({ index }) => index),
      says,
    );
  }
  warn('clock-skew', skewedSpans(tree), 'began before the parent did; the clocks of two machines disagree.');
  warn('negative-duration', negative, 'ended before it began; shown without duration.');
  if (truncated !== undefined) warnings.push({ code: 'truncated', message: truncated, spanIds: [] });
  return warnings;
}
