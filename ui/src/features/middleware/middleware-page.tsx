import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { ListCard } from '../../widgets/list-card.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { findMiddleware } from './middleware-rows.ts';
import { middlewareColumns } from './url.ts';
import { useMiddlewareColumns } from './use-middleware-columns.tsx';

const route = getRouteApi('/middleware');

export function MiddlewarePage() {
  const { nav, middleware: text } = useMessages();
  const url = route.useSearch();
  const { find = '' } = url;
  const navigate = route.useNavigate();
  const goTo = useNavigate();
  const query = useApi('listMiddleware', {});
  const columns = useMiddlewareColumns(query.data?.range);
  const rows = useMemo(() => query.data && findMiddleware(query.data.items, find), [query.data, find]);
  return (
    <>
      <PageTitle title={nav.middleware} />
      <ListCard
        title={nav.middleware}
        words={text}
        url={url}
        onUrl={(change) => void navigate({ replace: true, search: (previous) => ({ ...previous, ...change }) })}
        sortable={middlewareColumns}
        query={query}
        isEmpty={({ items }) => items.length === 0}
        sender="host"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        onOpen={({ id }) => void goTo({ to: '/middleware/$id', params: { id } })}
      />
    </>
  );
}
