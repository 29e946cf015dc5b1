import type { TopItem } from '@sonde/api';
import type { Interval } from '../../base/time-range.ts';
import type { RankedKind, Ranking } from './url.ts';

export interface TopRow {
  readonly item: TopItem;
  /** Names the row in the URL. */
  readonly key: string;
  readonly label: string;
  /** A statement is set in mono. */
  readonly isStatement: boolean;
  /** The service, or where the database answers; empty where the label says it already. */
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
  readonly time: 'inclusive' | 'self';
  readonly percentile: number;
}

export function keyText({ service, name, statementHash }: TopItem['key']): string {
  return statementHash ?? [service, name].filter((part) => part !== undefined).join(' ');
}

export function topRows(items: readonly TopItem[], question: TopQuestion, { fromMs, toMs }: Interval): TopRow[] {
  const knowsBefore = items.some(({ previous }) => previous !== null);
  return items.map((item) => {
    const { key, requests, errors, previous } = item;
    const isStatement = question.of === 'statement';
    const place = isStatement ? databasePlace(key) : question.of === 'service' ? '' : (key.service ?? '');
    return {
      item,
      key: keyText(key),
      label: isStatement ? (key.statement ?? '') : question.of === 'service' ? (key.service ?? '') : (key.name ?? ''),
      isStatement,
      where: place,
      address: isStatement ? [key.system, key.address].filter(Boolean).join(' ') : place,
      requestsPerSecond: requests / Math.max(1e-3, (toMs - fromMs) / 1000),
      errorShare: requests > 0 ? errors / requests : null,
      now: rankedValue(item, question),
      before: previous && rankedValue(previous, question),
      isNew: knowsBefore && previous === null,
    };
  });
}

/** Short: the system, and the namespace or else the machine. The address is `server.address:server.port/db.namespace`, as far as it is known. */
function databasePlace({ system = '', address = '' }: TopItem['key']): string {
  const slash = address.indexOf('/');
  const what = slash >= 0 ? address.slice(slash + 1) : address.replace(/:\d+$/, '');
  return [system, what].filter(Boolean).join(' ');
}

type RankedFigures = Pick<TopItem, 'requests' | 'totalNs' | 'selfNs' | 'percentileNs'>;

function rankedValue(figures: RankedFigures, { by, time }: TopQuestion): number {
  if (by === 'volume') return figures.requests;
  if (by === 'latency') return figures.percentileNs;
  return (time === 'self' ? figures.selfNs : null) ?? figures.totalNs;
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
  return {
    ...(key.service !== undefined && { service: key.service }),
    ...(key.name !== undefined && { name: key.name }),
    ...host,
  };
}
