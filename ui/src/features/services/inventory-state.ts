import type { InventoryItem } from '@sonde/api';

export const inventoryStates = ['gone', 'silent', 'new', 'updated', 'running'] as const;
export type InventoryState = (typeof inventoryStates)[number];

const minuteMs = 60_000;
/** Nothing was heard of it for five minutes: agents send every ten seconds, and say so even when idle. */
export const silentAfterMs = 5 * minuteMs;
/** For a day: nobody expects it back. */
export const goneAfterMs = 24 * 60 * minuteMs;
/** First heard of within the last hour. */
export const newForMs = 60 * minuteMs;

export interface RegisteredService {
  readonly service: string;
  readonly state: InventoryState;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Of what is not gone, the newest first. */
  readonly versions: readonly string[];
  readonly instances: number;
  readonly silentInstances: number;
  readonly hosts: readonly string[];
}

type Sightings = Pick<InventoryItem, 'firstSeenMs' | 'lastSeenMs' | 'version'>;

/**
 * The state of a service out of when each of its instances was first and last heard of:
 * gone (nothing for a day), silent (nothing for five minutes), new (first heard of within the last hour), updated (a version within the last
 * hour, where there was another before), else running.
 */
export function stateOf(items: readonly Sightings[], nowMs: number): InventoryState {
  const lastSeenMs = Math.max(...items.map((item) => item.lastSeenMs));
  const firstSeenMs = Math.min(...items.map((item) => item.firstSeenMs));
  if (nowMs - lastSeenMs > goneAfterMs) return 'gone';
  if (nowMs - lastSeenMs > silentAfterMs) return 'silent';
  if (nowMs - firstSeenMs <= newForMs) {
    // Both versions within the hour: what is new is the service.
    return 'new';
  }
  const came = new Map<string, number>();
  for (const { version, firstSeenMs: ms } of items) came.set(version, Math.min(came.get(version) ?? Infinity, ms));
  const isUpdated = came.size > 1 && [...came.values()].some((ms) => nowMs - ms <= newForMs);
  return isUpdated ? 'updated' : 'running';
}

/** Every service that was ever heard of. */
export function registry(items: readonly InventoryItem[], nowMs: number): Map<string, RegisteredService> {
  const byService = new Map<string, InventoryItem[]>();
  for (const item of items.filter(({ service }) => service !== '')) {
    byService.set(item.service, [...(byService.get(item.service) ?? []), item]);
  }
  return new Map([...byService].map(([service, own]) => [service, registered(service, own, nowMs)]));
}

function registered(service: string, items: readonly InventoryItem[], nowMs: number): RegisteredService {
  const here = items.filter(({ lastSeenMs }) => nowMs - lastSeenMs <= goneAfterMs);
  const named = (values: readonly string[]) => [...new Set(values)].filter((value) => value !== '');
  const lastOf = (instance: string) =>
    Math.max(...here.filter((item) => item.instance === instance).map(({ lastSeenMs }) => lastSeenMs));
  const instances = named(here.map(({ instance }) => instance));
  return {
    service,
    state: stateOf(items, nowMs),
    firstSeenMs: Math.min(...items.map(({ firstSeenMs }) => firstSeenMs)),
    lastSeenMs: Math.max(...items.map(({ lastSeenMs }) => lastSeenMs)),
    versions: named(here.toSorted((a, b) => b.firstSeenMs - a.firstSeenMs).map(({ version }) => version)),
    instances: instances.length,
    silentInstances: instances.filter((instance) => nowMs - lastOf(instance) > silentAfterMs).length,
    hosts: named(here.map(({ host }) => host)).toSorted(),
  };
}
