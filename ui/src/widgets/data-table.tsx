import { Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { classNames } from '../base/class-names.ts';
import { useKeys } from '../base/use-keys.ts';
import { columnsPx, type FitColumn, fitColumns, neededPx } from './fit-columns.ts';
import { type Sort, type SortKey, sortRows } from './sort-rows.ts';
import styles from './table.module.css';
import { useRowsInPage } from './use-rows-in-page.ts';

export interface Column<T> extends FitColumn {
  readonly id: string;
  readonly header: string;
  /** The definition of what the column shows. */
  readonly hint?: string;
  readonly align?: 'right';
  readonly sortKey?: (row: T) => SortKey;
  readonly cell: (row: T, index: number) => ReactNode;
}

export interface DataTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  /** Where a row leads: a click on it, or Enter on the row chosen with j and k. */
  readonly onOpen?: (row: T) => void;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  /** The row that a panel beside the table shows; j, k and the arrows move it. */
  readonly selectedKey?: string | undefined;
  readonly onSelect?: (row: T) => void;
  /** j and k belong to this table: one table of a page may say so. */
  readonly keys?: boolean;
  /** Of many rows only those in sight exist; of more than are here, `onEnd` is told that the last of them come into sight. */
  readonly virtual?: { readonly isWhole: boolean; readonly onEnd: () => void } | undefined;
  /** These rows answer the question before. */
  readonly stale?: boolean;
}

export function DataTable<T>(props: DataTableProps<T>) {
  const { label, rowKey, onOpen, sort, onSort, selectedKey, onSelect, keys = false, stale = false, virtual } = props;
  const [wrap, widthPx] = useWidth();
  const columns = useMemo(() => fitColumns(props.columns, widthPx), [props.columns, widthPx]);
  const widthsPx = useMemo(() => columnsPx(columns, widthPx), [columns, widthPx]);
  const sortKey = props.columns.find(({ id }) => id === sort?.column)?.sortKey;
  const rows = useMemo(
    () => (sort && sortKey ? sortRows(props.rows, sortKey, sort.descending) : props.rows),
    [props.rows, sort, sortKey],
  );
  const [cursorKey, setCursorKey] = useState<string>();
  const activeKey = onSelect ? selectedKey : cursorKey;
  const body = useRef<HTMLTableSectionElement>(null);
  const step = (by: number) => {
    const at = rows.findIndex((row) => rowKey(row) === activeKey);
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    if (onSelect) onSelect(next);
    else setCursorKey(rowKey(next));
  };
  const open = () => {
    const row = rows.find((one) => rowKey(one) === activeKey);
    if (row === undefined || !onOpen || document.activeElement?.closest('a, button')) return false;
    return onOpen(row);
  };
  useKeys(
    {
      j: () => step(1),
      k: () => step(-1),
      Enter: open,
      ...(onSelect && { ArrowDown: () => step(1), ArrowUp: () => step(-1) }),
    },
    keys,
  );
  const { from, to, rowPx, show } = useRowsInPage(body, rows.length, virtual !== undefined);
  const isVirtual = virtual !== undefined;
  const activeIndex = rows.findIndex((row) => rowKey(row) === activeKey);
  useEffect(() => {
    if (activeIndex < 0) return;
    if (isVirtual) show(activeIndex);
    else body.current?.rows[activeIndex]?.scrollIntoView({ block: 'nearest' });
  }, [activeIndex, isVirtual, show]);
  const onEnd = virtual?.onEnd;
  const isAtEnd = isVirtual && to === rows.length;
  useEffect(() => {
    if (isAtEnd) onEnd?.();
    // A page whose rows are all in sight asks for the next one at once.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [isAtEnd, onEnd, rows.length]);
  const choose = onSelect ?? onOpen;
  return (
    <div ref={wrap} className={styles['wrap']}>
      <table
        className={classNames(styles['table'], stale && styles['stale'])}
        // Narrower than what cannot go: the table scrolls, not the page, and no name shrinks to nothing.
        style={{ minWidth: neededPx(columns) }}
        aria-label={label}
        // Of more rows than are known, -1 (ARIA 1.2, aria-rowcount); the header is the first.
        aria-rowcount={virtual && (virtual.isWhole ? rows.length + 1 : -1)}
      >
        <thead>
          <tr aria-rowindex={virtual && 1}>
            {columns.map((column, index) => (
              <HeaderCell key={column.id} column={column} widthPx={widthsPx[index]} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {from > 0 && <Space heightPx={from * rowPx} columns={columns.length} />}
          {rows.slice(from, to).map((row, i) => {
            const index = from + i;
            const key = rowKey(row);
            return (
              <tr
                key={key}
                aria-rowindex={virtual && index + 2}
                data-open={choose ? true : undefined}
                data-active={key === activeKey || undefined}
                aria-selected={onSelect ? key === activeKey : undefined}
                onClick={(event) => {
                  if (!choose || (event.target as Element).closest('a, button') || hasSelection()) return;
                  choose(row);
                }}
              >
                {columns.map(({ id, align, cell }) => (
                  <td key={id} data-align={align}>
                    {cell(row, index)}
                  </td>
                ))}
              </tr>
            );
          })}
          {to < rows.length && <Space heightPx={(rows.length - to) * rowPx} columns={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

/** In place of rows that are out of sight. */
function Space({ heightPx, columns }: { readonly heightPx: number; readonly columns: number }) {
  return (
    <tr aria-hidden className={styles['space']}>
      <td colSpan={columns} style={{ height: heightPx }} />
    </tr>
  );
}

/** Measured before the first paint, so that no column comes and goes in sight. */
function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    setWidthPx(element.clientWidth);
    const observer = new ResizeObserver(() => setWidthPx(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, widthPx] as const;
}

/** Someone who marks text to copy it does not want to leave the page. */
function hasSelection(): boolean {
  return getSelection()?.type === 'Range';
}

interface HeaderCellProps<T> {
  readonly column: Column<T>;
  readonly widthPx: number | undefined;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
}

function HeaderCell<T>({ column, widthPx, sort, onSort }: HeaderCellProps<T>) {
  const { id, header, hint, align, sortKey } = column;
  const sorted = sort?.column === id ? (sort.descending ? 'descending' : 'ascending') : undefined;
  const Arrow = sorted === 'ascending' ? IconChevronUp : IconChevronDown;
  // Figures are asked for from the top, names from the start; a second click turns the order round.
  const next = () => ({ column: id, descending: sorted ? sorted === 'ascending' : align === 'right' });
  return (
    <th scope="col" style={{ width: widthPx }} data-align={align} aria-sort={sorted}>
      <Tooltip label={hint} disabled={hint === undefined}>
        {sortKey && onSort ? (
          <button type="button" className={styles['sort']} onClick={() => onSort(next())}>
            {header}
            {sorted && <Arrow size={12} aria-hidden />}
          </button>
        ) : (
          <span>{header}</span>
        )}
      </Tooltip>
    </th>
  );
}
