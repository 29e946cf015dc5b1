import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Card } from '../../widgets/card.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import widgets from '../../widgets/widgets.module.css';
import { EdgePanel } from './edge-panel.tsx';
import { ListPanel } from './list-panel.tsx';
import type { MapGraph } from './map-graph.ts';
import { nodeTitle, titleOfId } from './node-names.ts';
import { NodePanel } from './node-panel.tsx';
import { edgeEnds, type MapUrl } from './url.ts';
import { useSetMap } from './use-map.ts';
import styles from './map.module.css';

export interface SidePanelProps {
  readonly url: MapUrl;
  readonly graph: MapGraph;
  readonly answer: Reply<'getDependencies'>;
  readonly onSelect: (id: string | undefined) => void;
  readonly onLight: (id: string | undefined) => void;
}

/** Beside the map: the selected node or edge, or else a list. */
export function SidePanel(props: SidePanelProps) {
  const { answer, graph, onLight, onSelect, url } = props;
  const { map: text } = useMessages();
  const set = useSetMap();
  const { list, selected } = url;
  const frame = (title: string, onClose: () => void, children: ReactNode) => (
    <Panel title={title} onClose={onClose}>
      {children}
    </Panel>
  );
  if (selected === undefined) {
    if (list === undefined) return undefined;
    return frame(
      text[list],
      () => set({ list: undefined }),
      <ListPanel list={list} graph={graph} answer={answer} onSelect={onSelect} onLight={onLight} />,
    );
  }
  const close = () => onSelect(undefined);
  const nodeOf = (id: string) => graph.nodes.find((node) => node.id === id);
  const ends = edgeEnds(selected);
  if (ends === undefined) {
    const node = nodeOf(selected);
    const title = node ? nodeTitle(node) : titleOfId(selected);
    return frame(
      title,
      close,
      node ? (
        <NodePanel
          key={node.id}
          node={node}
          graph={graph}
          range={answer.range}
          url={url}
          onSelect={onSelect}
          onLight={onLight}
        />
      ) : (
        <EmptyState quiet reason={text.noneHere} />
      ),
    );
  }
  const edge = graph.edges.find(({ id }) => id === selected);
  const [from, to] = ends.map(nodeOf);
  return frame(
    ends.map(titleOfId).join(' → '),
    close,
    edge && from && to ? (
      <EdgePanel key={edge.id} edge={edge} from={from} to={to} range={answer.range} url={url} onSelect={onSelect} />
    ) : (
      <EmptyState quiet reason={text.noneHere} />
    ),
  );
}

function Panel({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { common } = useMessages();
  return (
    <Card
      className={styles['panel']}
      label={title}
      title={<span title={title}>{title}</span>}
      aside={
        <button
          type="button"
          className={widgets['iconButton']}
          title={`${common.close} (Esc)`}
          aria-label={common.close}
          onClick={onClose}
        >
          <IconX size={14} />
        </button>
      }
    >
      <div className={styles['panelBody']}>{children}</div>
    </Card>
  );
}
