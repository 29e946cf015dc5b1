import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import { SearchBox } from '../../widgets/search-box.tsx';
import { parseSort, sortText } from '../../widgets/sort-rows.ts';
import { EmptyState, SendSomething } from '../../widgets/states.tsx';
import { inventoryStates, registry } from './inventory-state.ts';
import { serviceRows } from './service-rows.ts';
import { serviceColumns } from './url.ts';
import { useServiceColumns } from './use-service-columns.tsx';

const route = getRouteApi('/services');

export function ServicesPage() {
  const { nav, services: text, registry: words } = useMessages();
  const { find = '', sort, state } = route.useSearch();
  const navigate = route.useNavigate();
  const goTo = useNavigate();
  const query = useApi('listServices', {});
  const inventory = useApi('getInventory', { query: { limit: 10_000 } }, { timed: false });
  const known = useMemo(
    () => inventory.data && registry(inventory.data.items, inventory.dataUpdatedAt),
    [inventory.data, inventory.dataUpdatedAt],
  );
  const columns = useServiceColumns();
  const sorted = useMemo(() => parseSort(sort, serviceColumns), [sort]);
  const rows = useMemo(
    () => query.data && serviceRows(query.data.items, query.data.range, { find, state }, known),
    [query.data, find, state, known],
  );
  const states = inventoryStates.filter((one) => [...(known?.values() ?? [])].some((service) => service.state === one));
  const search = (
    <>
      {(states.length > 1 || state !== undefined) && (
        <PillChoice
          label={words.state}
          value={state ?? 'all'}
          options={[
            { value: 'all', text: words.all },
            ...states.map((value) => ({ value, text: words.states[value], hint: words.stateHints[value] })),
          ]}
          onChange={(next) =>
            void navigate({ search: (previous) => ({ ...previous, state: next === 'all' ? undefined : next }) })
          }
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
      <PageTitle title={nav.services} />
      <Card
        title={nav.services}
        note={rows && `${text.count(rows.length)} · ${sorted ? '' : text.order}`.replace(/ · $/, '')}
        aside={search}
      >
        <Loaded query={query} heightPx={420}>
          {({ items }) =>
            items.length === 0 && (known?.size ?? 0) === 0 ? (
              <SendSomething reason={text.none} what="service" />
            ) : rows?.length === 0 ? (
              <EmptyState reason={text.noMatch} />
            ) : (
              <DataTable
                label={nav.services}
                columns={columns}
                rows={rows ?? []}
                rowKey={({ service }) => service}
                onOpen={({ service }) => void goTo({ to: '/services/$service', params: { service } })}
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
