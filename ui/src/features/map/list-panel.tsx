import { Link } from '@tanstack/react-router';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatNumber, formatRatio, quantityText } from '../../base/quantity.ts';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { Tag } from '../../widgets/tag.tsx';
import widgets from '../../widgets/widgets.module.css';
import { criticalRows, cycleRows, strengthRows } from './list-rows.ts';
import type { MapGraph } from './map-graph.ts';
import { nodeLabel, titleOfId } from './node-names.ts';
import type { MapListName } from './url.ts';
import styles from './map.module.css';

export interface ListPanelProps {
  readonly list: MapListName;
  readonly graph: MapGraph;
  readonly answer: Reply<'getDependencies'>;
  readonly onSelect: (id: string) => void;
  readonly onLight: (id: string | undefined) => void;
}

export function ListPanel(props: ListPanelProps) {
  const { list } = props;
  return list === 'cycles' ? (
    <Cycles {...props} />
  ) : list === 'criticality' ? (
    <Criticality {...props} />
  ) : (
    <Strength {...props} />
  );
}

function Cycles({ answer, onLight, onSelect }: ListPanelProps) {
  const { map: text } = useMessages();
  const rows = cycleRows(answer.cycles);
  if (rows.length === 0) return <EmptyState quiet reason={text.noCycles} />;
  return (
    <ul className={styles['lines']} aria-label={text.cycles}>
      {rows.map(({ exampleTraceId, first, key, kind, label }) => (
        <li key={key} onPointerEnter={() => onLight(first)} onPointerLeave={() => onLight(undefined)}>
          <button type="button" className={styles['name']} title={label} onClick={() => onSelect(first)}>
            {label}
          </button>
          <p>
            <Tag tone={kind === 'loop' ? 'bad' : 'warn'} title={kind === 'loop' ? text.loopHint : text.staticHint}>
              {text[kind]}
            </Tag>
            {exampleTraceId === null ? (
              <small>{text.staticHint}</small>
            ) : (
              <Link to="/traces/$traceId" params={{ traceId: exampleTraceId }} className={widgets['link']}>
                {text.exampleTrace}
              </Link>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Criticality({ graph, onLight, onSelect }: ListPanelProps) {
  const { map: text } = useMessages();
  const rows = criticalRows(graph);
  if (rows.length === 0) return <EmptyState quiet reason={text.noCriticality} />;
  return (
    <>
      <p className={styles['formula']}>{text.criticalityHint}</p>
      <ol className={styles['lines']} aria-label={text.criticality}>
        {rows.map(({ isSinglePoint, node, share }) => {
          const label = nodeLabel(node);
          return (
            <li key={node.id} onPointerEnter={() => onLight(node.id)} onPointerLeave={() => onLight(undefined)}>
              <button type="button" className={styles['name']} title={label} onClick={() => onSelect(node.id)}>
                {label}
              </button>
              <p>
                <QuantityText of={formatNumber(node.criticality)} />
                {isSinglePoint && <Tag tone="warn">{text.singlePoint}</Tag>}
                <small>
                  {text.requestShare} {quantityText(formatRatio(node.requestShare))} · {text.fanIn} {node.fanIn} ·{' '}
                  {text.instances} {quantityText(formatCount(node.instances))}
                </small>
              </p>
              <i className={styles['bar']} style={{ width: `${share * 100}%` }} aria-hidden />
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Strength({ graph, onLight, onSelect }: ListPanelProps) {
  const { map: text } = useMessages();
  const rows = strengthRows(graph);
  if (rows.length === 0) return <EmptyState quiet reason={text.noStrength} />;
  const nameOf = (id: string) => {
    const node = graph.nodes.find((one) => one.id === id);
    return node ? nodeLabel(node) : titleOfId(id);
  };
  return (
    <>
      <p className={styles['formula']}>{text.callerFailsHint}</p>
      <ul className={styles['lines']} aria-label={text.strength}>
        {rows.map(({ callerFailureShare, criticalShare, from, id, strength, to }) => {
          const label = `${nameOf(from)} → ${nameOf(to)}`;
          return (
            <li key={id} onPointerEnter={() => onLight(id)} onPointerLeave={() => onLight(undefined)}>
              <button type="button" className={styles['name']} title={label} onClick={() => onSelect(id)}>
                {label}
              </button>
              <p>
                <Tag
                  tone={strength === 'strong' ? 'bad' : 'ok'}
                  title={strength === 'strong' ? text.strongHint : text.weakHint}
                >
                  {strength === 'strong' ? text.strong : text.weak}
                </Tag>
                <small>
                  {text.criticalShare} {quantityText(formatRatio(criticalShare))}
                </small>
              </p>
              <ShareBar share={callerFailureShare} tone={strength === 'strong' ? 'bad' : undefined} />
            </li>
          );
        })}
      </ul>
    </>
  );
}
