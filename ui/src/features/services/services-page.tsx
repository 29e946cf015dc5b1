import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { ListCard } from '../../widgets/list-card.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { inventoryStates, registry } from './inventory-state.ts';
import { serviceRows } from './service-rows.ts';
import { serviceColumns } from './url.ts';
import { useServiceColumns } from './use-service-columns.tsx';

const route = getRouteApi('/services');

export function ServicesPage() {
  const { nav, services: text, registry: words } = useMessages();
  const url = route.useSearch();
  const { find, state } = url;
  const navigate = route.useNavigate();
  const goTo = useNavigate();
  const query = useApi('listServices', {});
  const inventory = useApi('getInventory', { query: { limit: 10_000 } }, { timed: false });
  const known = useMemo(
    () => inventory.data && registry(inventory.data.items, inventory.dataUpdatedAt),
    [inventory.data, inventory.dataUpdatedAt],
  );
  const columns = useServiceColumns();
  const rows = useMemo(
    () => query.data && serviceRows(query.data.items, query.data.range, { find, state }, known),
    [query.data, find, state, known],
  );
  const states = inventoryStates.filter((one) => [...(known?.values() ?? [])].some((service) => service.state === one));
  const choices = (states.length > 1 || state !== undefined) && (
    <PillChoice
      label={words.state}
      value={state ?? 'all'}
      options={[
        { value: 'all', text: words.all },
        ...states.map((value) => ({ value, text: words.states[value], hint: words.stateHints[value] })),
      ]}
      onChange={(next) => void navigate({ search: (previous) => ({ ...previous, state: next === 'all' ? undefined : next }) })}
    />
  );
  return (
    <>
      <PageTitle title={nav.services} />
      <ListCard
        title={nav.services}
        words={text}
        choices={choices}
        url={url}
        onUrl={(change) => void navigate({ replace: true, search: (previous) => ({ ...previous, ...change }) })}
        sortable={serviceColumns}
        query={query}
        isEmpty={({ items }) => items.length === 0 && (known?.size ?? 0) === 0}
        sender="service"
        columns={columns}
        rows={rows}
        rowKey={({ service }) => service}
        onOpen={({ service }) => void goTo({ to: '/services/$service', params: { service } })}
      />
    </>
  );
}
