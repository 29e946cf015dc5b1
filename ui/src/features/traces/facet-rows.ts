import type { Reply } from '../../base/api-client.ts';
import { type Wanted, wantedOf } from './search-edit.ts';

export interface FacetRow {
  readonly value: string;
  readonly count: number;
  /** Of the spans that have the key, 0..1. */
  readonly share: number;
  readonly wanted: Wanted | undefined;
  /** Cut by the API: it cannot be asked for. */
  readonly isCut: boolean;
}

export interface FacetGroup {
  readonly key: string;
  readonly rows: readonly FacetRow[];
  /** Values that are not in `rows`. */
  readonly more: number;
  readonly isOpen: boolean;
}

/** These are open from the start, and so is any that the search speaks of. */
const openKeys = ['service.name', 'name', 'status', 'http.response.status_code'];

/** Beyond this a value can no longer be what is stored: the API cuts it and adds an ellipsis. */
const cutCharacters = 257;

/** Those that any span has; of one value that all have there is nothing to choose. */
export function facetGroups(items: Reply<'listTraceFacets'>['items'], search: string): FacetGroup[] {
  return items.flatMap(({ key, count, distinct, values }) => {
    const rows = values.map(({ value, count: own }) => ({
      value,
      count: own,
      share: count === 0 ? 0 : Math.min(1, own / count),
      wanted: wantedOf(search, key, value),
      isCut: value.length === cutCharacters && value.endsWith('…'),
    }));
    if (rows.length === 0) return [];
    const isOpen = openKeys.includes(key) || rows.some((row) => row.wanted !== undefined);
    return { key, rows, more: Math.max(0, distinct - rows.length), isOpen };
  });
}
