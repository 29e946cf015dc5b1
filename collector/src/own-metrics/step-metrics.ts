import type { Meter } from '@opentelemetry/api';
import type { StepObserver } from '@sonde/store';

/** From 0.1 ms to 10 s, four to a decade. */
const durationBounds = Array.from({ length: 21 }, (_, i) => Number((1e-4 * 10 ** (i / 4)).toPrecision(3)));

/** What the steps of the write path take: decode -> commit -> load. */
export function observeSteps(meter: Meter): StepObserver {
  const duration = (name: string, description: string) =>
    meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries: durationBounds } });
  const decodeDuration = duration('sonde.decode.duration', 'From the bytes of a request to columns, by signal.');
  const decodeBytes = meter.createCounter('sonde.decode.io', {
    unit: 'By',
    description: 'Bodies of requests, unpacked, by signal.',
  });
  const commitDuration = duration('sonde.spool.commit.duration', 'From columns to files that are durable.');
  const commitBytes = meter.createCounter('sonde.spool.commit.io', { unit: 'By', description: 'Written to the spool.' });
  const loadDuration = duration('sonde.load.duration', 'From the spool into the database.');
  const loadRows = meter.createCounter('sonde.load.rows', {
    unit: '{row}',
    description: 'Loaded into the database, of all tables.',
  });
  const loadFailures = meter.createCounter('sonde.load.failures', {
    unit: '{load}',
    description: 'Loads that failed and are tried again.',
  });
  return {
    decoded(signal, bytes, durationMs) {
      decodeDuration.record(durationMs / 1000, { signal });
      decodeBytes.add(bytes, { signal });
    },
    committed(bytes, durationMs) {
      commitDuration.record(durationMs / 1000);
      commitBytes.add(bytes);
    },
    loaded(rows, durationMs) {
      loadDuration.record(durationMs / 1000);
      loadRows.add(rows);
    },
    loadFailed() {
      loadFailures.add(1);
    },
  };
}
