import { Link } from '@tanstack/react-router';
import type { MiddlewareDetail, MiddlewareQueue } from '@sonde/api';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import { errorShare, perSecond } from '../../base/rates.ts';
import type { Interval } from '../../base/time-range.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { NameLink } from '../../widgets/name-link.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { errorTone, mapNode } from './middleware-rows.ts';

/** What services put in and take out. */
export function ServerQueues({ detail: { queues, range } }: { readonly detail: MiddlewareDetail }) {
  const { middleware: text } = useMessages();
  const columns = useQueueColumns(range);
  return (
    <Card title={text.queues} note={text.queuesNote}>
      <DataTable
        label={text.queues}
        columns={columns}
        rows={queues}
        rowKey={({ destination, system }) => `${system} ${destination}`}
      />
    </Card>
  );
}

function useQueueColumns(range: Interval): Column<MiddlewareQueue>[] {
  const { common, middleware: text } = useMessages();
  return useMemo(
    (): Column<MiddlewareQueue>[] => [
      {
        id: 'queue',
        header: text.queues,
        minWidth: 140,
        cell: ({ destination, system }) => (
          <NameLink name={destination || system}>
            <Link to="/map" search={{ focus: mapNode({ kind: 'queue', system, address: '', name: destination, host: null }) }}>
              {destination || system}
            </Link>
          </NameLink>
        ),
      },
      {
        id: 'published',
        header: text.published,
        align: 'right',
        width: 84,
        cell: ({ published }) => <QuantityText of={formatNumber(perSecond(published, range))} />,
      },
      {
        id: 'consumed',
        header: text.consumed,
        align: 'right',
        width: 84,
        cell: ({ consumed }) => <QuantityText of={formatNumber(perSecond(consumed, range))} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 76,
        drop: 2,
        cell: ({ errors, published }) => {
          const share = errorShare({ errors, requests: published });
          return <QuantityText of={formatRatio(share)} tone={errorTone(share)} />;
        },
      },
      {
        id: 'p95',
        header: 'p95',
        align: 'right',
        width: 82,
        drop: 1,
        cell: ({ p95Ns }) => <QuantityText of={formatMilliseconds(p95Ns)} />,
      },
      {
        id: 'wait',
        header: text.meanWait,
        align: 'right',
        width: 100,
        cell: ({ meanWaitNs }) => <QuantityText of={formatDuration(meanWaitNs)} />,
      },
    ],
    [common, text, range],
  );
}
