import { Link } from '@tanstack/react-router';
import type { MiddlewareDetail, MiddlewareStatement } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Card } from '../../widgets/card.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { useCostColumns } from '../../widgets/use-cost-columns.tsx';
import widgets from '../../widgets/widgets.module.css';
import { errorTone } from './middleware-rows.ts';

/** What callers ask it. */
export function ServerStatements({ detail: { range, statements } }: { readonly detail: MiddlewareDetail }) {
  const { middleware: text } = useMessages();
  const columns = useCostColumns({ range, errorTone, header: text.statement, textOf, nameOf });
  return (
    <Card title={text.statements} note={text.statementsNote}>
      <DataTable
        label={text.statements}
        columns={columns}
        rows={statements}
        rowKey={({ database, statementHash }) => `${database} ${statementHash}`}
      />
    </Card>
  );
}

const textOf = ({ database, statement }: MiddlewareStatement) => statement || database;

const nameOf = (row: MiddlewareStatement) => <Statement row={row} />;

function Statement({ row: { statement, statementHash } }: { readonly row: MiddlewareStatement }) {
  const { middleware: text } = useMessages();
  if (statement === '') return <span>{text.noStatements}</span>;
  return (
    <Link to="/traces" search={{ statement: statementHash }} className={widgets['mono']}>
      {statement}
    </Link>
  );
}
