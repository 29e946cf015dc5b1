import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { SearchBox } from '../../widgets/search-box.tsx';
import { EmptyState, SendSomething } from '../../widgets/states.tsx';
import { apiRows, namedLike, otherRows } from './chooser-rows.ts';
import styles from './diagnose.module.css';
import { SystemChanges } from './system-changes.tsx';
import type { DiagnoseUrl } from './url.ts';
import { useChooserColumns } from './use-chooser-columns.tsx';

const route = getRouteApi('/diagnose');
const apisMax = 1000;

/** For a person who knows nothing yet: what got worse, the worst first, each one step from its diagnosis. */
export function Chooser({ url }: { readonly url: DiagnoseUrl }) {
  const { find = '' } = url;
  const { nav, diagnose: text } = useMessages();
  const navigate = route.useNavigate();
  const goTo = useNavigate();
  const overview = useApi('getOverview', { query: { limit: apisMax } });
  const before = useApi('getTop', { query: { by: 'latency', of: 'api', percentile: 95, limit: apisMax } });
  const isSearched = find.trim() !== '';
  const services = useApi('listServices', {}, { enabled: isSearched });
  const endpoints = useApi('getTop', { query: { by: 'volume', of: 'endpoint', limit: apisMax } }, { enabled: isSearched });
  // One order from the start: rows that moved when the second answer came would be clicked by mistake.
  const isThere = overview.data !== undefined && (before.data !== undefined || before.error !== null);
  const all = useMemo(
    () => (overview.data ? apiRows(overview.data, before.data?.items ?? []) : []),
    [overview.data, before.data],
  );
  const rows = useMemo(() => namedLike(all, find), [all, find]);
  const others = otherRows(services.data?.items.map(({ service }) => service) ?? [], endpoints.data?.items ?? [], all, find);
  const columns = useChooserColumns();
  return (
    <>
      <PageTitle title={nav.diagnose} />
      <SystemChanges url={url} />
      <Card
        title={text.chooserTitle}
        note={text.chooserHint}
        aside={
          <SearchBox
            value={find}
            placeholder={text.search}
            widthPx={200}
            onChange={(value) =>
              void navigate({ replace: true, search: (previous) => ({ ...previous, find: value || undefined }) })
            }
          />
        }
      >
        <Loaded query={{ ...overview, data: isThere ? overview.data : undefined }} heightPx={420}>
          {() =>
            all.length === 0 ? (
              <SendSomething reason={text.noApi} what="service" />
            ) : rows.length === 0 ? (
              <EmptyState quiet reason={text.noMatch} />
            ) : (
              <DataTable
                label={text.chooserTitle}
                columns={columns}
                rows={rows}
                rowKey={({ key }) => key}
                onOpen={({ name, service }) => void goTo({ to: '/diagnose', search: { service, name } })}
                stale={overview.isPlaceholderData}
                keys
              />
            )
          }
        </Loaded>
      </Card>
      {others.length > 0 && (
        <Card title={text.others} note={text.othersHint}>
          <ul className={styles['others']} aria-label={text.others}>
            {others.map(({ key, name, service }) => (
              <li key={key}>
                <Link to="/diagnose" search={{ service, ...(name !== undefined && { name }) }}>
                  {name === undefined ? (
                    <>
                      {service} <small>{text.wholeService}</small>
                    </>
                  ) : (
                    <>
                      <small>{service}</small> {name}
                    </>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
