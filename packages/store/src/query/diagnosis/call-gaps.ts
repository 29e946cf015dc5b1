import type { PathPart } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery, type RowOf } from '../define.ts';
import type { TimeRange } from '../range.ts';
import { fromRollup, rollupRange, rollupTypes } from '../rollup-range.ts';

/** How long the callers' spans were beyond those of the services that they called: the way there and back, and before it listened. */
export const gapsQuery = defineQuery({
  name: 'gaps between callers and callees',
  isQuick: true,
  params: { ...rollupTypes, services: 'Array(String)' },
  row: { caller: 'LowCardinality(String)', callee: 'LowCardinality(String)', gapNs: 'Float64' },
  sql: `
SELECT caller_service AS caller, callee_service AS callee,
  greatest(0, sumIf(toFloat64(total_ns), side = 0) - sumIf(toFloat64(total_ns), side = 1)) AS gapNs
FROM (
    ${fromRollup('edge', 'caller_service, callee_service, side, total_ns', `dependency_kind = 0 AND caller_service IN {services:Array(String)} AND callee_service != ''`)}
)
GROUP BY caller, callee`,
});

/** Who calls whom, everywhere in the range. */
export const callsQuery = defineQuery({
  name: 'calls between services',
  isQuick: true,
  params: rollupTypes,
  row: { caller: 'LowCardinality(String)', callee: 'LowCardinality(String)' },
  sql: `
SELECT caller_service AS caller, callee_service AS callee
FROM (
    ${fromRollup('edge', 'caller_service, callee_service', `caller_service != '' AND callee_service != ''`)}
)
GROUP BY caller, callee`,
});

type Gap = RowOf<typeof gapsQuery.row>;

export async function callGaps(engine: Engine, range: TimeRange, callers: readonly string[]): Promise<Gap[]> {
  return callers.length === 0 ? [] : ask(engine, gapsQuery, { ...rollupRange(range).params, services: callers });
}

/** The time of a call beyond that of the called belongs to the called: in the proportions of the gaps to each. */
export function towardsCallees(call: PathPart, gaps: readonly Gap[]): PathPart[] {
  const own = gaps.filter(({ caller }) => caller === call.service);
  const total = own.reduce((sum, { gapNs }) => sum + gapNs, 0);
  // That a call failed is the caller's to tell.
  const failed: PathPart = { ...call, kind: 'service', calls: 0, criticalNs: 0, totalNs: 0, address: '', system: '', name: '' };
  if (total === 0) return [{ ...failed, criticalNs: call.criticalNs }];
  const towards = own.map(({ callee, gapNs }): PathPart => {
    const part = gapNs / total;
    return {
      ...call,
      service: callee,
      name: call.service,
      version: '',
      instance: '',
      host: '',
      calls: call.calls * part,
      callErrors: 0,
      criticalNs: call.criticalNs * part,
      totalNs: call.totalNs * part,
    };
  });
  return [failed, ...towards];
}
