import { Modal } from '@mantine/core';
import { IconDatabase, IconRoute, IconServer, IconStack2, IconTimeline, IconWindow } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { en } from '../base/messages/en.ts';
import { useMessages } from '../base/messages/use-messages.tsx';
import { useApi } from '../base/use-api.ts';
import { type PaletteItem, paletteItems } from './palette-items.ts';
import { navigation } from './rail.tsx';
import styles from './shell.module.css';

/** The busiest: of more than these nobody types the name from memory. */
const endpointsMax = 1000;
const icons = {
  page: IconWindow,
  service: IconStack2,
  endpoint: IconRoute,
  host: IconServer,
  middleware: IconDatabase,
  trace: IconTimeline,
};

export function CommandPalette({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { palette } = useMessages();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="12vh"
      attributes={{ content: { 'aria-label': palette.open } }}
      classNames={{ content: styles['modal'] ?? '' }}
    >
      <Palette onClose={onClose} />
    </Modal>
  );
}

function Palette({ onClose }: { readonly onClose: () => void }) {
  const { palette, nav, traceViews } = useMessages();
  const navigate = useNavigate();
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const services = useApi('listServices', {});
  const endpoints = useApi('getTop', { query: { by: 'volume', of: 'endpoint', limit: endpointsMax } });
  const hosts = useApi('listHosts', {});
  const middleware = useApi('listMiddleware', {});
  const items = useMemo(
    () =>
      paletteItems(typed, {
        pages: [
          ...[...navigation.checkup, ...navigation.emergency].map(({ to, key }) => ({
            to,
            title: nav[key],
            also: en.nav[key],
          })),
          { to: '/latency', title: nav.latency, also: en.nav.latency },
          { to: '/traces/compare', title: traceViews.compareTitle, also: en.traceViews.compareTitle },
          { to: '/traces/upload', title: traceViews.uploadTitle, also: en.traceViews.uploadTitle },
        ],
        services: services.data?.items.map(({ service }) => service) ?? [],
        endpoints:
          endpoints.data?.items
            .map(({ key: { service = '', name = '' } }) => ({ service, name }))
            .filter(({ name }) => name !== '') ?? [],
        hosts: hosts.data?.items.map(({ host }) => host) ?? [],
        middleware: middleware.data?.items.map(({ address, id, kind }) => ({ id, title: `${kind} ${address}`.trim() })) ?? [],
      }),
    [typed, services.data, endpoints.data, hosts.data, middleware.data, nav, traceViews],
  );
  const groups = {
    page: palette.pages,
    service: palette.services,
    endpoint: palette.endpoints,
    host: palette.hosts,
    middleware: palette.middleware,
    trace: palette.trace,
  };

  const go = (item: PaletteItem) => {
    onClose();
    if (item.kind === 'page') void navigate({ to: item.to });
    else if (item.kind === 'service') void navigate({ to: '/services/$service', params: { service: item.title } });
    else if (item.kind === 'endpoint') void navigate({ to: '/latency', search: { service: item.service, name: item.title } });
    else if (item.kind === 'middleware') void navigate({ to: '/middleware/$id', params: { id: item.id } });
    else if (item.kind === 'host') void navigate({ to: '/hosts/$host', params: { host: item.title } });
    else void navigate({ to: '/traces/$traceId', params: { traceId: item.title } });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const item = items[chosen];
    if (step !== 0 && items.length > 0) setChosen((chosen + step + items.length) % items.length);
    else if (event.key === 'Enter' && item) go(item);
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles['palette']}>
      <input
        data-autofocus
        type="text"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={items.length > 0 ? `${listId}-${chosen}` : undefined}
        aria-label={palette.placeholder}
        placeholder={palette.placeholder}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      {items.length === 0 ? (
        <p>{palette.nothing}</p>
      ) : (
        <ul id={listId} role="listbox" aria-label={palette.open}>
          {items.flatMap((item, index) => {
            const Icon = icons[item.kind];
            const first = items[index - 1]?.kind !== item.kind;
            return [
              ...(first
                ? [
                    <li key={item.kind} role="presentation">
                      {groups[item.kind]}
                    </li>,
                  ]
                : []),
              <li
                key={`${item.kind} ${item.kind === 'endpoint' ? item.service : item.kind === 'middleware' ? item.id : ''} ${item.title}`}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === chosen}
                ref={index === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
                onMouseMove={() => setChosen(index)}
                onClick={() => go(item)}
              >
                <Icon size={16} stroke={1.6} aria-hidden />
                <span title={item.title}>{item.kind === 'trace' ? palette.openTrace(item.title) : item.title}</span>
                {item.kind === 'endpoint' && <small>{item.service}</small>}
              </li>,
            ];
          })}
        </ul>
      )}
    </div>
  );
}
