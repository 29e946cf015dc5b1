import type { RetentionSettings } from '@sonde/api';
import { Retention } from '@sonde/store';
import { systemClock } from '../../packages/store/src/spool/clock.ts';
import type { Store } from './loaded-store.ts';

export const longRetention: RetentionSettings = {
  spansDays: 3650,
  keptSpansDays: 3650,
  logsDays: 3650,
  metricsDays: 3650,
  minuteRollupsDays: 3650,
  hourRollupsDays: 3650,
  dayRollupsDays: 3650,
  slowMs: 1000,
  samplePercent: 1,
};

/** The retention of a store, at rest: it runs when a test says so. */
export function retentionOf({ engine }: Pick<Store, 'engine'>): Retention {
  return new Retention({ engine, clock: systemClock, report: () => undefined, defaults: longRetention, diskFreeMinBytes: 0 });
}
