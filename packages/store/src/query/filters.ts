import type { Expression } from '@sonde/model';
import { isIndexedItem } from '../schema/0011-measured-codecs.ts';
import { everything, isIndexed, type SearchCondition } from './search/condition.ts';
import { hasFailed, isRequest } from './spans.ts';

/** What describes a span. Absent: any. */
export interface SpanFilters {
  readonly service?: string;
  readonly name?: string;
  readonly host?: string;
  readonly environment?: string;
  readonly namespace?: string;
  /** 16 hex digits. */
  readonly statementHash?: string;
  readonly status?: 'ok' | 'error';
  readonly minDurationMs?: number;
  readonly maxDurationMs?: number;
  /** `key=value`. */
  readonly attribute?: readonly string[];
  /** Of the search language. */
  readonly search?: Expression;
}

export const filterTypes = {
  service: 'String',
  name: 'String',
  host: 'String',
  environment: 'String',
  namespace: 'String',
  statementHash: 'UInt64',
  minDurationNs: 'UInt64',
  maxDurationNs: 'UInt64',
  attributes: 'Array(String)',
  unindexedAttributes: 'Array(String)',
} as const;

const noMaximum = 2n ** 64n - 1n;

export function filterParams(filters: SpanFilters) {
  return {
    service: filters.service ?? '',
    name: filters.name ?? '',
    host: filters.host ?? '',
    environment: filters.environment ?? '',
    namespace: filters.namespace ?? '',
    statementHash: filters.statementHash === undefined ? 0n : BigInt(`0x${filters.statementHash}`),
    ...durationParams(filters),
    attributes: (filters.attribute ?? []).filter(isIndexedItem),
    unindexedAttributes: (filters.attribute ?? []).filter((item) => !isIndexedItem(item)),
  };
}

export function durationParams({ minDurationMs, maxDurationMs }: Pick<SpanFilters, 'minDurationMs' | 'maxDurationMs'>) {
  return { minDurationNs: asNs(minDurationMs, 0n), maxDurationNs: asNs(maxDurationMs, noMaximum) };
}

function asNs(durationMs: number | undefined, otherwise: bigint): bigint {
  if (durationMs === undefined) return otherwise;
  const ns = Math.round(durationMs * 1e6);
  return ns >= Number(noMaximum) ? noMaximum : BigInt(ns);
}

/** Whether an index finds the spans without a look at the others. */
export function isFoundByIndex({ attribute = [], search }: SpanFilters): boolean {
  return attribute.some(isIndexedItem) || (search !== undefined && isIndexed(search));
}

/** Everything but the status. An empty value is a filter that is off; the engine folds it away before it looks at keys and indexes. */
export function spanMatches(search: SearchCondition): string {
  return `({service:String} = '' OR service = {service:String})
    AND ({name:String} = '' OR name = {name:String})
    AND ({host:String} = '' OR host = {host:String})
    AND ({environment:String} = '' OR environment = {environment:String})
    AND ({namespace:String} = '' OR namespace = {namespace:String})
    AND ({statementHash:UInt64} = 0 OR statement_hash = {statementHash:UInt64})
    AND duration_ns >= {minDurationNs:UInt64} AND duration_ns <= {maxDurationNs:UInt64}
    AND (empty({attributes:Array(String)}) OR hasAll(indexed_items, {attributes:Array(String)}))
    AND (empty({unindexedAttributes:Array(String)}) OR hasAll(attribute_items, {unindexedAttributes:Array(String)}))
    AND ${search.sql}`;
}

/** As `spanMatches`, and the status of the span itself. */
export function spanFits(search: SearchCondition): string {
  return `${spanMatches(search)}
    AND ({status:String} = '' OR ({status:String} = 'error') = (${hasFailed}))`;
}

/**
 * Which spans a latency question is about: those that a name, a statement, an attribute or a search describes, whatever their kind, and
 * otherwise requests.
 */
export function latencySpanMatches(search: SearchCondition): string {
  return `${spanFits(search)}
    AND ({name:String} != '' OR {statementHash:UInt64} != 0 OR notEmpty({attributes:Array(String)}) OR notEmpty({unindexedAttributes:Array(String)}) OR ${search === everything ? isRequest : '1'})`;
}
