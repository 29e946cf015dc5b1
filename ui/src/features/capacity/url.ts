import { amount, compact, oneOf, type RawSearch, text } from '../../base/search-params.ts';
import { parseSort, sortText } from '../../widgets/sort-rows.ts';

export const capacityColumns = ['name', 'resource', 'utilization', 'peak', 'rate', 'headroom', 'runsOut'] as const;
export const factorsOffered = ['1.5', '2', '3', '5'] as const;
export const resourceFilters = ['all', 'rate', 'fills'] as const;
const factorMax = 100;

export interface CapacityUrl {
  readonly find?: string | undefined;
  /** `-peak`; without it the API's order: the nearest to its end first. */
  readonly sort?: string | undefined;
  /** What requests use up, or what fills by time; without it both. */
  readonly of?: 'rate' | 'fills' | undefined;
  /** The row that is open (capacity-rows.ts). */
  readonly row?: string | undefined;
  /** What if: the API's service and name, both or none, and so many times its requests. */
  readonly service?: string | undefined;
  readonly name?: string | undefined;
  readonly factor?: number | undefined;
}

export function parseCapacityUrl(raw: RawSearch): CapacityUrl {
  const [service, name] = [text(raw['service']), text(raw['name'])];
  const isApi = service !== undefined && name !== undefined;
  const sort = parseSort(text(raw['sort']), capacityColumns);
  return compact({
    find: text(raw['find']),
    sort: sort && sortText(sort),
    of: oneOf(['rate', 'fills'], raw['of']),
    row: text(raw['row']),
    ...(isApi && { service, name, factor: readFactor(raw['factor']) }),
  });
}

/** More than 0, at most 100. */
export function readFactor(raw: unknown): number | undefined {
  const value = amount(typeof raw === 'string' ? raw.replace(/^\s*[×x]/i, '') : raw);
  return value === undefined || value === 0 || value > factorMax ? undefined : value;
}
