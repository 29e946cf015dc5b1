import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import layout from '../../widgets/layout.module.css';
import { ListCard } from '../../widgets/list-card.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { PillChoice } from '../../widgets/pill-choice.tsx';
import styles from './capacity.module.css';
import { capacityRows } from './capacity-rows.ts';
import { ResourcePanel } from './resource-panel.tsx';
import { type CapacityUrl, capacityColumns, resourceFilters } from './url.ts';
import { useCapacityColumns } from './use-capacity-columns.tsx';
import { WhatIfBar } from './what-if-bar.tsx';
import { WhatIfCard } from './what-if-card.tsx';

const route = getRouteApi('/capacity');

export function CapacityPage() {
  const { nav } = useMessages();
  const { factor = 2, name, service } = route.useSearch();
  return (
    <>
      <PageTitle title={nav.capacity} />
      <div className={layout['toolbar']}>
        <WhatIfBar />
        <span className={layout['grow']} />
        {name === undefined && <Shown />}
      </div>
      {service !== undefined && name !== undefined ? (
        <WhatIfCard service={service} name={name} factor={factor} />
      ) : (
        <Resources />
      )}
    </>
  );
}

function Resources() {
  const { nav, capacity: text } = useMessages();
  const url = route.useSearch();
  const { find = '', of, row: openKey } = url;
  const navigate = route.useNavigate();
  const query = useApi('getCapacity', {});
  const columns = useCapacityColumns();
  const rows = useMemo(() => query.data && capacityRows(query.data.resources, find, of), [query.data, find, of]);
  const open = rows?.find(({ key }) => key === openKey);
  const change = (next: CapacityUrl) => void navigate({ replace: true, search: (previous) => ({ ...previous, ...next }) });
  return (
    <div className={open && styles['split']}>
      <ListCard
        title={nav.capacity}
        words={text}
        searchWidthPx={180}
        url={url}
        onUrl={change}
        sortable={capacityColumns}
        query={query}
        isEmpty={({ resources }) => resources.length === 0}
        sender="host"
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        selectedKey={openKey}
        onSelect={({ key }) => change({ row: key })}
      />
      {open && query.data && (
        <ResourcePanel
          row={open}
          timesMs={query.data.timesMs}
          range={query.data.range}
          onClose={() => change({ row: undefined })}
        />
      )}
    </div>
  );
}

/** Of all resources those that requests use up, or those that fill by time. */
function Shown() {
  const { capacity: text } = useMessages();
  const { of } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <PillChoice
      label={text.show}
      value={of ?? 'all'}
      options={resourceFilters.map((value) => ({ value, text: text.of[value] }))}
      onChange={(value) =>
        void navigate({ replace: true, search: (previous) => ({ ...previous, of: value === 'all' ? undefined : value }) })
      }
    />
  );
}
