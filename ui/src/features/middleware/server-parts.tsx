import type { MiddlewareDetail } from '@sonde/api';
import { useMemo } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatterOf } from '../../base/quantity.ts';
import { Card } from '../../widgets/card.tsx';
import { type Column, DataTable } from '../../widgets/data-table.tsx';
import { Ellipsis } from '../../widgets/ellipsis.tsx';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { useTitles, wordOf } from './figure-text.tsx';
import { figureTone } from './middleware-rows.ts';

type Table = MiddlewareDetail['tables'][number];

/** What it says of its queues, databases, commands, statements. */
export function ServerParts({ detail: { tables } }: { readonly detail: MiddlewareDetail }) {
  return (
    <>
      {tables.map((table) => (
        <Parts key={table.id} table={table} />
      ))}
    </>
  );
}

function Parts({ table }: { readonly table: Table }) {
  const { middleware: text } = useMessages();
  const columns = usePartColumns(table);
  const title = wordOf(text.parts, table.id);
  return (
    <Card title={title}>
      <DataTable label={title} columns={columns} rows={table.rows} rowKey={({ names }) => JSON.stringify(names)} />
    </Card>
  );
}

function usePartColumns({ by, columns }: Table): Column<Table['rows'][number]>[] {
  const { middleware: text } = useMessages();
  const titleOf = useTitles();
  return useMemo(
    () => [
      ...by.map((key, index) => ({
        id: key,
        header: wordOf(text.names, key),
        // The last name tells most rows apart.
        minWidth: index === by.length - 1 ? 150 : 90,
        ...(index < by.length - 1 && { width: 140, drop: 1 }),
        cell: ({ names }: Table['rows'][number]) => <Ellipsis mono text={names[index] || '–'} />,
      })),
      ...columns.map(({ id, unit }, index) => ({
        id: `column ${id}`,
        header: titleOf(id),
        align: 'right' as const,
        // As wide as its header at least.
        width: Math.max(104, 28 + titleOf(id).length * 6),
        drop: 2 + columns.length - index,
        cell: ({ values }: Table['rows'][number]) => (
          <QuantityText
            of={formatterOf(unit)(values[index] ?? null)}
            tone={figureTone({ id, unit, value: values[index] ?? null })}
          />
        ),
      })),
    ],
    [by, columns, text, titleOf],
  );
}
