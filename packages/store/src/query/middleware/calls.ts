import { histogramPercentile, rollupBucketsPerOctave } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import type { Place } from '../ranked.ts';
import { fromRollup, type RollupRange, rollupTypes } from '../rollup-range.ts';
import { localHost } from './called.ts';

/** More addresses than these are no middleware any more, but a service that asks the whole world. */
const calledMax = 5000;

export const isIn = `({environment:String} = '' OR environment = {environment:String}) AND ({namespace:String} = '' OR namespace = {namespace:String})`;
const columns =
  'service, host, kind, dependency_kind, dependency_system, dependency_address, dependency_name, calls, errors, messages, wait_ns, max_ns, hist';

/** Every dependency there is, as callers see it. Of queues what publishes are its requests. */
export const calledQuery = defineQuery({
  name: 'called',
  isQuick: true,
  params: { ...rollupTypes, environment: 'String', namespace: 'String' },
  row: {
    dependencyKind: 'UInt8',
    system: 'String',
    address: 'String',
    dependencyName: 'String',
    host: 'String',
    hosts: 'Array(String)',
    services: 'Array(String)',
    requests: 'Float64',
    failures: 'Float64',
    read: 'Float64',
    waitNs: 'Float64',
    maxNs: 'Float64',
    buckets: 'Array(UInt16)',
    counts: 'Array(Float64)',
  },
  sql: `
SELECT * EXCEPT merged, merged.1 AS buckets, arrayMap(n -> toFloat64(n), merged.2) AS counts
FROM (
  SELECT dependency_kind AS dependencyKind, CAST(dependency_system, 'String') AS system, CAST(dependency_address, 'String') AS address,
    CAST(dependency_name, 'String') AS dependencyName, local_host AS host,
    arraySort(groupUniqArray(CAST(called_host, 'String'))) AS hosts, arraySort(groupUniqArray(CAST(service, 'String'))) AS services,
    toFloat64(sumIf(calls, kind != 5)) AS requests, toFloat64(sumIf(errors, kind != 5)) AS failures,
    toFloat64(sum(messages)) AS read, toFloat64(sum(wait_ns)) AS waitNs, toFloat64(maxIf(max_ns, kind != 5)) AS maxNs,
    sumMapIf(hist.1, hist.2, kind != 5) AS merged
  FROM (
    SELECT *, host AS called_host, ${localHost} AS local_host FROM (
    ${fromRollup('path', columns, `dependency_kind != 0 AND ${isIn}`)}
    )
  )
  GROUP BY dependency_kind, dependency_system, dependency_address, dependency_name, local_host
)
ORDER BY requests DESC, system, address, dependencyName, host
LIMIT ${calledMax}`,
});

export type CalledRow = Awaited<ReturnType<typeof called>>[number];

export function called(engine: Engine, { params }: RollupRange, { environment = '', namespace = '' }: Place) {
  return ask(engine, calledQuery, { ...params, environment, namespace });
}

/** Within 5 %, of all these rows together. */
export function p95Of(rows: readonly Pick<CalledRow, 'buckets' | 'counts' | 'maxNs'>[]): number | null {
  const merged = new Map<number, number>();
  for (const { buckets, counts } of rows) {
    buckets.forEach((bucket, i) => merged.set(bucket, (merged.get(bucket) ?? 0) + (counts[i] ?? 0)));
  }
  const found = histogramPercentile(merged, rollupBucketsPerOctave, 95);
  return found === undefined ? null : Math.min(found, Math.max(...rows.map(({ maxNs }) => maxNs)));
}
