import { type ReactNode, useMemo } from 'react';
import { useMessages } from '../base/messages/use-messages.tsx';
import { formatDuration, formatMilliseconds, formatNumber, formatRatio } from '../base/quantity.ts';
import { errorShare, perSecond } from '../base/rates.ts';
import type { Interval } from '../base/time-range.ts';
import type { Column } from './data-table.tsx';
import { NameLink } from './name-link.tsx';
import { QuantityText } from './quantity-text.tsx';
import { ShareBar } from './share-bar.tsx';

export interface Cost {
  readonly requests: number;
  readonly errors: number;
  readonly p95Ns: number | null;
  readonly totalNs: number;
  readonly share: number;
}

export interface CostOptions<T> {
  readonly range: Interval;
  readonly errorTone: (share: number | null) => 'bad' | 'warn' | 'quiet';
  /** Of the names. */
  readonly header: string;
  readonly textOf: (row: T) => string;
  readonly nameOf: (row: T) => ReactNode;
}

/** What was asked, how often, with what success, and how much time went there: a row an endpoint, a statement, a queue. */
export function useCostColumns<T extends Cost>({ errorTone, header, nameOf, range, textOf }: CostOptions<T>): Column<T>[] {
  const { common, service: text } = useMessages();
  return useMemo(
    (): Column<T>[] => [
      { id: 'name', header, minWidth: 160, cell: (row) => <NameLink name={textOf(row)}>{nameOf(row)}</NameLink> },
      {
        id: 'requests',
        header: common.requestsPerSecond,
        align: 'right',
        width: 92,
        drop: 4,
        cell: ({ requests }) => <QuantityText of={formatNumber(perSecond(requests, range))} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 76,
        drop: 2,
        cell: (row) => <QuantityText of={formatRatio(errorShare(row))} tone={errorTone(errorShare(row))} />,
      },
      {
        id: 'p95',
        header: 'p95',
        align: 'right',
        width: 82,
        cell: ({ p95Ns }) => <QuantityText of={formatMilliseconds(p95Ns)} />,
      },
      {
        id: 'total',
        header: text.total,
        align: 'right',
        width: 92,
        drop: 3,
        cell: ({ totalNs }) => <QuantityText of={formatDuration(totalNs)} />,
      },
      { id: 'share', header: text.share, width: 124, drop: 1, cell: ({ share }) => <ShareBar share={share} /> },
    ],
    [common, text, header, textOf, nameOf, errorTone, range],
  );
}
