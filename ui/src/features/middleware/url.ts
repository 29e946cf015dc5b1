import { compact, type RawSearch, text } from '../../base/search-params.ts';
import { parseSort, sortText } from '../../widgets/sort-rows.ts';

export const middlewareColumns = ['name', 'kind', 'state', 'requests', 'errors', 'p95', 'lastSeen'] as const;

export interface MiddlewareUrl {
  readonly find?: string | undefined;
  /** `-requests`; without it, the API's order. */
  readonly sort?: string | undefined;
}

export function parseMiddlewareUrl(raw: RawSearch): MiddlewareUrl {
  const sort = parseSort(text(raw['sort']), middlewareColumns);
  return compact({ find: text(raw['find']), sort: sort && sortText(sort) });
}
