import type { TopItem } from '@sonde/api';
import { errorShare, perSecond } from '../../base/rates.ts';
import type { Interval } from '../../base/time-range.ts';
import type { CountedTime, RankedKind, Ranking } from './url.ts';

export interface TopRow {
  readonly item: TopItem;
  /** Names the row in the URL. */
  readonly key: string;
  readonly label: string;
  /** A statement is set in mono. */
  readonly isStatement: boolean;
  /** Of an endpoint: its service, which has a colour. */
  readonly service: string | undefined;
  /** The service, or which system it is and where it answers; empty where the label says it already. */
  readonly where: string;
  /** The same in full. */
  readonly address: string;
  readonly requestsPerSecond: number;
  readonly errorShare: number | null;
  /** What is ranked by: requests, the percentile or the time. */
  readonly now: number;
  /** The same in the period before; null where it did not occur. */
  readonly before: number | null;
  /** It did not occur before, though others did: were there none, nothing could be said. */
  readonly isNew: boolean;
}

export interface TopQuestion {
  readonly by: Ranking;
  readonly of: RankedKind;
  readonly time: CountedTime;
  readonly percentile: number;
}

export function keyText({
  service,
  name,
  host,
  system,
  address,
  database,
  destination,
  statementHash,
}: TopItem['key']): string {
  return [statementHash, service, name, host, system, address, database, destination]
    .filter((part) => part !== undefined)
    .join(' ');
}

function labelOf({ kind, service, name, host, address, destination, statement }: TopItem['key']): string {
  const label = { api: name, endpoint: name, service, host, statement, queue: destination, remote: address }[kind];
  return label ?? '';
}

/** Short: the system, and the namespace or else the machine. */
function placeOf({ kind, service, system = '', address = '', database = '' }: TopItem['key']): string {
  if (kind === 'statement') return [system, database || address.replace(/:\d+$/, '')].filter(Boolean).join(' ');
  if (kind === 'queue') return system;
  return kind === 'api' || kind === 'endpoint' ? (service ?? '') : '';
}

export function topRows(items: readonly TopItem[], question: TopQuestion, range: Interval): TopRow[] {
  const knowsBefore = items.some(({ previous }) => previous !== null);
  return items.map((item) => {
    const { key, requests, previous } = item;
    const isStatement = question.of === 'statement';
    const place = placeOf(key);
    return {
      item,
      key: keyText(key),
      label: labelOf(key),
      isStatement,
      service: key.kind === 'api' || key.kind === 'endpoint' ? key.service : undefined,
      where: place,
      address: isStatement ? [key.system, key.address, key.database].filter(Boolean).join(' ') : place,
      requestsPerSecond: perSecond(requests, range),
      errorShare: errorShare(item),
      now: rankedValue(item, question),
      before: previous && rankedValue(previous, question),
      isNew: knowsBefore && previous === null,
    };
  });
}

type RankedFigures = Pick<TopItem, 'requests' | 'totalNs' | 'selfNs' | 'criticalNs' | 'percentileNs'>;

function rankedValue(figures: RankedFigures, { by, time }: TopQuestion): number {
  if (by === 'volume') return figures.requests;
  return by === 'latency' ? (figures.percentileNs ?? 0) : countedNs(figures, time);
}

export function countedNs(
  { criticalNs, selfNs, totalNs }: Pick<TopItem, 'totalNs' | 'selfNs' | 'criticalNs'>,
  time: CountedTime,
) {
  return { inclusive: totalNs, self: selfNs, critical: criticalNs }[time];
}

/** Slower or costlier by half is worth a colour; more requests are no fault. */
export function changeTone({ now, before }: TopRow, by: Ranking): 'bad' | 'quiet' {
  return by !== 'volume' && before !== null && before > 0 && now / before >= 1.5 ? 'bad' : 'quiet';
}

/** What GET /traces and GET /latency/* take to find the spans of a row. */
export function rowFilters({ item: { key } }: TopRow, scope: { readonly service?: string; readonly host?: string }) {
  const host = scope.host === undefined ? {} : { host: scope.host };
  if (key.statementHash !== undefined) {
    const service = key.service ?? scope.service;
    return { statementHash: key.statementHash, ...(service !== undefined && { service }), ...host };
  }
  if (key.destination !== undefined) return { q: `messaging.destination.name = ${JSON.stringify(key.destination)}`, ...host };
  if (key.kind === 'remote')
    return { q: `server.address = ${JSON.stringify(key.address?.replace(/:\d+$/, '') ?? '')}`, ...host };
  if (key.kind === 'host') return key.host === undefined ? {} : { host: key.host };
  return {
    ...(key.service !== undefined && { service: key.service }),
    ...(key.name !== undefined && { name: key.name }),
    ...host,
  };
}
