import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { Chip } from '../../widgets/chip.tsx';
import { ListCard } from '../../widgets/list-card.tsx';
import { Bones } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { LayerStrips } from './layer-strip.tsx';
import { overviewRows } from './overview-rows.ts';
import styles from './overview.module.css';
import { TimeLegend } from './time-split.tsx';
import { useOverviewColumns } from './use-overview-columns.tsx';

const route = getRouteApi('/');

/** Where a checkup begins: every API, the worst first, beneath the three layers that it depends on. */
export function OverviewPage() {
  const { nav, overview: text } = useMessages();
  const url = route.useSearch();
  const { find, state } = url;
  const navigate = route.useNavigate();
  const goTo = useNavigate();
  const query = useApi('getOverview', { query: { limit: 200 } });
  const rows = useMemo(() => query.data && overviewRows(query.data, { find, state }), [query.data, find, state]);
  const columns = useOverviewColumns(query.data?.objective);
  const chosen = state !== undefined && (
    <Chip
      name={text.onlyState}
      value={text.showing({ healthy: text.isHealthy, degraded: text.degradedState, unknown: text.unknownState }[state])}
      onRemove={() => void navigate({ search: (previous) => ({ ...previous, state: undefined }) })}
    />
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
      <ListCard
        title={text.apis}
        words={{ filter: text.filter, none: text.noApi, noMatch: text.noMatch }}
        note={<TimeLegend />}
        choices={chosen}
        url={url}
        onUrl={(change) => void navigate({ replace: true, search: (previous) => ({ ...previous, ...change }) })}
        query={query}
        isEmpty={({ apis }) => apis.length === 0}
        sender="service"
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        onOpen={(row) =>
          row.kind === 'host'
            ? void goTo({ to: '/hosts/$host', params: { host: row.host.host } })
            : void goTo({ to: '/latency', search: { service: row.api.service, name: row.api.name } })
        }
      />
    </>
  );
}
