/** `-p95`: by the column `p95`, the greatest first. */
export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export function parseSort(raw: string | undefined, columns: readonly string[]): Sort | undefined {
  if (raw === undefined) return undefined;
  const descending = raw.startsWith('-');
  const column = descending ? raw.slice(1) : raw;
  return columns.includes(column) ? { column, descending } : undefined;
}

export function sortText({ column, descending }: Sort): string {
  return descending ? `-${column}` : column;
}

export type SortKey = string | number | null;

/** Stable; what is unknown comes last in both directions. */
export function sortRows<T>(rows: readonly T[], key: (row: T) => SortKey, descending: boolean): T[] {
  const keyed = rows.map((row) => ({ row, by: key(row) }));
  keyed.sort((a, b) => {
    if (a.by === null || b.by === null) return a.by === b.by ? 0 : a.by === null ? 1 : -1;
    const order = typeof a.by === 'string' || typeof b.by === 'string' ? compareText(a.by, b.by) : a.by - b.by;
    return descending ? -order : order;
  });
  return keyed.map(({ row }) => row);
}

const collator = new Intl.Collator('en', { numeric: true });

function compareText(a: string | number, b: string | number): number {
  return collator.compare(String(a), String(b));
}
