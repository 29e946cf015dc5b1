import { Link } from '@tanstack/react-router';
import type { MiddlewareDetail } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatDuration, formatRate, formatRatio } from '../../base/quantity.ts';
import { errorShare, perSecond } from '../../base/rates.ts';
import { Card } from '../../widgets/card.tsx';
import { Command } from '../../widgets/states.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { Tag } from '../../widgets/tag.tsx';
import { errorTone, mapNode, receiverLine } from './middleware-rows.ts';
import styles from './middleware.module.css';

/** Who knows it, by which names; and what is missing where only one side does. */
export function ServerNames({ detail: { range, summary } }: { readonly detail: MiddlewareDetail }) {
  const { common, middleware: text } = useMessages();
  const { callers, candidates, clients, p95Ns, receivers, requests, seenBy } = summary;
  const line = receiverLine(summary);
  const failed = errorShare(summary);
  return (
    <Card label={text.calledAs}>
      <div className={styles['names']}>
        <Tag {...(seenBy !== 'both' && { tone: 'warn' as const })}>{text.seenBy[seenBy]}</Tag>
        {callers.length > 0 && (
          <span>
            {text.callers}{' '}
            {callers.map((service, index) => (
              <span key={service}>
                {index > 0 && ', '}
                <Link to="/services/$service" params={{ service }}>
                  {service}
                </Link>
              </span>
            ))}
          </span>
        )}
        {seenBy !== 'itself' && (
          <>
            <span>
              {text.requests} <QuantityText of={formatRate(perSecond(requests, range))} />
            </span>
            <span>
              {common.errors} <QuantityText of={formatRatio(failed)} tone={errorTone(failed)} />
            </span>
            <span>
              {text.callersP95} <QuantityText of={formatDuration(p95Ns)} />
            </span>
          </>
        )}
        {clients.length > 0 && (
          <span>
            {text.calledAs}{' '}
            {clients.map((client, index) => (
              <span key={JSON.stringify(client)}>
                {index > 0 && ', '}
                <Link to="/map" search={{ focus: mapNode(client), selected: mapNode(client) }}>
                  {[client.address || client.system, client.name].filter(Boolean).join('/')}
                </Link>
                {client.host !== null && ` ${text.onHost(client.host)}`}
              </span>
            ))}
          </span>
        )}
        {receivers.length > 0 && (
          <span>{text.receivers(receivers.map(({ host, receiver }) => `${receiver} ${text.onHost(host)}`).join(', '))}</span>
        )}
      </div>
      {candidates.length > 0 && (
        <div className={styles['hint']}>
          <p>{text.candidates}</p>
          {candidates.map((id) => (
            <Link key={id} to="/middleware/$id" params={{ id }}>
              {id}
            </Link>
          ))}
        </div>
      )}
      {seenBy !== 'both' && (
        <div className={styles['hint']}>
          <p>{seenBy === 'itself' ? text.itselfHint : line === undefined ? text.noReceiver : text.callersHint}</p>
          {seenBy === 'callers' && line !== undefined && <Command text={line} />}
        </div>
      )}
    </Card>
  );
}
