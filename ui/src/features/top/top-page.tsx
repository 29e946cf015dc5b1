import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatDuration, quantityText } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { useKeys } from '../../base/use-keys.ts';
import { Card } from '../../widgets/card.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { SendSomething } from '../../widgets/states.tsx';
import { TopControls } from './top-controls.tsx';
import { TopPanel } from './top-panel.tsx';
import { type TopQuestion, topRows } from './top-rows.ts';
import styles from './top.module.css';
import { useTopColumns } from './use-top-columns.tsx';

const route = getRouteApi('/top');
const limit = 50;

export function TopPage() {
  const { nav, top: text } = useMessages();
  const { by = 'hotspot', of = 'endpoint', time = 'inclusive', percentile = 95, service, host, key } = route.useSearch();
  const navigate = route.useNavigate();
  const question = useMemo((): TopQuestion => ({ by, of, time, percentile }), [by, of, time, percentile]);
  const query = useApi(
    'getTop',
    {
      query: {
        by,
        of,
        limit,
        ...(by === 'hotspot' && { time }),
        ...(by === 'latency' && { percentile }),
        ...(service !== undefined && { service }),
        ...(host !== undefined && { host }),
      },
    },
    { keepRows: true },
  );
  const rows = useMemo(() => query.data && topRows(query.data.items, question, query.data.range), [query.data, question]);
  const columns = useTopColumns(question);
  const select = (next: string | undefined) =>
    void navigate({ replace: true, search: (previous) => ({ ...previous, key: next }) });
  useKeys({ Escape: () => select(undefined) });
  const selected = rows?.find((row) => row.key === key) ?? rows?.[0];
  const title = text[by];
  return (
    <>
      <PageTitle title={nav.top} />
      <TopControls question={question} service={service} host={host} />
      <div className={styles['split']}>
        <Card title={title} note={query.data && <Summary reply={query.data} by={by} />}>
          <Loaded query={query} heightPx={480}>
            {({ items }) =>
              items.length === 0 ? (
                <SendSomething reason={text.none} what="service" />
              ) : (
                <DataTable
                  label={title}
                  columns={columns}
                  rows={rows ?? []}
                  rowKey={(row) => row.key}
                  selectedKey={selected?.key}
                  onSelect={(row) => select(row.key)}
                  stale={query.isPlaceholderData}
                  keys
                />
              )
            }
          </Loaded>
        </Card>
        {selected && (
          <TopPanel row={selected} scope={{ ...(service !== undefined && { service }), ...(host !== undefined && { host }) }} />
        )}
      </div>
    </>
  );
}

function Summary({ reply: { total }, by }: { readonly reply: Reply<'getTop'>; readonly by: TopQuestion['by'] }) {
  const { top: text } = useMessages();
  const items = text.items(quantityText(formatCount(total.items)));
  return by === 'volume'
    ? text.summaryVolume(quantityText(formatCount(total.requests)), items)
    : text.summaryTime(quantityText(formatDuration(total.timeNs)), items);
}
