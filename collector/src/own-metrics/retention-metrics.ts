import type { Meter } from '@opentelemetry/api';
import type { RetentionStatus } from '@sonde/store';

/** The disk of the database, and what went from it. */
export function observeRetention(meter: Meter, status: () => RetentionStatus): void {
  const free = meter.createObservableGauge('sonde.disk.free', { unit: 'By', description: 'On the disk of the database.' });
  const limit = meter.createObservableGauge('sonde.disk.free.limit', {
    unit: 'By',
    description: 'Below this the oldest days are dropped.',
  });
  const rows = meter.createObservableCounter('sonde.retention.rows', {
    unit: '{row}',
    description: 'Dropped by retention, by signal and reason (age, value, disk).',
  });
  meter.addBatchObservableCallback(
    (result) => {
      const { disk, dropped } = status();
      if (disk) {
        result.observe(free, disk.freeBytes);
        result.observe(limit, disk.freeMinBytes);
      }
      for (const { reason, rows: gone, signal } of dropped) result.observe(rows, gone, { signal, reason });
    },
    [free, limit, rows],
  );
}
