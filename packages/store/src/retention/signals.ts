import type { RetentionSettings, StoredSignal } from '@sonde/api';

interface SignalTables {
  /** Partitioned by day. Of those that this schema has. */
  readonly tables: readonly string[];
  /** Which setting says how many days the oldest of its rows are kept. */
  readonly days: keyof RetentionSettings & `${string}Days`;
  /** Its tables that say when a row came in. */
  readonly received: readonly string[];
}

const points = ['metric_samples', 'metric_histograms', 'metric_exponential_histograms', 'metric_summaries', 'metric_exemplars'];

/**
 * What goes when: every partitioned table of the schema belongs to exactly one signal (test/store/retention.test.ts asks the engine).
 * In the order in which the disk guard gives them up: raw before rollups, fine before coarse.
 */
export const signalTables: Readonly<Record<StoredSignal, SignalTables>> = {
  spans: { tables: ['spans', 'trace_ts'], days: 'keptSpansDays', received: ['spans'] },
  logs: { tables: ['logs'], days: 'logsDays', received: ['logs'] },
  metrics: { tables: points, days: 'metricsDays', received: points },
  minuteRollups: {
    tables: ['span_minutes', 'path_minutes', 'edge_minutes', 'service_minutes'],
    days: 'minuteRollupsDays',
    received: [],
  },
  hourRollups: {
    tables: ['path_hours', 'operation_hours', 'instance_hours', 'edge_hours', 'service_hours'],
    days: 'hourRollupsDays',
    received: [],
  },
  dayRollups: {
    tables: ['path_days', 'operation_days', 'instance_days', 'edge_days'],
    days: 'dayRollupsDays',
    received: [],
  },
};

export const storedSignals = Object.keys(signalTables) as readonly StoredSignal[];

/** Signals of one rank go by their age alone. */
export function rankOf(signal: StoredSignal): number {
  return Math.max(0, storedSignals.indexOf(signal) - 2);
}

/** Unpartitioned tables whose rows are looked up by the rows of others, with the key; what names none of them any more goes. */
export const registries = { resources: 'resource_id', metric_series: 'series_id' } as const;
