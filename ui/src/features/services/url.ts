import { compact, oneOf, type RawSearch, text } from '../../base/search-params.ts';
import { parseSort, sortText } from '../../widgets/sort-rows.ts';
import { type InventoryState, inventoryStates } from './inventory-state.ts';
import { type PeerMeasure, peerMeasures } from './peers.ts';

export const serviceColumns = ['service', 'state', 'requests', 'errors', 'p50', 'p95', 'p99', 'instances', 'lastSeen'] as const;

export interface ServicesUrl {
  /** What the name must contain. */
  readonly find?: string | undefined;
  /** `-p95`; without it, the API's order: the busiest first. */
  readonly sort?: string | undefined;
  /** Only services in this state. */
  readonly state?: InventoryState | undefined;
}

export function parseServicesUrl(raw: RawSearch): ServicesUrl {
  const sort = parseSort(text(raw['sort']), serviceColumns);
  return compact({
    find: text(raw['find']),
    sort: sort && sortText(sort),
    state: oneOf(inventoryStates, raw['state']),
  });
}

export const serviceTabs = ['summary', 'dependencies', 'errors', 'versions', 'logs'] as const;
export type ServiceTab = (typeof serviceTabs)[number];

/** Defaults, left out of the URL: the summary; instances compared by p95. */
export interface ServiceUrl {
  readonly tab?: ServiceTab | undefined;
  readonly peers?: PeerMeasure | undefined;
}

export function parseServiceUrl(raw: RawSearch): ServiceUrl {
  const tab = oneOf(serviceTabs, raw['tab']);
  const peers = oneOf(peerMeasures, raw['peers']);
  return compact({ tab: tab === 'summary' ? undefined : tab, peers: peers === 'p95' ? undefined : peers });
}
