import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { Chip } from '../../widgets/chip.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { Bones, Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { SearchBox } from '../../widgets/search-box.tsx';
import { EmptyState, SendSomething } from '../../widgets/states.tsx';
import { LayerStrips } from './layer-strip.tsx';
import { overviewRows } from './overview-rows.ts';
import styles from './overview.module.css';
import { TimeLegend } from './time-split.tsx';
import { useOverviewColumns } from './use-overview-columns.tsx';

const route = getRouteApi('/');

/** Where a checkup begins: every API, the worst first, beneath the three layers that it depends on. */
export function OverviewPage() {
  const { nav, overview: text } = useMessages();
  const { find = '', state } = route.useSearch();
  const navigate = route.useNavigate();
  const goTo = useNavigate();
  const query = useApi('getOverview', { query: { limit: 200 } });
  const rows = useMemo(() => query.data && overviewRows(query.data, { find, state }), [query.data, find, state]);
  const columns = useOverviewColumns(query.data?.objective);
  const aside = (
    <>
      {state !== undefined && (
        <Chip
          name={text.onlyState}
          value={text.showing({ healthy: text.isHealthy, degraded: text.degradedState, unknown: text.unknownState }[state])}
          onRemove={() => void navigate({ search: (previous) => ({ ...previous, state: undefined }) })}
        />
      )}
      <SearchBox
        value={find}
        placeholder={text.filter}
        onChange={(value) =>
          void navigate({ replace: true, search: (previous) => ({ ...previous, find: value || undefined }) })
        }
      />
    </>
  );
  return (
    <>
      <PageTitle title={nav.overview} />
      {query.data ? (
        <LayerStrips layers={query.data.layers} />
      ) : (
        <div className={styles['strips']} aria-hidden>
          {[1, 2, 3].map((strip) => (
            <div key={strip} className={styles['strip']}>
              {query.error === null && <Bones heightPx={64} />}
            </div>
          ))}
        </div>
      )}
      <Card title={text.apis} note={<TimeLegend />} aside={aside}>
        <Loaded query={query} heightPx={420}>
          {({ apis }) =>
            apis.length === 0 ? (
              <SendSomething reason={text.noApi} what="service" />
            ) : rows?.length === 0 ? (
              <EmptyState reason={text.noMatch} />
            ) : (
              <DataTable
                label={text.apis}
                columns={columns}
                rows={rows ?? []}
                rowKey={({ key }) => key}
                onOpen={(row) =>
                  row.kind === 'host'
                    ? void goTo({ to: '/hosts/$host', params: { host: row.host.host } })
                    : void goTo({ to: '/latency', search: { service: row.api.service, name: row.api.name } })
                }
                stale={query.isPlaceholderData}
                keys
              />
            )
          }
        </Loaded>
      </Card>
    </>
  );
}
