import type { DependencyEdge, DependencyNode } from '@sonde/api';
import { formatDuration, formatRate, formatRatio, type Quantity } from '../../base/quantity.ts';
import type { Interval } from '../../base/time-range.ts';
import type { MapEdge, MapNode } from './map-graph.ts';
import type { Headline } from './url.ts';

type Tone = 'bad' | 'warn' | 'ok';

/** From here on a share of failures is worth a colour, and from there on red. */
const warnFrom = 0.001;
const badFrom = 0.01;

export function errorTone(share: number | null): Tone | undefined {
  if (share === null) return undefined;
  return share >= badFrom ? 'bad' : share >= warnFrom ? 'warn' : 'ok';
}

export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

export function perSecond(count: number, { fromMs, toMs }: Interval): number {
  return (count * 1000) / Math.max(1, toMs - fromMs);
}

/** The parts of a ring, which sum up to 1; failed requests are not counted as slow again. Nothing where nothing was asked. */
export interface Health {
  readonly ok: number;
  readonly slow: number;
  readonly failed: number;
}

export function healthOf({ errors, requests, slow = 0 }: Pick<MapNode, 'requests' | 'errors' | 'slow'>): Health | undefined {
  if (requests === 0) return undefined;
  const failed = Math.min(1, errors / requests);
  const late = Math.min(1 - failed, slow / requests);
  return { ok: 1 - failed - late, slow: late, failed };
}

export function headlineOf(node: MapNode, headline: Headline, range: Interval): Quantity {
  switch (headline) {
    case 'p95':
      return formatDuration(node.p95Ns);
    case 'errors':
      return formatRatio(ratio(node.errors, node.requests));
    default:
      return formatRate(perSecond(node.requests, range));
  }
}

/** As the caller measured it, or else the callee. */
export function toldFigures(edge: DependencyEdge): DependencyEdge['client'] {
  return edge.client ?? edge.server;
}

/** The thinnest for what is hardly ever called, then so much more for each tenfold rate. */
export function edgeWidthPx(edge: DependencyEdge, range: Interval): number {
  const rate = perSecond(toldFigures(edge)?.requests ?? 0, range);
  return Math.min(7, 1.2 + Math.max(0, Math.log10(rate / slowestRate)) * 1.1);
}

const slowestRate = 0.01;

export function edgeErrorShare(edge: DependencyEdge): number | null {
  const told = toldFigures(edge);
  return told ? ratio(told.errors, told.requests) : null;
}

/** What a call takes on its way, on average: the client's mean less the server's. Unknown where one of them did not report. */
export function networkNs({ client, server }: Pick<MapEdge, 'client' | 'server'>): number | null {
  if (!client || !server || client.requests === 0 || server.requests === 0) return null;
  return client.totalNs / client.requests - server.totalNs / server.requests;
}

export function meanNs(side: DependencyEdge['client']): number | null {
  return side && side.requests > 0 ? side.totalNs / side.requests : null;
}

/** Where the requests that fail or lag go first. */
export function isSinglePoint({
  criticality,
  instances,
  requestShare,
}: Pick<DependencyNode, 'criticality' | 'instances' | 'requestShare'>): boolean {
  return criticality > 0 && requestShare >= singlePointShare && (instances === null || instances <= 1);
}

const singlePointShare = 0.2;
