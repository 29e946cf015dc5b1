import type { Overview, OverviewApi, TroubledHost } from '@sonde/api';
import type { Interval } from '../../base/time-range.ts';
import type { OverviewUrl } from './url.ts';

export type Tone = 'bad' | 'warn' | 'ok' | 'unknown';

/** Where time goes, in the order in which it is drawn, with the number of its colour. */
export const timeParts = [
  { part: 'own', field: 'ownNs', color: 1 },
  { part: 'services', field: 'servicesNs', color: 3 },
  { part: 'database', field: 'databaseNs', color: 2 },
  { part: 'queue', field: 'queueNs', color: 6 },
  { part: 'remote', field: 'remoteNs', color: 4 },
] as const;

export interface TimeShare {
  readonly part: (typeof timeParts)[number]['part'];
  readonly color: number;
  readonly ns: number;
  /** Of all of them, 0..1. */
  readonly share: number;
}

export interface ApiRow {
  readonly kind: 'api';
  readonly key: string;
  readonly api: OverviewApi;
  readonly tone: Tone;
  /** `GET`, apart from what follows it; empty where the name does not begin with a method. */
  readonly method: string;
  readonly path: string;
  readonly requestsPerSecond: number;
  readonly errorShare: number | null;
  /** 1: nothing of it is burnt; below 0 the objective is missed. */
  readonly budgetLeft: number | null;
  readonly isSlow: boolean;
  readonly time: readonly TimeShare[];
}

/** Beneath the API that ran on it. */
export interface HostRow {
  readonly kind: 'host';
  readonly key: string;
  readonly host: TroubledHost;
  /** How many further hosts are not shown. */
  readonly more: number;
}

/** More would bury the APIs. */
const hostsShown = 3;

/** Failing is red, being slow amber; so is a host that is busy, while one that fell silent is red. */
export function toneOf({ state, reason }: Pick<OverviewApi, 'state' | 'reason'>): Tone {
  if (state === 'unknown') return 'unknown';
  if (state === 'healthy') return 'ok';
  return reason === 'errors' || reason === 'silent' ? 'bad' : 'warn';
}

export function timeShares(time: OverviewApi['time']): TimeShare[] {
  const wholeNs = timeParts.reduce((sum, { field }) => sum + time[field], 0);
  return timeParts
    .filter(({ field }) => time[field] > 0)
    .map(({ part, field, color }) => ({ part, color, ns: time[field], share: time[field] / wholeNs }));
}

export function splitName(name: string): { readonly method: string; readonly path: string } {
  const [, method = '', path = name] = /^([A-Z]{3,7}) (\S.*)$/.exec(name) ?? [];
  return { method, path };
}

export function overviewRows(
  { apis, objective, range }: Pick<Overview, 'apis' | 'objective' | 'range'>,
  { find = '', state }: OverviewUrl,
): (ApiRow | HostRow)[] {
  const wanted = find.trim().toLowerCase();
  return apis
    .filter((api) => state === undefined || api.state === state)
    .filter(({ service, name }) => `${service} ${name}`.toLowerCase().includes(wanted))
    .flatMap((api) => [
      apiRow(api, objective.p99Ns, range),
      ...api.hosts.slice(0, hostsShown).map((host, index): HostRow => ({
        kind: 'host',
        key: JSON.stringify([api.service, api.name, host.host]),
        host,
        more: index === hostsShown - 1 ? api.hosts.length - hostsShown : 0,
      })),
    ]);
}

function apiRow(api: OverviewApi, p99MaxNs: number, { fromMs, toMs }: Interval): ApiRow {
  const { budgetBurnt, errors, name, p99Ns, requests, service } = api;
  return {
    kind: 'api',
    key: JSON.stringify([service, name]),
    api,
    tone: toneOf(api),
    ...splitName(name),
    requestsPerSecond: requests / Math.max(1, (toMs - fromMs) / 1000),
    errorShare: requests === 0 ? null : errors / requests,
    budgetLeft: budgetBurnt === null ? null : 1 - budgetBurnt,
    isSlow: (p99Ns ?? 0) > p99MaxNs,
    time: timeShares(api.time),
  };
}
