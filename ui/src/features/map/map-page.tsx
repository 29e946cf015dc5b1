import { useMemo, useState } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, quantityText } from '../../base/quantity.ts';
import { useKeys } from '../../base/use-keys.ts';
import { Card } from '../../widgets/card.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { PageTitle } from '../../widgets/page-title.tsx';
import { EmptyState, SendSomething } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { findNodes } from './find-nodes.ts';
import { Legend } from './legend.tsx';
import { MapCanvas } from './map-canvas.tsx';
import { MapTable } from './map-table.tsx';
import { FigureChoices, MapToolbar } from './map-toolbar.tsx';
import { SidePanel } from './side-panel.tsx';
import { useMap, useSetMap } from './use-map.ts';
import styles from './map.module.css';

export function MapPage() {
  const { nav, map: text } = useMessages();
  const { graph, nodesBefore, query, url } = useMap();
  const set = useSetMap();
  const [lit, setLit] = useState<string>();
  const found = useMemo(() => graph && findNodes(graph, url.find), [graph, url.find]);
  const select = (selected: string | undefined) => set({ selected }, true);
  useKeys({ Escape: () => (url.selected === undefined ? set({ list: undefined }, true) : select(undefined)) });
  const count = (value: number) => quantityText(formatCount(value));
  const hasPanel = url.selected !== undefined || url.list !== undefined;
  const isNarrowed = url.focus !== undefined || url.apiService !== undefined;
  return (
    <>
      <PageTitle title={nav.map} />
      <MapToolbar url={url} cycles={query.data?.cycles.length} found={found?.size} />
      <div className={styles['split']} data-panel={hasPanel || undefined}>
        <Card
          className={styles['map']}
          title={nav.map}
          note={graph && text.summary(count(graph.nodes.length), count(graph.edges.length))}
          aside={<FigureChoices url={url} />}
        >
          <Loaded query={query} heightPx={480}>
            {({ isTruncated, range }) =>
              graph === undefined || graph.nodes.length === 0 ? (
                isNarrowed ? (
                  <EmptyState reason={text.noneHere}>
                    <button
                      type="button"
                      className={widgets['pill']}
                      onClick={() => set({ focus: undefined, apiService: undefined, apiName: undefined })}
                    >
                      {text.showWhole}
                    </button>
                  </EmptyState>
                ) : (
                  <SendSomething reason={text.none} what="service" />
                )
              ) : (
                <>
                  {nodesBefore !== undefined && (
                    <p className={styles['note']} role="status">
                      {text.grouped(count(nodesBefore))}{' '}
                      <button type="button" className={widgets['link']} onClick={() => set({ ungrouped: true })}>
                        {text.showAll}
                      </button>
                    </p>
                  )}
                  {isTruncated && <p className={styles['note']}>{text.truncated}</p>}
                  {url.view === 'table' ? (
                    <MapTable graph={graph} range={range} found={found} selected={url.selected} onSelect={select} />
                  ) : (
                    <>
                      <MapCanvas
                        key={[url.level, url.focus, url.hops, url.expand, url.apiService, url.apiName, url.ungrouped].join(' ')}
                        graph={graph}
                        range={range}
                        headline={url.headline ?? 'rate'}
                        found={found}
                        lit={lit}
                        selected={url.selected}
                        onLight={setLit}
                        onSelect={select}
                      />
                      <Legend slowMs={url.slow} />
                    </>
                  )}
                </>
              )
            }
          </Loaded>
        </Card>
        {hasPanel && query.data && graph && (
          <SidePanel url={url} graph={graph} answer={query.data} onSelect={select} onLight={setLit} />
        )}
      </div>
    </>
  );
}
