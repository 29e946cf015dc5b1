/** What a part of a way is, and where it is, in the columns of `path_*` rows. */
import { fromRollup } from '../rollup-range.ts';
import { hashHex } from '../spans.ts';
import { isOfSymptom, isOfSymptomPlace, type Reach } from './symptom-facts.ts';

/** The span in which a connection is waited for (@opentelemetry/instrumentation-pg; others record none), and of what system. */
export const poolSpan = { name: 'pg-pool.connect', system: 'postgresql' } as const;

export const partKind = `multiIf(
    name = '${poolSpan.name}', 'pool',
    dependency_kind = 1, if(statement_hash = 0, 'database', 'statement'),
    dependency_kind = 2, 'queue',
    dependency_kind = 3, 'remote',
    kind = 3, 'call', 'service')`;
const partColumns = `${partKind} AS part, service, name, kind, if(part = 'pool', '${poolSpan.system}', dependency_system) AS part_system, dependency_address, dependency_name, statement_hash,
    version, instance, host, calls, errors, critical_ns * (asynchronous = 0) AS waited_ns, total_ns, messages, wait_ns, time`;
export const partKey = `part, service, if(part = 'queue', '', dependency_address), dependency_name, part_system, statement_hash`;
export const partRow = {
  part: 'String',
  partService: 'String',
  system: 'String',
  address: 'String',
  dependency: 'String',
  hash: 'String',
} as const;
export const partTexts = `part, CAST(service, 'String') AS partService, CAST(part_system, 'String') AS system,
  CAST(if(part = 'queue', '', any(dependency_address)), 'String') AS address, CAST(dependency_name, 'String') AS dependency, ${hashHex('statement_hash')} AS hash`;

const isOnWay: Readonly<Record<Reach, string>> = { entry: isOfSymptom, inner: 'service IN {services:Array(String)}' };

/** Rows of the symptom's way. Parameters: those of the rollup and the symptom, and `services`. */
export function partsOnWay(reach: Reach, more = ''): string {
  return `
  SELECT ${partColumns}${more}
  FROM (
    ${fromRollup('path', 'time, service, name, kind, dependency_kind, dependency_system, dependency_address, dependency_name, statement_hash, version, instance, host, asynchronous, calls, errors, critical_ns, total_ns, messages, wait_ns', `${isOnWay[reach]} AND ${isOfSymptomPlace}`)}
  )`;
}
