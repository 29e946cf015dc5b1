import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { SearchBox } from '../../widgets/search-box.tsx';
import { parseSort, sortText } from '../../widgets/sort-rows.ts';
import { EmptyState, SendSomething } from '../../widgets/states.tsx';
import { findHosts } from './host-rows.ts';
import { hostColumns } from './url.ts';
import { useHostColumns } from './use-host-columns.tsx';

const route = getRouteApi('/hosts');

export function HostsPage() {
  const { nav, hosts: text } = useMessages();
  const { find = '', sort } = route.useSearch();
  const navigate = route.useNavigate();
  const goTo = useNavigate();
  const query = useApi('listHosts', {});
  const columns = useHostColumns();
  const sorted = useMemo(() => parseSort(sort, hostColumns), [sort]);
  const rows = useMemo(() => query.data && findHosts(query.data.items, find), [query.data, find]);
  const search = (
    <SearchBox
      value={find}
      placeholder={text.filter}
      onChange={(value) => void navigate({ replace: true, search: (previous) => ({ ...previous, find: value || undefined }) })}
    />
  );
  return (
    <>
      <PageTitle title={nav.hosts} />
      <Card title={nav.hosts} note={rows && `${text.count(rows.length)}${sorted ? '' : ` · ${text.order}`}`} aside={search}>
        <Loaded query={query} heightPx={420}>
          {({ items }) =>
            items.length === 0 ? (
              <SendSomething reason={text.none} what="host" />
            ) : rows?.length === 0 ? (
              <EmptyState reason={text.noMatch} />
            ) : (
              <DataTable
                label={nav.hosts}
                columns={columns}
                rows={rows ?? []}
                rowKey={({ host, hostId }) => JSON.stringify([host, hostId])}
                onOpen={({ host }) => void goTo({ to: '/hosts/$host', params: { host } })}
                sort={sorted}
                onSort={(next) =>
                  void navigate({ replace: true, search: (previous) => ({ ...previous, sort: sortText(next) }) })
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
