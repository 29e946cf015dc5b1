import type { PartKind } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import type { TimeRange } from '../range.ts';
import { rollupRange, rollupStep, rollupSteps, rollupStepTypes, rollupTypes } from '../rollup-range.ts';
import { partKey, partRow, partsOnWay, partTexts } from './part-columns.ts';
import { type Reach, type Symptom, symptomParams, symptomTypes } from './symptom-facts.ts';

/** What was done in each place on the symptom's way over time, instances together. */
export const partLinesQuery = (reach: Reach) =>
  defineQuery({
    name: `path part lines, ${reach}`,
    params: { ...rollupTypes, ...rollupStepTypes, ...symptomTypes, services: 'Array(String)' },
    row: {
      ...partRow,
      step: 'UInt32',
      callCount: 'Float64',
      failures: 'Float64',
      criticalNs: 'Float64',
      durationsNs: 'Float64',
      served: 'Float64',
      servedFailures: 'Float64',
      messageCount: 'Float64',
      waitNs: 'Float64',
    },
    sql: `
SELECT ${partTexts}, step, toFloat64(sum(calls)) AS callCount, toFloat64(sum(errors)) AS failures,
  toFloat64(sum(waited_ns)) AS criticalNs, toFloat64(sum(total_ns)) AS durationsNs,
  toFloat64(sumIf(calls, kind IN (2, 5))) AS served, toFloat64(sumIf(errors, kind IN (2, 5))) AS servedFailures,
  toFloat64(sum(messages)) AS messageCount, toFloat64(sum(wait_ns)) AS waitNs
FROM (${partsOnWay(reach, `, ${rollupStep} AS step`)}
)
GROUP BY ${partKey}, step
LIMIT 200000`,
  });

const queries = { entry: partLinesQuery('entry'), inner: partLinesQuery('inner') } as const;
export const allPartLineQueries = Object.values(queries);

export interface PartLine {
  readonly kind: PartKind;
  readonly service: string;
  readonly system: string;
  readonly address: string;
  readonly name: string;
  readonly hash: string;
  readonly step: number;
  readonly calls: number;
  readonly errors: number;
  readonly criticalNs: number;
  readonly totalNs: number;
  readonly served: number;
  readonly servedErrors: number;
  readonly messages: number;
  readonly waitNs: number;
}

const stepsMax = 60;

/** Each part over a range, and the range's steps. */
export async function partLines(engine: Engine, range: TimeRange, symptom: Symptom, reach: Reach, services: readonly string[]) {
  const asked = rollupRange(range);
  const steps = rollupSteps(asked, stepsMax);
  const rows = await ask(engine, queries[reach], {
    ...asked.params,
    ...steps.params,
    ...symptomParams(symptom),
    services,
  });
  const lines = rows.map((row): PartLine => ({
    kind: row.part as PartKind,
    service: row.partService,
    system: row.system,
    address: row.address,
    name: row.dependency,
    hash: row.part === 'statement' ? row.hash : '',
    step: row.step,
    calls: row.callCount,
    errors: row.failures,
    criticalNs: row.criticalNs,
    totalNs: row.durationsNs,
    served: row.served,
    servedErrors: row.servedFailures,
    messages: row.messageCount,
    waitNs: row.waitNs,
  }));
  return { steps, lines };
}
