import { IconApi, IconBoxMultiple, IconCloud, IconCube, IconDatabase, IconMessages } from '@tabler/icons-react';
import { memo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatRatio, quantityText } from '../../base/quantity.ts';
import type { Interval } from '../../base/time-range.ts';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { errorTone, type Health, headlineOf, healthOf, ratio } from './figures.ts';
import { nodeHeightPx, nodeWidthPx, type Point } from './geometry.ts';
import type { MapNode } from './map-graph.ts';
import { nodeLabel, nodeTitle } from './node-names.ts';
import type { Headline } from './url.ts';
import styles from './map.module.css';

export const kindIcons = {
  service: IconCube,
  endpoint: IconApi,
  database: IconDatabase,
  queue: IconMessages,
  remote: IconCloud,
  group: IconBoxMultiple,
} as const;

export interface MapNodeCardProps {
  readonly node: MapNode;
  /** Its middle. */
  readonly at: Point;
  readonly range: Interval;
  readonly headline: Headline;
  readonly isDim: boolean;
  readonly isFound: boolean;
  readonly isSelected: boolean;
  readonly onLight: (id: string | undefined) => void;
  readonly onSelect: (id: string) => void;
}

export const MapNodeCard = memo(function MapNodeCard(props: MapNodeCardProps) {
  const { node, at, range, headline, isDim, isFound, isSelected, onLight, onSelect } = props;
  const { map: text } = useMessages();
  const errorShare = ratio(node.errors, node.requests);
  const figure = headlineOf(node, headline, range);
  const tone = errorTone(errorShare);
  const Icon = kindIcons[node.kind];
  const label = nodeLabel(node);
  const title = nodeTitle(node);
  const service = node.kind === 'endpoint' ? node.service : undefined;
  const instances = (node.instances ?? 0) > 1 ? `×${node.instances}` : undefined;
  const members = node.members && quantityText(formatCount(node.members.length));
  // Whoever speaks to the page says what stands on the card.
  const shown = [title, service, quantityText(figure), instances, members].filter((one) => one !== undefined).join(' ');
  const errors = `${text.errors} ${quantityText(formatRatio(errorShare))}`;
  return (
    <button
      type="button"
      className={styles['node']}
      data-node={node.id}
      data-kind={node.kind}
      data-dim={isDim || undefined}
      data-found={isFound || undefined}
      data-bad={tone === 'bad' || undefined}
      aria-pressed={isSelected}
      aria-label={`${text.kinds[node.kind]} ${shown} (${text[headline]}), ${errors}${label === title ? '' : `, ${label}`}`}
      title={`${label}\n${text.kinds[node.kind]} · ${errors}`}
      style={{ left: at.x - nodeWidthPx / 2, top: at.y - nodeHeightPx / 2, width: nodeWidthPx, height: nodeHeightPx }}
      onPointerEnter={() => onLight(node.id)}
      onPointerLeave={() => onLight(undefined)}
      onClick={() => onSelect(node.id)}
    >
      <HealthRing health={healthOf(node)} />
      <Icon className={styles['kind']} size={14} stroke={1.6} aria-hidden />
      <span className={styles['nodeText']}>
        <b>{title}</b>{' '}
        <small>
          {service !== undefined && <span>{service}</span>}{' '}
          <QuantityText of={figure} tone={headline === 'errors' && tone !== 'ok' ? tone : undefined} />{' '}
          {instances !== undefined && (
            <span title={text.instancesOf(quantityText(formatCount(node.instances)))}>{instances}</span>
          )}{' '}
          {members !== undefined && <span>{members}</span>}
        </small>
      </span>
    </button>
  );
});

const radius = 13;
const around = 2 * Math.PI * radius;
/** The smallest part that can be seen. */
const leastShare = 0.03;

/** Failed from the top on, then slow, the rest is well; a hairline where nothing was asked. */
function HealthRing({ health }: { readonly health: Health | undefined }) {
  const seen = (share: number) => (share > 0 ? Math.max(leastShare, share) : 0);
  const failed = seen(health?.failed ?? 0);
  const slow = Math.min(1 - failed, seen(health?.slow ?? 0));
  const arc = (from: number, share: number, name: string) =>
    share > 0 && (
      <circle
        r={radius}
        data-part={name}
        strokeDasharray={`${share * around} ${around}`}
        strokeDashoffset={-from * around}
        transform="rotate(-90)"
      />
    );
  return (
    <svg className={styles['ring']} viewBox="-16 -16 32 32" width={32} height={32} aria-hidden>
      <circle r={radius} data-part={health ? 'ok' : 'unknown'} />
      {arc(0, failed, 'failed')}
      {arc(failed, slow, 'slow')}
    </svg>
  );
}
