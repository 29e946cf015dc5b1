import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { ListCard } from '../../widgets/list-card.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { findHosts } from './host-rows.ts';
import { hostColumns } from './url.ts';
import { useHostColumns } from './use-host-columns.tsx';

const route = getRouteApi('/hosts');

export function HostsPage() {
  const { nav, hosts: text } = useMessages();
  const url = route.useSearch();
  const { find = '' } = url;
  const navigate = route.useNavigate();
  const goTo = useNavigate();
  const query = useApi('listHosts', {});
  const columns = useHostColumns();
  const rows = useMemo(() => query.data && findHosts(query.data.items, find), [query.data, find]);
  return (
    <>
      <PageTitle title={nav.hosts} />
      <ListCard
        title={nav.hosts}
        words={text}
        url={url}
        onUrl={(change) => void navigate({ replace: true, search: (previous) => ({ ...previous, ...change }) })}
        sortable={hostColumns}
        query={query}
        isEmpty={({ items }) => items.length === 0}
        sender="host"
        columns={columns}
        rows={rows}
        rowKey={({ host, hostId }) => JSON.stringify([host, hostId])}
        onOpen={({ host }) => void goTo({ to: '/hosts/$host', params: { host } })}
      />
    </>
  );
}
