import type { Changes } from '@sonde/api';
import { newestFirst, type SystemFacts, systemChanges } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import type { TimeRange } from '../range.ts';
import { statementTexts } from '../statements.ts';
import { askedLinesQuery, dated, servedLinesQuery } from './change-lines.ts';
import { periodsOf } from './diagnosis.ts';
import { askedQuery, failedCallsQuery, servedQuery, systemFacts } from './system-facts.ts';
import { toldChange } from './told-change.ts';

export const allChangesQueries = [servedQuery, askedQuery, failedCallsQuery, servedLinesQuery, askedLinesQuery];

export interface ChangesOptions {
  /** Absent: the period of equal length just before what is answered for. */
  readonly baseline?: TimeRange | undefined;
  readonly limit: number;
  readonly environment?: string | undefined;
  readonly namespace?: string | undefined;
}

export async function changes(
  engine: Engine,
  asked: TimeRange,
  { baseline: askedBaseline, limit, ...place }: ChangesOptions,
): Promise<Changes> {
  const { baseline, range } = periodsOf(asked, askedBaseline);
  const facts = (period: TimeRange) => systemFacts(engine, period, place);
  const [before, now] = await Promise.all([facts(baseline), facts(range)]);
  const found = newestFirst(await dated(engine, range, place, systemChanges(before, now)));
  const told = found.slice(0, limit);
  const texts = await statementTexts(
    engine,
    told.map(({ hash }) => hash).filter((hash) => hash !== ''),
  );
  return {
    range,
    baseline,
    requests: { baseline: servedIn(before), now: servedIn(now) },
    items: told.map((change) => toldChange(change, texts)),
    isTruncated: found.length > limit,
  };
}

function servedIn({ parts }: SystemFacts): number {
  return parts.reduce((sum, { served }) => sum + served, 0);
}
