import type { PartKind, PathPart } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import type { TimeRange } from '../range.ts';
import { rollupRange, rollupTypes } from '../rollup-range.ts';
import { callGaps, towardsCallees } from './call-gaps.ts';
import { partKey, partRow, partsOnWay, partTexts } from './part-columns.ts';
import { type Reach, type Symptom, symptomParams, symptomTypes } from './symptom-facts.ts';

/** What each instance did in each place on the symptom's way. */
export const partsQuery = (reach: Reach) =>
  defineQuery({
    name: `path parts, ${reach}`,
    params: { ...rollupTypes, ...symptomTypes, services: 'Array(String)' },
    row: {
      ...partRow,
      version: 'LowCardinality(String)',
      instance: 'LowCardinality(String)',
      host: 'LowCardinality(String)',
      callCount: 'Float64',
      failures: 'Float64',
      criticalNs: 'Float64',
      durationsNs: 'Float64',
      served: 'Float64',
      servedFailures: 'Float64',
      servedNs: 'Float64',
      messageCount: 'Float64',
      waitNs: 'Float64',
      firstSeconds: 'UInt32',
      lastSeconds: 'UInt32',
    },
    sql: `
SELECT ${partTexts}, version, instance, host,
  toFloat64(sum(calls)) AS callCount, toFloat64(sum(errors)) AS failures, toFloat64(sum(waited_ns)) AS criticalNs,
  toFloat64(sum(total_ns)) AS durationsNs, toFloat64(sumIf(calls, kind IN (2, 5))) AS served,
  toFloat64(sumIf(errors, kind IN (2, 5))) AS servedFailures, toFloat64(sumIf(total_ns, kind IN (2, 5))) AS servedNs,
  toFloat64(sum(messages)) AS messageCount, toFloat64(sum(wait_ns)) AS waitNs, toUInt32(min(toUnixTimestamp(time))) AS firstSeconds,
  toUInt32(max(toUnixTimestamp(time))) AS lastSeconds
FROM (${partsOnWay(reach)}
)
GROUP BY ${partKey}, version, instance, host
LIMIT 50000`,
  });

const queries = { entry: partsQuery('entry'), inner: partsQuery('inner') } as const;
export const allPathPartQueries = Object.values(queries);

export async function pathParts(
  engine: Engine,
  range: TimeRange,
  symptom: Symptom,
  reach: Reach,
  services: readonly string[],
): Promise<PathPart[]> {
  const { params } = rollupRange(range);
  const rows = await ask(engine, queries[reach], { ...params, ...symptomParams(symptom), services });
  const parts = rows.map((row): PathPart => {
    const isCall = row.part === 'call';
    return {
      kind: row.part as PartKind,
      service: row.partService,
      version: row.version,
      instance: row.instance,
      host: row.host,
      system: row.system,
      address: row.address,
      name: row.dependency,
      hash: row.part === 'statement' ? row.hash : '',
      calls: row.callCount,
      errors: isCall ? 0 : row.failures,
      callErrors: isCall ? row.failures : 0,
      criticalNs: row.criticalNs,
      totalNs: row.durationsNs,
      served: row.served,
      servedErrors: row.servedFailures,
      servedNs: row.servedNs,
      messages: row.messageCount,
      waitNs: row.waitNs,
      firstSeenMs: row.firstSeconds * 1000,
      lastSeenMs: row.lastSeconds * 1000,
    };
  });
  const callers = [...new Set(parts.filter(({ kind }) => kind === 'call').map(({ service }) => service))];
  const gaps = await callGaps(engine, range, callers);
  return parts.flatMap((part) => (part.kind === 'call' ? towardsCallees(part, gaps) : [part]));
}
