import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, quantityText } from '../../base/quantity.ts';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { OperationName } from './operation-name.tsx';
import styles from './selection.module.css';
import type { Box, TracesUrl } from './url.ts';
import { useErrorOrigins } from './use-traces.ts';

type Origins = Reply<'getErrorOrigins'>;
type Origin = Origins['items'][number];

/** Failed spans without a failed child: who raised the error, not who passed it on. */
export function ErrorOrigins({ url, box }: { readonly url: TracesUrl; readonly box: Box | undefined }) {
  const query = useErrorOrigins(url, box);
  return (
    <Loaded query={query} heightPx={240}>
      {(data) => <Table data={data} stale={query.isPlaceholderData} />}
    </Loaded>
  );
}

function Table({ data, stale }: { readonly data: Origins; readonly stale: boolean }) {
  const { traces: text } = useMessages();
  const columns = useColumns(data.examined);
  if (data.examined === 0) return <EmptyState reason={text.noErrors} quiet />;
  const examined = quantityText(formatCount(data.examined));
  return (
    <>
      <p className={styles['legend']}>{data.complete ? text.failedAll(examined) : text.failedNewest(examined)}</p>
      <DataTable
        label={text.tabs.errors}
        columns={columns}
        rows={data.items}
        rowKey={({ service, name, type, message }) => JSON.stringify([service, name, type, message])}
        stale={stale}
      />
    </>
  );
}

function useColumns(examined: number): Column<Origin>[] {
  const { traces: text, common } = useMessages();
  return useMemo(
    () => [
      {
        id: 'where',
        header: text.where,
        minWidth: 130,
        cell: ({ service, name }) => <OperationName service={service} name={name} />,
      },
      {
        id: 'why',
        header: text.why,
        minWidth: 140,
        cell: ({ type, message }) => (
          <span className={styles['why']} title={`${type} ${message}`.trim()}>
            {type !== '' && <b>{type}</b>} {message || (type === '' && <em>{text.unsaid}</em>)}
          </span>
        ),
      },
      {
        id: 'share',
        header: text.ofFailedTraces,
        width: 150,
        drop: 2,
        hint: text.ofFailedTracesHint,
        cell: ({ traces }) => <ShareBar share={examined === 0 ? null : traces / examined} tone="bad" />,
      },
      {
        id: 'traces',
        header: text.traceCount,
        align: 'right',
        width: 72,
        cell: ({ traces }) => <QuantityText of={formatCount(traces)} />,
      },
      {
        id: 'spans',
        header: common.spans,
        align: 'right',
        width: 72,
        drop: 1,
        cell: ({ spans }) => <QuantityText of={formatCount(spans)} tone="quiet" />,
      },
      {
        id: 'example',
        header: text.example,
        align: 'right',
        width: 96,
        drop: 3,
        cell: ({ exampleTraceId }) => (
          <Link to="/traces/$traceId" params={{ traceId: exampleTraceId }} className={widgets['link']}>
            {exampleTraceId.slice(0, 8)}
          </Link>
        ),
      },
    ],
    [text, common, examined],
  );
}
