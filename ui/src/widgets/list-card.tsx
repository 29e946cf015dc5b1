import { type ReactNode, useMemo } from 'react';
import { Card } from './card.tsx';
import { DataTable, type DataTableProps } from './data-table.tsx';
import { Loaded, type LoadedProps } from './loaded.tsx';
import { SearchBox } from './search-box.tsx';
import { parseSort, sortText } from './sort-rows.ts';
import { EmptyState, SendSomething } from './states.tsx';

/** What of a list stands in the URL. */
export interface ListUrl {
  readonly find?: string | undefined;
  readonly sort?: string | undefined;
}

export interface ListWords {
  readonly filter: string;
  /** Nothing was sent. */
  readonly none: string;
  /** There is something, but not what is looked for. */
  readonly noMatch: string;
  readonly count?: (count: number) => string;
  /** Of the rows as they come. */
  readonly order?: string;
}

export interface ListCardProps<D, T> extends Pick<
  DataTableProps<T>,
  'columns' | 'rowKey' | 'onOpen' | 'selectedKey' | 'onSelect'
> {
  readonly title: string;
  readonly words: ListWords;
  /** In place of how many rows there are, and in which order. */
  readonly note?: ReactNode;
  /** Beside the search box. */
  readonly choices?: ReactNode;
  readonly searchWidthPx?: number;
  readonly url: ListUrl;
  readonly onUrl: (change: ListUrl) => void;
  /** The columns that may be sorted by. */
  readonly sortable?: readonly string[];
  readonly query: LoadedProps<D>['query'] & { readonly isPlaceholderData: boolean };
  /** Those that match; there once the answer is. */
  readonly rows: readonly T[] | undefined;
  /** Whether the answer holds nothing at all, and who would send something. */
  readonly isEmpty: (data: D) => boolean;
  readonly sender: 'service' | 'host';
}

const unsortable: readonly string[] = [];

/** The list that a page is about: found by name, sorted by a click, opened by a row. */
export function ListCard<D, T>({
  title,
  words,
  url,
  onUrl,
  sortable = unsortable,
  query,
  rows,
  ...props
}: ListCardProps<D, T>) {
  const { choices, isEmpty, note, searchWidthPx, sender, ...table } = props;
  const sort = useMemo(() => parseSort(url.sort, sortable), [url.sort, sortable]);
  const told = rows && [words.count?.(rows.length), sort ? undefined : words.order].filter((one) => one !== undefined);
  return (
    <Card
      title={title}
      note={note ?? told?.join(' · ')}
      aside={
        <>
          {choices}
          <SearchBox
            value={url.find ?? ''}
            placeholder={words.filter}
            {...(searchWidthPx !== undefined && { widthPx: searchWidthPx })}
            onChange={(value) => onUrl({ find: value || undefined })}
          />
        </>
      }
    >
      <Loaded query={query} heightPx={420}>
        {(data) =>
          isEmpty(data) ? (
            <SendSomething reason={words.none} what={sender} />
          ) : rows?.length === 0 ? (
            <EmptyState reason={words.noMatch} />
          ) : (
            <DataTable
              {...table}
              label={title}
              rows={rows ?? []}
              sort={sort}
              onSort={(next) => onUrl({ sort: sortText(next) })}
              stale={query.isPlaceholderData}
              keys
            />
          )
        }
      </Loaded>
    </Card>
  );
}
