import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Overview } from '@sonde/api';
import type { ReactNode } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import styles from './overview.module.css';
import { toneOf } from './overview-rows.ts';

type Layers = Overview['layers'];
type AnyItem = Layers[keyof Layers]['items'][number];

interface LayerStripProps<Layer extends keyof Layers> {
  readonly layer: Layer;
  readonly data: Layers[Layer];
  readonly nameOf: (item: Layers[Layer]['items'][number]) => string;
  /** A link to the rows of one state, or to all of them. */
  readonly rows: (state: 'healthy' | 'degraded' | 'unknown' | undefined, text: ReactNode) => ReactNode;
  /** A link to one of them. */
  readonly one: (item: Layers[Layer]['items'][number], props: CellProps) => ReactNode;
}

export interface CellProps {
  readonly key: string;
  readonly title: string;
  readonly 'aria-label': string;
  readonly 'data-tone': string;
}

/** One layer in a line: how many there are and how many of them are in which state; a cell for each, the worst first. */
export function LayerStrip<Layer extends keyof Layers>({ layer, data, nameOf, rows, one }: LayerStripProps<Layer>) {
  const { overview: text } = useMessages();
  const items = data.items as readonly AnyItem[] as readonly Layers[Layer]['items'][number][];
  const said = (item: AnyItem) => (item.reason === null ? text.isHealthy : text.reasons[item.reason]);
  const [worst] = items;
  const states = (['degraded', 'unknown', 'healthy'] as const).filter((state) => data[state] > 0);
  return (
    <section className={styles['strip']} aria-label={text[layer]}>
      <header>
        {rows(undefined, data.count)}
        <h2>{text[layer]}</h2>
        <span className={styles['states']}>
          {states.map((state) => (
            <Tooltip key={state} label={text[`${state}Hint`][layer]} multiline maw={320}>
              <span data-tone={state}>
                {rows(state, data.healthy === data.count ? text.allHealthy : text[state](data[state]))}
              </span>
            </Tooltip>
          ))}
        </span>
      </header>
      <div className={styles['cells']}>
        {items.map((item) => {
          const label = `${nameOf(item)}: ${said(item)}`;
          return one(item, { key: label, title: label, 'aria-label': label, 'data-tone': toneOf(item) });
        })}
      </div>
      <p className={styles['note']}>
        {worst === undefined ? text.none : worst.state === 'degraded' ? `${nameOf(worst)} · ${said(worst)}` : ' '}
      </p>
    </section>
  );
}

const middlewareName = ({ kind, system, address, name }: Layers['middleware']['items'][number]) =>
  [system, name || (kind === 'database' ? address : '')].filter(Boolean).join(' ');

/** APIs, middleware and hosts beside each other. */
export function LayerStrips({ layers }: { readonly layers: Layers }) {
  return (
    <div className={styles['strips']}>
      <LayerStrip
        layer="apis"
        data={layers.apis}
        nameOf={({ service, name }) => `${service} ${name}`}
        rows={(state, text) => (
          <Link to="/" search={(previous) => ({ ...previous, state })}>
            {text}
          </Link>
        )}
        one={({ service, name }, { key, ...props }) => (
          <Link key={key} to="/latency" search={{ service, name }} {...props} />
        )}
      />
      <LayerStrip
        layer="middleware"
        data={layers.middleware}
        nameOf={middlewareName}
        rows={(state, text) => (
          <Link to="/top" search={{ of: 'statement', ...(state === 'degraded' && { by: 'latency' as const }) }}>
            {text}
          </Link>
        )}
        one={({ kind }, { key, ...props }) => (
          <Link key={key} to="/top" search={{ of: kind === 'queue' ? 'queue' : 'statement' }} {...props} />
        )}
      />
      <LayerStrip
        layer="hosts"
        data={layers.hosts}
        nameOf={({ host }) => host}
        rows={(state, text) => (
          <Link to="/hosts" search={{ ...(state === 'degraded' && { sort: '-cpu' }) }}>
            {text}
          </Link>
        )}
        one={({ host }, { key, ...props }) => <Link key={key} to="/hosts/$host" params={{ host }} {...props} />}
      />
    </div>
  );
}
