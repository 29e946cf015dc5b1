import { Link } from '@tanstack/react-router';
import type { MiddlewareSummary } from '@sonde/api';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import { errorShare, perSecond } from '../../base/rates.ts';
import type { Interval } from '../../base/time-range.ts';
import type { Column } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { LastSeen } from '../../widgets/last-seen.tsx';
import { NameLink } from '../../widgets/name-link.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { FigureText, useTitles } from './figure-text.tsx';
import { errorTone, kindName, serverName, shownFigures } from './middleware-rows.ts';
import styles from './middleware.module.css';
import { StateText } from './state-text.tsx';

const figuresShown = 2;

export function useMiddlewareColumns(range: Interval | undefined): Column<MiddlewareSummary>[] {
  const { common, middleware: text } = useMessages();
  const titleOf = useTitles();
  return useMemo((): Column<MiddlewareSummary>[] => {
    const rate = ({ requests, seenBy }: MiddlewareSummary) =>
      range === undefined || seenBy === 'itself' ? null : perSecond(requests, range);
    return [
      {
        id: 'name',
        header: common.name,
        minWidth: 150,
        sortKey: serverName,
        cell: (row) => (
          <NameLink name={row.host === null ? serverName(row) : `${serverName(row)} ${text.onHost(row.host)}`}>
            <Link to="/middleware/$id" params={{ id: row.id }}>
              {serverName(row)}
            </Link>
          </NameLink>
        ),
      },
      {
        id: 'kind',
        header: text.kind,
        width: 132,
        drop: 5,
        sortKey: ({ kind }) => kindName(kind),
        cell: ({ kind, version }) => <Ellipsis text={version === '' ? kindName(kind) : `${kindName(kind)} ${version}`} />,
      },
      {
        id: 'state',
        header: text.state,
        width: 96,
        sortKey: ({ up }) => (up === null ? 1 : up ? 2 : 0),
        cell: ({ up }) => <StateText up={up} />,
      },
      {
        id: 'figures',
        header: text.figures,
        minWidth: 290,
        drop: 2,
        cell: ({ figures, seenBy }) => (
          <span className={styles['figures']}>
            {seenBy === 'callers' && <span className={styles['dim']}>{text.seenBy.callers}</span>}
            {shownFigures(figures, figuresShown).map((figure) => (
              <span key={figure.id} title={titleOf(figure.id)}>
                <small>{titleOf(figure.id)}</small> <FigureText figure={figure} />
              </span>
            ))}
          </span>
        ),
      },
      {
        id: 'callers',
        header: text.callers,
        minWidth: 110,
        drop: 3,
        cell: ({ callers, seenBy }) =>
          seenBy === 'itself' ? (
            <span className={styles['dim']}>{text.seenBy.itself}</span>
          ) : (
            <Ellipsis text={callers.join(', ')} />
          ),
      },
      {
        id: 'requests',
        header: common.requestsPerSecond,
        align: 'right',
        width: 96,
        drop: 7,
        sortKey: rate,
        cell: (row) => <QuantityText of={formatNumber(rate(row))} />,
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 76,
        drop: 6,
        sortKey: errorShare,
        cell: (row) => <QuantityText of={formatRatio(errorShare(row))} tone={errorTone(errorShare(row))} />,
      },
      {
        id: 'p95',
        header: text.callersP95,
        align: 'right',
        width: 116,
        drop: 4,
        sortKey: ({ p95Ns }) => p95Ns,
        cell: ({ p95Ns }) => <QuantityText of={formatMilliseconds(p95Ns)} />,
      },
      {
        id: 'lastSeen',
        header: common.lastSeen,
        align: 'right',
        width: 90,
        drop: 1,
        sortKey: ({ lastSeenMs }) => lastSeenMs,
        cell: ({ lastSeenMs }) => (lastSeenMs === null ? '–' : <LastSeen ms={lastSeenMs} />),
      },
    ];
  }, [common, text, titleOf, range]);
}
