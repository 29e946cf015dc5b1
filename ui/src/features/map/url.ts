import { amount, compact, flag, oneOf, type RawSearch, text } from '../../base/search-params.ts';

export const headlines = ['rate', 'p95', 'errors'] as const;
export type Headline = (typeof headlines)[number];
export const slowChoicesMs = [100, 250, 500, 1000, 5000] as const;
export const defaultSlowMs = 1000;
export const mapLists = ['cycles', 'criticality', 'strength'] as const;
export type MapListName = (typeof mapLists)[number];
export const hopsMax = 3;
export const defaultHops = 2;

const nodeKinds = ['service', 'endpoint', 'database', 'queue', 'remote'] as const;
const edgeSeparator = ' ';

/** Defaults, left out of the URL: services, as a drawing, requests per second, slow from 1 s on, two hops, no list. */
export interface MapUrl {
  readonly level?: 'endpoint' | undefined;
  /** Id of a node: only it and what is near it. */
  readonly focus?: string | undefined;
  readonly hops?: number | undefined;
  /** The API whose requests are followed: both or neither. */
  readonly apiService?: string | undefined;
  readonly apiName?: string | undefined;
  /** The service that is drawn as its endpoints. */
  readonly expand?: string | undefined;
  /** Id of a node, or the two of an edge with a blank between. */
  readonly selected?: string | undefined;
  readonly find?: string | undefined;
  readonly headline?: 'p95' | 'errors' | undefined;
  readonly slow?: number | undefined;
  readonly list?: MapListName | undefined;
  readonly view?: 'table' | undefined;
  /** Draw every node, however many. */
  readonly ungrouped?: true | undefined;
}

export function parseMapUrl(raw: RawSearch): MapUrl {
  const focus = nodeId(raw['focus']);
  const hops = amount(raw['hops']);
  const slow = slowChoicesMs.find((one) => one === amount(raw['slow']));
  const apiService = text(raw['apiService']);
  const apiName = text(raw['apiName']);
  const hasApi = apiService !== undefined && apiName !== undefined;
  const level = oneOf(['endpoint'], raw['level']);
  return compact({
    level,
    focus: focus !== undefined && fitsLevel(focus, level) ? focus : undefined,
    hops: hops === 1 || hops === 3 ? hops : undefined,
    apiService: hasApi ? apiService : undefined,
    apiName: hasApi ? apiName : undefined,
    expand: level === undefined ? text(raw['expand']) : undefined,
    selected: text(raw['selected']),
    find: text(raw['find']),
    headline: oneOf(['p95', 'errors'], raw['headline']),
    slow: slow === defaultSlowMs ? undefined : slow,
    list: oneOf(mapLists, raw['list']),
    view: oneOf(['table'], raw['view']),
    ungrouped: flag(raw['ungrouped']),
  });
}

function nodeId(raw: unknown): string | undefined {
  const id = text(raw);
  return nodeKinds.some((kind) => id?.startsWith(`${kind}:`)) ? id : undefined;
}

/** The collector refuses to look for a service among endpoints. */
function fitsLevel(id: string, level: 'endpoint' | undefined): boolean {
  return !id.startsWith(level === 'endpoint' ? 'service:' : 'endpoint:');
}

/** The API whose requests alone are asked for, if it is one. */
export function apiOf({ apiName, apiService }: MapUrl): { readonly apiService?: string; readonly apiName?: string } {
  return apiService !== undefined && apiName !== undefined ? { apiService, apiName } : {};
}

export function edgeKey(from: string, to: string): string {
  return `${from}${edgeSeparator}${to}`;
}

/** Ids are percent-encoded: a blank never occurs in one. */
export function edgeEnds(selected: string): readonly [string, string] | undefined {
  const [from, to, ...rest] = selected.split(edgeSeparator);
  return from !== undefined && to !== undefined && rest.length === 0 ? [from, to] : undefined;
}
