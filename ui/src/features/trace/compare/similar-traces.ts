import type { TraceSummary } from '@sonde/api';

export interface SimilarTrace {
  readonly trace: TraceSummary;
  readonly role: 'slowest' | 'typical' | 'fastest' | 'recent';
}

const recentMax = 4;

/** A few to choose from, each once: the slowest, one of the median duration, the fastest, and the last ones. */
export function similarTraces(slowest: readonly TraceSummary[], recent: readonly TraceSummary[]): SimilarTrace[] {
  const byDuration = recent.toSorted((a, b) => a.durationNs - b.durationNs);
  const chosen: SimilarTrace[] = [];
  const add = (role: SimilarTrace['role'], trace: TraceSummary | undefined) => {
    if (trace && !chosen.some((one) => one.trace.traceId === trace.traceId)) chosen.push({ role, trace });
  };
  add('slowest', slowest[0]);
  add('typical', byDuration[Math.floor((byDuration.length - 1) / 2)]);
  add('fastest', byDuration[0]);
  for (const trace of recent.slice(0, recentMax + chosen.length)) if (chosen.length < recentMax + 3) add('recent', trace);
  return chosen;
}
