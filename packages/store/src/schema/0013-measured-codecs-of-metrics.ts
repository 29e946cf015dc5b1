import type { Migration } from './migration.ts';

/**
 * Most senders count milliseconds: what the times of a block have in common is taken out of them first. Of a sender's jitter, second
 * differences would hold twice as much.
 */
const time = 'CODEC(GCD, Delta(8), ZSTD(1))';
const counter = 'CODEC(Delta(8), T64, ZSTD(1))';
const double = 'CODEC(Delta(8), ZSTD(1))';
/** The same numbers in each row: the next level finds them further back, and is read faster for it. */
const repeated = 'CODEC(ZSTD(3))';

/**
 * Codecs of data points, as measured. docs/formats/schema.md has the figures, those that lost too, and why logs, exemplars and exponential
 * histograms keep theirs. Parts get them as they are merged; nothing is rewritten for them.
 */
export const measuredCodecsOfMetrics: Migration = {
  version: 13,
  name: 'measured-codecs-of-metrics',
  statements: [
    `ALTER TABLE metric_samples
  MODIFY COLUMN timestamp ${time},
  MODIFY COLUMN value_int CODEC(GCD, Delta(8), T64, ZSTD(1))`,

    `ALTER TABLE metric_histograms
  MODIFY COLUMN timestamp ${time},
  MODIFY COLUMN count ${counter},
  MODIFY COLUMN sum ${double},
  MODIFY COLUMN explicit_bounds ${repeated}`,

    `ALTER TABLE metric_summaries
  MODIFY COLUMN timestamp ${time},
  MODIFY COLUMN count ${counter},
  MODIFY COLUMN sum ${double},
  MODIFY COLUMN quantiles ${repeated},
  MODIFY COLUMN quantile_values ${repeated}`,
  ],
};
