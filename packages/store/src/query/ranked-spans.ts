import type { countedTimes, rankedKinds } from '@sonde/api';
import { inBuckets, spansInRange } from './range.ts';
import { hasFailed, isRequest, isStatement, noParent } from './spans.ts';

export type RankedKind = (typeof rankedKinds)[number];
export type CountedTime = (typeof countedTimes)[number];

/**
 * A parent is looked for this long before the range and after it. A message that waited longer than that for its consumer looks like
 * an entry; that ends with the settler, which keeps the entry of every trace.
 */
export const parentBeforeNs = '3600000000000';
export const skewNs = '300000000000';

const spanKey = 'sipHash64(trace_id, span_id)';
const parentKey = 'sipHash64(trace_id, parent_span_id)';

/** A request whose parent is not recorded: nobody in the recorded system asked for it. */
const isEntry = `${isRequest} AND (${noParent} OR ${parentKey} NOT IN (
      SELECT ${spanKey} FROM spans
      WHERE ${inBuckets(`{fromNs:Int64} - ${parentBeforeNs}`, `{toNs:Int64} + ${skewNs}`)}
        AND ${spanKey} IN (SELECT ${parentKey} FROM spans WHERE ${spansInRange} AND ${isRequest} AND NOT ${noParent})))`;

/** \`db.system.name\` server.address:server.port/db.namespace, as far as it is known. */
const address = `concat(server_address, if(server_port = 0, '', concat(':', toString(server_port))), if(db_namespace = '', '', concat('/', db_namespace)))`;

const ranked = {
  api: { condition: isEntry, key: { service: 'service', name: 'name' } },
  endpoint: { condition: isRequest, key: { service: 'service', name: 'name' } },
  service: { condition: isRequest, key: { service: 'service' } },
  statement: {
    condition: isStatement,
    key: { system: 'db_system', address, statement: 'statement', hash: 'statement_hash' },
  },
} as const satisfies Record<RankedKind, { condition: string; key: Readonly<Partial<Record<KeyPart, string>>> }>;

type KeyPart = 'service' | 'name' | 'system' | 'address' | 'statement' | 'hash';

const empty: Readonly<Record<KeyPart, string>> = {
  service: `''`,
  name: `''`,
  system: `''`,
  address: `''`,
  statement: `''`,
  hash: 'toUInt64(0)',
};

/** The parts of a key, under names that no column of the table has. */
export const keyColumns = ['key_service', 'key_name', 'key_system', 'key_address', 'key_statement', 'key_hash'].join(', ');

/** The spans that a ranking is of, one row each: its key, when, how long, how much of that by itself, and whether it failed. */
export function rankedSpans(of: RankedKind, time: CountedTime): string {
  const { condition, key } = ranked[of];
  const keys = Object.entries({ ...empty, ...key }).map(([part, sql]) => `${sql} AS key_${part}`);
  const own = `
    SELECT ${keys.join(', ')}, timestamp, duration_ns, ${hasFailed} AS failed, ${spanKey} AS span_key,
      toUnixTimestamp64Nano(timestamp) AS start_ns, start_ns + toInt64(duration_ns) AS end_ns
    FROM spans
    WHERE ${spansInRange} AND ({service:String} = '' OR service = {service:String}) AND ({host:String} = '' OR host = {host:String})
      AND ${condition}`;
  if (time === 'inclusive') return `SELECT ${keyColumns}, timestamp, duration_ns, failed, toUInt64(0) AS self_ns FROM (${own})`;
  return `
  SELECT ${keyColumns}, timestamp, duration_ns, failed,
    toUInt64(duration_ns - arrayReduce('intervalLengthSum',
      arrayMap(child_ns -> least(greatest(child_ns, start_ns), end_ns), children_from_ns),
      arrayMap(child_ns -> greatest(least(child_ns, end_ns), start_ns), children_to_ns))) AS self_ns
  FROM (${own}) AS parents
  LEFT JOIN (
    SELECT ${parentKey} AS span_key, groupArray(toUnixTimestamp64Nano(timestamp)) AS children_from_ns,
      groupArray(toUnixTimestamp64Nano(timestamp) + toInt64(duration_ns)) AS children_to_ns
    FROM spans
    WHERE ${inBuckets(`{fromNs:Int64} - ${skewNs}`, '{childrenToNs:Int64}')} AND NOT ${noParent} AND span_id != parent_span_id
      AND ${parentKey} IN (SELECT span_key FROM (${own}))
    GROUP BY span_key
  ) AS children USING (span_key)`;
}
