import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatChange, formatMilliseconds, formatNumber, formatRatio } from '../../base/quantity.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import type { Column } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import type { ApiRow } from './chooser-rows.ts';
import styles from './diagnose.module.css';

export function useChooserColumns(): Column<ApiRow>[] {
  const { common, diagnose: text } = useMessages();
  return useMemo(
    () => [
      {
        id: 'api',
        header: text.api,
        minWidth: 160,
        cell: ({ name, problem, service, tone }) => (
          <span className={styles['api']} title={`${service} ${name}`}>
            <i className={styles['dot']} data-tone={tone} role="img" aria-label={text.problems[problem]} />
            <Link to="/diagnose" search={{ service, name }} aria-label={text.open(`${service} ${name}`)}>
              {name}
            </Link>
          </span>
        ),
      },
      { id: 'service', header: common.service, width: 140, drop: 3, cell: ({ service }) => <Ellipsis text={service} /> },
      {
        id: 'problem',
        header: text.problem,
        width: 108,
        drop: 5,
        cell: ({ problem, tone }) => (
          <span className={styles['tone']} data-tone={tone}>
            {text.problems[problem]}
          </span>
        ),
      },
      {
        id: 'p95',
        header: text.p95Now,
        align: 'right',
        width: 92,
        cell: ({ p95Ns, problem }) => (
          <QuantityText
            of={formatMilliseconds(p95Ns)}
            tone={problem === 'latency' || problem === 'slower' ? 'warn' : undefined}
          />
        ),
      },
      {
        id: 'change',
        header: text.p95Change,
        hint: text.p95ChangeHint,
        align: 'right',
        width: 84,
        drop: 6,
        cell: ({ beforeNs, p95Ns, problem }) => (
          <QuantityText of={formatChange(p95Ns, beforeNs)} tone={problem === 'slower' ? 'warn' : 'quiet'} />
        ),
      },
      {
        id: 'errors',
        header: common.errors,
        align: 'right',
        width: 80,
        drop: 4,
        cell: ({ errorShare, problem }) => (
          <QuantityText of={formatRatio(errorShare)} tone={problem === 'errors' || problem === 'failing' ? 'bad' : 'quiet'} />
        ),
      },
      {
        id: 'requests',
        header: common.requestsPerSecond,
        align: 'right',
        width: 96,
        drop: 2,
        cell: ({ requestsPerSecond }) => <QuantityText of={formatNumber(requestsPerSecond)} />,
      },
      {
        id: 'trend',
        header: common.trend,
        width: 112,
        drop: 1,
        cell: ({ tone, trend }) => <Sparkline values={trend} tone={tone === 'bad' || tone === 'warn' ? 'bad' : 'quiet'} />,
      },
    ],
    [common, text],
  );
}
