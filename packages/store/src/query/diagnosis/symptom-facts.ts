import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import { usualPercentilesNs } from '../histograms.ts';
import type { TimeRange } from '../range.ts';
import { fromRollup, rollupRange, rollupTypes } from '../rollup-range.ts';

/** Whose latency is looked into. */
export interface Symptom {
  readonly service: string;
  /** Of an endpoint; absent: all of the service. */
  readonly name?: string | undefined;
  readonly environment?: string | undefined;
  readonly namespace?: string | undefined;
}

/** `entry`: requests enter the system by the symptom, and its path is all of theirs. `inner`: it is called; its path is that of the services below it. */
export type Reach = 'entry' | 'inner';

export const symptomTypes = { service: 'String', name: 'String', environment: 'String', namespace: 'String' } as const;

export function symptomParams({ service, name = '', environment = '', namespace = '' }: Symptom) {
  return { service, name, environment, namespace };
}

export const isOfSymptomPlace = `({environment:String} = '' OR api_environment = {environment:String}) AND ({namespace:String} = '' OR api_namespace = {namespace:String})`;
export const isOfSymptom = `api_service = {service:String} AND ({name:String} = '' OR api_name = {name:String})`;
const isAsked: Readonly<Record<Reach, string>> = {
  entry: `is_entry = 1 AND kind IN (2, 5) AND ${isOfSymptom}`,
  inner: `kind IN (2, 5) AND service = {service:String} AND ({name:String} = '' OR name = {name:String})`,
};

/** Requests to the symptom, and how long they took. */
export const symptomQuery = (reach: Reach) =>
  defineQuery({
    name: `symptom, ${reach}`,
    isQuick: true,
    params: { ...rollupTypes, ...symptomTypes },
    row: { requests: 'Float64', failures: 'Float64', durationsNs: 'Float64', percentilesNs: 'Array(Float64)' },
    sql: `
SELECT toFloat64(sum(calls)) AS requests, toFloat64(sum(errors)) AS failures, toFloat64(sum(total_ns)) AS durationsNs,
  ${usualPercentilesNs('requests')} AS percentilesNs
FROM (
    ${fromRollup('path', 'calls, errors, total_ns, max_ns, hist', `${isAsked[reach]} AND ${isOfSymptomPlace}`)}
)`,
  });

const queries = { entry: symptomQuery('entry'), inner: symptomQuery('inner') } as const;
export const allSymptomQueries = Object.values(queries);

export async function symptomFacts(engine: Engine, range: TimeRange, symptom: Symptom, reach: Reach) {
  const [row] = await ask(engine, queries[reach], { ...rollupRange(range).params, ...symptomParams(symptom) });
  const [p50Ns = null, p95Ns = null, p99Ns = null] = row?.percentilesNs ?? [];
  return {
    requests: row?.requests ?? 0,
    errors: row?.failures ?? 0,
    totalNs: row?.durationsNs ?? 0,
    p50Ns,
    p95Ns,
    p99Ns,
  };
}
