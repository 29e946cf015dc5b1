import { compact, type RawSearch, text } from '../../base/search-params.ts';
import { parseSort, sortText } from '../../widgets/sort-rows.ts';

export const hostColumns = [
  'host',
  'cpu',
  'iowait',
  'steal',
  'memory',
  'receive',
  'transmit',
  'read',
  'write',
  'busy',
  'filesystem',
  'lastSeen',
] as const;

export interface HostsUrl {
  readonly find?: string | undefined;
  /** `-cpu`; without it, the API's order: the busiest first. */
  readonly sort?: string | undefined;
}

export function parseHostsUrl(raw: RawSearch): HostsUrl {
  const sort = parseSort(text(raw['sort']), hostColumns);
  return compact({ find: text(raw['find']), sort: sort && sortText(sort) });
}
