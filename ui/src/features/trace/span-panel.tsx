import type { LinkingSpan } from '@sonde/api';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, formatRatio, quantityText } from '../../base/quantity.ts';
import { formatFullMoment, unixNanoToMs } from '../../base/time.ts';
import { Card } from '../../widgets/card.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { Swatch, Tag } from '../../widgets/tag.tsx';
import widgets from '../../widgets/widgets.module.css';
import { attributeRow, groupAttributes } from './attribute-groups.ts';
import { AttributeList } from './attribute-list.tsx';
import { formatStatement } from './format-statement.ts';
import { HostAtThatMoment } from './host-at-that-moment.tsx';
import { RuntimeAtThatMoment } from './runtime-at-that-moment.tsx';
import { PeerBadge } from './peer-badge.tsx';
import { SpanEvents } from './span-events.tsx';
import styles from './trace.module.css';
import type { SpanNode, TraceView } from './trace-view.ts';

export function SpanPanel({
  node,
  view,
  linking,
  onClose,
}: {
  readonly node: SpanNode;
  readonly view: TraceView;
  /** Spans of other traces that link to this one. */
  readonly linking: readonly LinkingSpan[];
  readonly onClose: () => void;
}) {
  const { common, trace: text } = useMessages();
  const { span, subject, color } = node;
  const statement = statementOf(node);
  const linkedFrom = view.linkedFrom.get(span.spanId) ?? [];
  const startMs = unixNanoToMs(span.startTimeUnixNano);
  const resource = view.trace.resources[span.resource]?.attributes ?? {};
  return (
    <Card
      className={styles['panel']}
      label={text.details}
      title={
        <span className={styles['panelTitle']} title={`${subject.label} ${span.name}`}>
          <Swatch color={color} />
          <span>{subject.label}</span>
        </span>
      }
      note={span.name}
      aside={
        <button
          type="button"
          className={widgets['iconButton']}
          title={`${common.close} (Esc)`}
          aria-label={common.close}
          onClick={onClose}
        >
          <IconX size={16} stroke={1.6} />
        </button>
      }
    >
      <div className={styles['panelBody']} key={node.id} tabIndex={-1}>
        <div className={styles['badges']}>
          <PeerBadge span={span} />
          <Tag>{quantityText(formatDuration(span.durationNs))}</Tag>
          <Tag title={text.selfHint}>{text.self(quantityText(formatDuration(span.selfNs)))}</Tag>
          {span.criticalNs > 0 && (
            <Tag title={text.criticalHint}>{text.critical(quantityText(formatRatio(span.criticalNs / view.durationNs)))}</Tag>
          )}
          <Tag>{span.kind}</Tag>
          {span.status.code !== 'unset' && <Tag tone={span.status.code === 'error' ? 'bad' : 'ok'}>{span.status.code}</Tag>}
        </div>
        {span.status.message !== '' && <p className={styles['message']}>{span.status.message}</p>}
        {statement !== undefined && (
          <Section
            title={text.statement}
            aside={
              <Link
                to="/top"
                search={{ of: 'statement', by: 'hotspot', ...(span.statement && { key: span.statement.hash }) }}
                className={widgets['link']}
              >
                {text.statementTop}
              </Link>
            }
          >
            <pre className={styles['code']}>
              {formatStatement(statement)}
              <CopyButton text={statement} />
            </pre>
          </Section>
        )}
        <HostAtThatMoment host={span.host} ms={startMs} />
        <RuntimeAtThatMoment service={span.service} ms={startMs} />
        {groupAttributes(attributesBeside(span.attributes)).map(({ group, rows }) => (
          <Section key={group} title={text.groups[group]}>
            <AttributeList rows={rows} filterable />
          </Section>
        ))}
        <Dropped count={span.droppedAttributesCount} what={text.attributes} />
        {span.events.length > 0 && (
          <Section title={text.events}>
            <SpanEvents events={span.events} spanStart={span.startTimeUnixNano} />
          </Section>
        )}
        <Dropped count={span.droppedEventsCount} what={text.events} />
        {span.links.length > 0 && (
          <Section title={text.links}>
            {span.links.map((link) => (
              <div key={`${link.traceId}${link.spanId}`} className={styles['attribute']}>
                <Link
                  to="/traces/$traceId"
                  params={{ traceId: link.traceId }}
                  search={{ span: link.spanId }}
                  className={widgets['link']}
                >
                  {link.traceId === view.trace.traceId ? link.spanId : link.traceId}
                </Link>
              </div>
            ))}
          </Section>
        )}
        <Dropped count={span.droppedLinksCount} what={text.links} />
        {linkedFrom.length + linking.length > 0 && (
          <Section title={text.linkedFrom}>
            {linkedFrom.map((from) => (
              <div key={from.id} className={styles['attribute']}>
                <Link
                  from="/traces/$traceId"
                  to="."
                  search={(previous) => ({ ...previous, span: from.id })}
                  className={widgets['link']}
                >
                  {from.subject.label} {from.span.name}
                </Link>
              </div>
            ))}
            {linking.map((from) => (
              <div key={`${from.traceId}${from.spanId}`} className={styles['attribute']}>
                <Link
                  to="/traces/$traceId"
                  params={{ traceId: from.traceId }}
                  search={{ span: from.spanId }}
                  className={widgets['link']}
                  title={formatFullMoment(unixNanoToMs(from.startTimeUnixNano))}
                >
                  {from.service} {from.name}
                </Link>{' '}
                <small>
                  {text.otherTrace}, {quantityText(formatDuration(from.durationNs))}
                </small>
              </div>
            ))}
          </Section>
        )}
        <Section title={text.details}>
          <AttributeList
            rows={[
              { key: text.spanId, text: span.spanId, filter: undefined },
              ...(span.parentSpanId === '' ? [] : [{ key: text.parent, text: span.parentSpanId, filter: undefined }]),
              { key: text.startsAt, text: formatFullMoment(startMs), filter: undefined },
              ...(span.scope.name === ''
                ? []
                : [{ key: text.scope, text: `${span.scope.name} ${span.scope.version}`.trim(), filter: undefined }]),
            ]}
          />
        </Section>
        <Section
          title={text.resource}
          aside={
            <Link to="/services/$service" params={{ service: span.service }} className={widgets['link']}>
              {span.service}
            </Link>
          }
        >
          <AttributeList
            rows={Object.keys(resource)
              .toSorted()
              .map((key) => attributeRow(key, resource[key]))}
          />
        </Section>
      </div>
    </Card>
  );
}

const statementKeys: readonly string[] = ['db.query.text', 'db.statement'];

function statementOf({ span }: SpanNode): string | undefined {
  for (const key of statementKeys) {
    const sent = span.attributes[key];
    if (typeof sent === 'string' && sent !== '') return sent;
  }
  return span.statement?.text;
}

/** The statement has a section of its own. */
function attributesBeside(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !statementKeys.includes(key)));
}

function Section({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles['section']}>
      <h3>
        {title}
        {aside}
      </h3>
      {children}
    </section>
  );
}

function Dropped({ count, what }: { readonly count: number; readonly what: string }) {
  const { trace: text } = useMessages();
  return count > 0 && <p className={styles['note']}>{text.dropped(count, what)}</p>;
}
