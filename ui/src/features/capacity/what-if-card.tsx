import { useMemo } from 'react';
import type { Reply } from '../../base/api-client.ts';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatNumber, formatRate, formatRatio, type Quantity, quantityText } from '../../base/quantity.ts';
import { useApi } from '../../base/use-api.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { type FigureTone, QuantityText } from '../../widgets/quantity-text.tsx';
import { ShareBar } from '../../widgets/share-bar.tsx';
import { EmptyState } from '../../widgets/states.tsx';
import { boundTone, factorText, headroomTone, type ScaledRow, scaledRows } from './capacity-rows.ts';
import styles from './capacity.module.css';
import { useSubject } from './use-subject.ts';

export interface WhatIfCardProps {
  readonly service: string;
  readonly name: string;
  readonly factor: number;
}

/** Before and after of all that the API passes through, and in a sentence what gives way first. */
export function WhatIfCard({ service, name, factor }: WhatIfCardProps) {
  const { capacity: text } = useMessages();
  const query = useApi('getCapacityWhatIf', { query: { service, name, factor } }, { keepRows: true });
  const columns = useScaledColumns();
  return (
    <Card
      title={`${name} ${factorText(factor)}`}
      note={
        query.data &&
        `${text.present(quantityText(formatRate(query.data.requestsPerSecond)))} · ${text.behind(query.data.resources.length)}`
      }
    >
      <Loaded query={query} heightPx={300}>
        {(answer) =>
          answer.resources.length === 0 ? (
            <EmptyState reason={text.nothing} />
          ) : (
            <>
              <Sentence answer={answer} />
              <DataTable
                label={text.whatIf}
                columns={columns}
                rows={scaledRows(answer.resources)}
                rowKey={({ key }) => key}
                stale={query.isPlaceholderData}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

function Sentence({ answer: { fitsUpTo, resources } }: { readonly answer: Reply<'getCapacityWhatIf'> }) {
  const { capacity: text } = useMessages();
  const { subject } = useSubject();
  const [first] = resources;
  const words =
    fitsUpTo === null || first === undefined
      ? text.unknown
      : fitsUpTo <= 1
        ? text.already(subject(first))
        : text.first(factorText(fitsUpTo), subject(first));
  return (
    <p className={styles['sentence']} role="status">
      {words}
    </p>
  );
}

function Change({
  before,
  after,
  tone,
}: {
  readonly before: Quantity;
  readonly after: Quantity;
  readonly tone?: FigureTone | undefined;
}) {
  return (
    <span className={styles['change']}>
      <span>{quantityText(before)} →</span>
      <QuantityText of={after} tone={tone} />
    </span>
  );
}

function useScaledColumns(): Column<ScaledRow>[] {
  const { common, capacity: text } = useMessages();
  return useMemo(
    () => [
      { id: 'name', header: common.name, minWidth: 74, cell: ({ name }) => <Ellipsis text={name} /> },
      {
        id: 'resource',
        header: text.resource,
        width: 172,
        drop: 4,
        cell: ({ kind, resource }) => <Ellipsis text={`${text.resources[resource]} · ${text.kinds[kind]}`} />,
      },
      {
        id: 'utilization',
        header: text.utilizationChange,
        align: 'right',
        width: 136,
        cell: ({ bound, utilization: { after, before } }) => (
          <Change before={formatRatio(before)} after={formatRatio(after)} tone={boundTone(after, bound)} />
        ),
      },
      {
        id: 'rate',
        header: text.rateChange,
        align: 'right',
        width: 160,
        drop: 3,
        cell: ({ rate: { after, before } }) => <Change before={formatRate(before)} after={formatRate(after)} />,
      },
      {
        id: 'calls',
        header: text.calls,
        align: 'right',
        width: 130,
        drop: 2,
        cell: ({ callsPerRequest }) => <QuantityText of={formatNumber(callsPerRequest)} />,
      },
      { id: 'share', header: text.share, width: 132, drop: 1, cell: ({ workShare }) => <ShareBar share={workShare} /> },
      {
        id: 'saturatesAt',
        header: text.saturatesAt,
        align: 'right',
        width: 104,
        cell: ({ isFirst, saturatesAtFactor }) => (
          <QuantityText
            of={{ value: saturatesAtFactor === null ? '–' : factorText(saturatesAtFactor), unit: isFirst ? text.firstTag : '' }}
            tone={isFirst ? (headroomTone(saturatesAtFactor) ?? 'warn') : undefined}
          />
        ),
      },
    ],
    [common, text],
  );
}
