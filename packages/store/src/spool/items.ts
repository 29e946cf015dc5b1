import type { Signal, TableName } from '@sonde/otlp';

/** Items (spans, log records, data points) of each signal. */
export type Items = Readonly<Record<Signal, number>>;

export const signals: readonly Signal[] = ['traces', 'metrics', 'logs'];

/** The tables in which one row is one item; the others (resources, series, exemplars) hang on items. */
const itemTables: Partial<Record<TableName, Signal>> = {
  spans: 'traces',
  logs: 'logs',
  metric_samples: 'metrics',
  metric_histograms: 'metrics',
  metric_exponential_histograms: 'metrics',
  metric_summaries: 'metrics',
};

export function itemsOf(files: Iterable<{ readonly table: TableName; readonly rows: number }>): Items {
  const items = { traces: 0, metrics: 0, logs: 0 };
  for (const { table, rows } of files) {
    const signal = itemTables[table];
    if (signal) items[signal] += rows;
  }
  return items;
}
