import type { Meter } from '@opentelemetry/api';
import type { Health } from '@sonde/api';

export type WritePathState = Pick<Health, 'spool' | 'counters' | 'refusedRequests' | 'drops'>;

/** Where every item went, as `GET /health` says it, and what waits in the spool. */
export function observeWritePath(meter: Meter, state: () => WritePathState): void {
  const received = meter.createObservableCounter('sonde.items.received', {
    unit: '{item}',
    description: 'Items of decoded requests, by signal.',
  });
  const settled = meter.createObservableCounter('sonde.items.settled', {
    unit: '{item}',
    description: 'What became of them, by signal and outcome.',
  });
  const pending = meter.createObservableUpDownCounter('sonde.items.pending', {
    unit: '{item}',
    description: 'Acknowledged and not yet in the database, by signal.',
  });
  const dropped = meter.createObservableCounter('sonde.items.dropped', {
    unit: '{item}',
    description: 'Rejected and quarantined items, by signal, outcome and reason.',
  });
  const refused = meter.createObservableCounter('sonde.requests.refused', {
    unit: '{request}',
    description: 'Requests that were turned away whole, by reason.',
  });
  const size = meter.createObservableUpDownCounter('sonde.spool.size', {
    unit: 'By',
    description: 'On disk, the quarantine included.',
  });
  const files = meter.createObservableUpDownCounter('sonde.spool.files', { unit: '{file}', description: 'In the spool.' });
  const age = meter.createObservableGauge('sonde.spool.age', {
    unit: 's',
    description: 'Of the oldest set that is not loaded.',
  });
  meter.addBatchObservableCallback(
    (result) => {
      const { counters, drops, refusedRequests, spool } = state();
      for (const [signal, { received: all, pending: waiting, ...outcomes }] of Object.entries(counters)) {
        result.observe(received, all, { signal });
        result.observe(pending, waiting, { signal });
        for (const [outcome, items] of Object.entries(outcomes)) result.observe(settled, items, { signal, outcome });
      }
      for (const { items, outcome, reason, signal } of drops) result.observe(dropped, items, { signal, outcome, reason });
      for (const [reason, requests] of Object.entries(refusedRequests)) result.observe(refused, requests, { reason });
      result.observe(size, spool.bytes);
      result.observe(files, spool.files);
      result.observe(age, spool.oldestSeconds);
    },
    [received, settled, pending, dropped, refused, size, files, age],
  );
}
