import { amount, compact, oneOf, type RawSearch, text } from '../../base/search-params.ts';
import { type ComparedPeriod, comparedPeriods } from './periods.ts';

/** Which spans, and which durations of theirs were brushed. */
export interface LatencyUrl {
  readonly service?: string | undefined;
  readonly name?: string | undefined;
  readonly host?: string | undefined;
  /** 16 hex digits. */
  readonly statement?: string | undefined;
  readonly minMs?: number | undefined;
  readonly maxMs?: number | undefined;
  /** What the distribution is laid over. */
  readonly compare?: ComparedPeriod | undefined;
}

export function parseLatencyUrl(raw: RawSearch): LatencyUrl {
  const statement = text(raw['statement']);
  return compact({
    service: text(raw['service']),
    name: text(raw['name']),
    host: text(raw['host']),
    statement: statement !== undefined && /^[0-9a-f]{16}$/.test(statement) ? statement : undefined,
    minMs: amount(raw['minMs']),
    maxMs: amount(raw['maxMs']),
    compare: oneOf(comparedPeriods, raw['compare']),
  });
}
