import { compact, type RawSearch, text } from '../../base/search-params.ts';
import { parseSort, sortText } from '../../widgets/sort-rows.ts';

export const serviceColumns = ['service', 'requests', 'errors', 'p50', 'p95', 'p99', 'instances', 'lastSeen'] as const;

export interface ServicesUrl {
  /** What the name must contain. */
  readonly find?: string | undefined;
  /** `-p95`; without it, the API's order: the busiest first. */
  readonly sort?: string | undefined;
}

export function parseServicesUrl(raw: RawSearch): ServicesUrl {
  const sort = parseSort(text(raw['sort']), serviceColumns);
  return compact({ find: text(raw['find']), sort: sort && sortText(sort) });
}
