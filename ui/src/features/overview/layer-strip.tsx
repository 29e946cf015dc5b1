import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Overview } from '@sonde/api';
import type { ReactNode } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import styles from './overview.module.css';
import { toneOf } from './overview-rows.ts';

type Layers = Overview['layers'];
type LayerName = keyof Layers;
type Item = Layers[LayerName]['items'][number];
type State = Item['state'];

/** APIs, middleware and hosts beside each other. */
export function LayerStrips({ layers }: { readonly layers: Layers }) {
  return (
    <div className={styles['strips']}>
      {(['apis', 'middleware', 'hosts'] as const).map((layer) => (
        <LayerStrip key={layer} layer={layer} data={layers[layer]} />
      ))}
    </div>
  );
}

/** One layer in a line: how many there are and how many of them are in which state; a cell for each, the worst first. */
function LayerStrip({ layer, data }: { readonly layer: LayerName; readonly data: Layers[LayerName] }) {
  const { overview: text } = useMessages();
  const items: readonly Item[] = data.items;
  const said = (item: Item) => `${nameOf(item)}: ${item.reason === null ? text.isHealthy : text.reasons[item.reason]}`;
  const [worst] = items;
  const states = (['degraded', 'unknown', 'healthy'] as const).filter((state) => data[state] > 0);
  return (
    <section className={styles['strip']} aria-label={text[layer]}>
      <header>
        <RowsLink layer={layer} state={undefined}>
          {data.count}
        </RowsLink>
        <h2>{text[layer]}</h2>
        <span className={styles['states']}>
          {states.map((state) => (
            <Tooltip key={state} label={text[`${state}Hint`][layer]} multiline maw={320}>
              <span data-tone={state}>
                <RowsLink layer={layer} state={state}>
                  {data.healthy === data.count ? text.allHealthy : text[state](data[state])}
                </RowsLink>
              </span>
            </Tooltip>
          ))}
        </span>
      </header>
      <div className={styles['cells']}>
        {items.map((item) => (
          <ItemLink key={JSON.stringify(item)} item={item} said={said(item)} />
        ))}
      </div>
      <p className={styles['note']}>{worst === undefined ? text.none : worst.state === 'degraded' ? said(worst) : '\u00a0'}</p>
    </section>
  );
}

function nameOf(item: Item): string {
  if ('host' in item) return item.host;
  if ('service' in item) return `${item.service} ${item.name}`;
  return [item.system, item.name || item.address].filter(Boolean).join(' ');
}

interface RowsLinkProps {
  readonly layer: LayerName;
  /** Only those in this state. */
  readonly state: State | undefined;
  readonly children: ReactNode;
}

/** What a number counts. */
function RowsLink({ layer, state, children }: RowsLinkProps) {
  if (layer === 'apis') {
    return (
      <Link to="/" search={(previous) => ({ ...previous, state })}>
        {children}
      </Link>
    );
  }
  if (layer === 'hosts') {
    return (
      <Link to="/hosts" search={{ ...(state === 'degraded' && { sort: '-cpu' }) }}>
        {children}
      </Link>
    );
  }
  return (
    <Link to="/top" search={{ of: 'statement', ...(state === 'degraded' && { by: 'latency' as const }) }}>
      {children}
    </Link>
  );
}

function ItemLink({ item, said }: { readonly item: Item; readonly said: string }) {
  const cell = { title: said, 'aria-label': said, 'data-tone': toneOf(item) };
  if ('host' in item) return <Link to="/hosts/$host" params={{ host: item.host }} {...cell} />;
  if ('service' in item) return <Link to="/latency" search={{ service: item.service, name: item.name }} {...cell} />;
  return <Link to="/top" search={{ of: item.kind === 'queue' ? 'queue' : 'statement' }} {...cell} />;
}
