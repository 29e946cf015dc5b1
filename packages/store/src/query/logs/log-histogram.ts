import type { getLogHistogram } from '@sonde/api';
import { severities } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import type { TimeRange } from '../range.ts';
import type { SearchCondition } from '../search/condition.ts';
import { checkPatterns } from '../search/patterns.ts';
import { stepParams, stepsOf, stepTypes } from '../steps.ts';
import { logCondition, severityLevel } from './log-condition.ts';
import { type LogFilters, logMatches, logParams, logTypes } from './logs.ts';

const stepMsMin = 1000;

export const logHistogramQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'logHistogram',
    params: { ...logTypes, ...stepTypes },
    row: { step: 'UInt32', level: 'UInt8', recordCount: 'Float64' },
    sql: `
SELECT toUInt32(intDiv(toUnixTimestamp64Nano(time) - {fromNs:Int64}, {stepNs:Int64})) AS step, toUInt8(${severityLevel}) AS level,
  toFloat64(count()) AS recordCount
FROM logs
WHERE ${logMatches(search)}
GROUP BY step, level`,
  });

/** How many records of each severity began in each step. Severities that nothing has are left out. */
export async function logHistogram(
  engine: Engine,
  range: TimeRange,
  filters: LogFilters,
): Promise<Static<typeof getLogHistogram.reply>> {
  await checkPatterns(engine, filters.search);
  const search = logCondition(filters.search);
  const steps = stepsOf(range, stepMsMin);
  const params = { ...logParams(range, filters), ...stepParams(steps) };
  const rows = await ask(engine, logHistogramQuery(search), params, search.params);
  const ofSeverity = severities.map((severity) => ({ severity, counts: steps.timesMs.map(() => 0) }));
  for (const row of rows) (ofSeverity[row.level]?.counts ?? [])[row.step] = row.recordCount;
  return {
    range,
    stepMs: steps.stepMs,
    timesMs: [...steps.timesMs],
    total: rows.reduce((sum, row) => sum + row.recordCount, 0),
    severities: ofSeverity.filter((_, level) => rows.some((row) => row.level === level)),
  };
}
