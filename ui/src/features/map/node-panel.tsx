import { Link } from '@tanstack/react-router';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatCount, formatDuration, formatNumber, formatRate, formatRatio, quantityText } from '../../base/quantity.ts';
import type { Interval } from '../../base/time-range.ts';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { Tag } from '../../widgets/tag.tsx';
import widgets from '../../widgets/widgets.module.css';
import { EdgeList } from './edge-list.tsx';
import { Row } from './edge-panel.tsx';
import { errorTone, isSinglePoint, perSecond, ratio } from './figures.ts';
import { calleesOf, callersOf } from './list-rows.ts';
import type { MapGraph, MapNode } from './map-graph.ts';
import { MiddlewareLinks } from './middleware-links.tsx';
import { nodeWhere, titleOfId } from './node-names.ts';
import { PassingApis } from './passing-apis.tsx';
import { passingPart } from './passing-part.ts';
import { SlowestTraces } from './slowest-traces.tsx';
import { nodeTraces } from './trace-filters.ts';
import type { MapUrl } from './url.ts';
import { useSetMap } from './use-map.ts';
import styles from './map.module.css';

export interface NodePanelProps {
  readonly node: MapNode;
  readonly graph: MapGraph;
  readonly range: Interval;
  readonly url: MapUrl;
  readonly onSelect: (id: string) => void;
  readonly onLight: (id: string | undefined) => void;
}

export function NodePanel({ node, graph, range, url, onSelect, onLight }: NodePanelProps) {
  const { common, map: text } = useMessages();
  const traces = nodeTraces(node);
  const errorShare = ratio(node.errors, node.requests);
  const tone = errorTone(errorShare);
  const where = nodeWhere(node);
  const isGroup = node.kind === 'group';
  return (
    <>
      <p className={styles['what']}>
        <Tag>{text.kinds[node.kind]}</Tag>
        {where !== '' && <span title={where}>{where}</span>}
        {isSinglePoint(node) && <Tag tone="warn">{text.singlePoint}</Tag>}
      </p>
      <NodeLinks node={node} url={url} />
      <dl className={styles['figures']}>
        <Row name={common.requestsPerSecond}>
          <QuantityText of={formatRate(perSecond(node.requests, range))} />
        </Row>
        <Row name={common.errors}>
          <QuantityText of={formatRatio(errorShare)} tone={tone === 'ok' ? undefined : tone} />
        </Row>
        <Row name="p50 · p95 · p99">
          {[node.p50Ns, node.p95Ns, node.p99Ns].map((ns, index) => (
            <span key={index}>
              {index > 0 && ' · '}
              <QuantityText of={formatDuration(ns)} />
            </span>
          ))}
        </Row>
        <Row name={`${text.instances} · ${text.hosts}`}>
          <QuantityText of={formatCount(node.instances || null)} /> · <QuantityText of={formatCount(node.hosts || null)} />
        </Row>
      </dl>
      <section>
        <h3>{text.why}</h3>
        <dl className={styles['figures']}>
          <Row name={text.requestShare}>
            <QuantityText of={formatRatio(node.requestShare)} />
          </Row>
          <Row name={text.criticalTime}>
            <QuantityText of={formatRatio(node.criticalShare)} />
          </Row>
          <Row name={text.criticality} hint={text.criticalityHint}>
            <QuantityText of={formatNumber(node.criticality)} />
          </Row>
        </dl>
        {!isGroup && node.criticality > 0 && (
          <p className={styles['formula']}>
            {text.formula(
              quantityText(formatRatio(node.requestShare)),
              quantityText(formatCount(Math.max(1, node.fanIn))),
              node.instances === null ? text.unknownInstances : quantityText(formatCount(Math.max(1, node.instances))),
              quantityText(formatNumber(node.criticality)),
            )}
          </p>
        )}
      </section>
      <EdgeList
        title={text.callers}
        edges={callersOf(graph, node.id)}
        graph={graph}
        end="from"
        range={range}
        onSelect={onSelect}
        onLight={onLight}
      />
      <EdgeList
        title={text.callees}
        edges={calleesOf(graph, node.id)}
        graph={graph}
        end="to"
        range={range}
        onSelect={onSelect}
        onLight={onLight}
      />
      {node.members && (
        <section>
          <h3>{text.members}</h3>
          <p className={styles['members']}>{node.members.map(titleOfId).join(', ')}</p>
        </section>
      )}
      <PassingApis node={node} />
      {traces && <SlowestTraces filters={traces} />}
    </>
  );
}

function NodeLinks({ node, url }: { readonly node: MapNode; readonly url: MapUrl }) {
  const { map: text, nav } = useMessages();
  const set = useSetMap();
  const traces = nodeTraces(node);
  const { kind, name, service } = node;
  const isEndpoint = kind === 'endpoint' && service !== undefined && name !== undefined;
  const diagnosed = isEndpoint ? { service, name } : passingPart(node);
  return (
    <div className={styles['links']}>
      {kind !== 'group' && !(isEndpoint && url.level === undefined) && url.focus !== node.id && (
        <button type="button" className={widgets['pill']} onClick={() => set({ focus: node.id })}>
          {text.focusHere}
        </button>
      )}
      {kind === 'service' && service !== undefined && (
        <button type="button" className={widgets['pill']} onClick={() => set({ expand: service, selected: undefined })}>
          {text.expand}
        </button>
      )}
      {isEndpoint && url.expand === service && (
        <button type="button" className={widgets['pill']} onClick={() => set({ expand: undefined, selected: undefined })}>
          {text.collapse}
        </button>
      )}
      {isEndpoint && node.fanIn === 0 && (
        <button
          type="button"
          className={widgets['pill']}
          onClick={() => set({ apiService: service, apiName: name, focus: undefined })}
        >
          {text.setApi}
        </button>
      )}
      {service !== undefined && (
        <Link to="/services/$service" params={{ service }} className={widgets['pill']}>
          {text.openService}
        </Link>
      )}
      {service !== undefined && (
        <Link to="/top" search={{ service }} className={widgets['pill']}>
          {text.openTop}
        </Link>
      )}
      {diagnosed && (
        <Link to="/diagnose" search={diagnosed} className={widgets['pill']}>
          {nav.diagnose}
        </Link>
      )}
      <MiddlewareLinks node={node} />
      {traces && (
        <Link to="/traces" search={traces} className={widgets['pill']}>
          {text.allTraces}
        </Link>
      )}
    </div>
  );
}
