import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import type { RollupRange } from './rollup-range.ts';
import { fromRollup, rollupTypes } from './rollup-range.ts';

/**
 * The control group of a host: what it served for an API, against the same endpoints on other hosts, each weighed by how often this host
 * served it. So a host that serves other work than its peers is not called slow for it. Endpoints that run nowhere else are left out.
 */
export const hostControlQuery = defineQuery({
  name: 'hostControl',
  isQuick: true,
  params: { ...rollupTypes, injured: 'String', services: 'Array(String)', environment: 'String', namespace: 'String' },
  row: {
    service: 'String',
    name: 'String',
    apiKind: 'UInt8',
    compared: 'Float64',
    meanNs: 'Float64',
    elsewhereMeanNs: 'Float64',
  },
  sql: `
SELECT CAST(api_service, 'String') AS service, CAST(api_name, 'String') AS name, api_kind AS apiKind,
  toFloat64(sum(calls_here)) AS compared, sum(ns_here) / compared AS meanNs, sum(calls_here * ns_elsewhere / calls_elsewhere) / compared AS elsewhereMeanNs
FROM (
  SELECT api_service, api_name, api_kind, sum(calls * is_here) AS calls_here, sum(total_ns * is_here) AS ns_here,
    sum(calls) - calls_here AS calls_elsewhere, sum(total_ns) - ns_here AS ns_elsewhere
  FROM (
    ${fromRollup(
      'path',
      `api_service, api_name, api_kind, service AS endpoint_service, name AS endpoint, calls, total_ns, host = {injured:String} AS is_here`,
      `asynchronous = 0 AND kind IN (2, 5) AND host != '' AND api_service IN {services:Array(String)}
      AND ({environment:String} = '' OR api_environment = {environment:String}) AND ({namespace:String} = '' OR api_namespace = {namespace:String})`,
    )}
  )
  GROUP BY api_service, api_name, api_kind, endpoint_service, endpoint
  HAVING calls_here > 0 AND calls_elsewhere > 0
)
GROUP BY api_service, api_name, api_kind`,
});

export function hostControl(
  engine: Engine,
  { params }: RollupRange,
  asked: {
    readonly injured: string;
    readonly services: readonly string[];
    readonly environment: string;
    readonly namespace: string;
  },
) {
  return ask(engine, hostControlQuery, { ...params, ...asked });
}
