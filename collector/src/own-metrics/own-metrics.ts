/**
 * The collector's own metrics, stored as any service's are: `service.name = sonde`. They go into the spool past the counters that they
 * report, or no report would ever find those at rest.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Meter } from '@opentelemetry/api';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { createColumnBatch } from '@sonde/otlp';
import type { CheckedTable, Report, RetentionStatus, StepObserver } from '@sonde/store';
import { observeProcess } from './process-metrics.ts';
import { observeRetention } from './retention-metrics.ts';
import { observeSteps } from './step-metrics.ts';
import { observeWritePath, type WritePathState } from './write-path-metrics.ts';

export class OwnMetrics {
  /** To be told of every step of the write path. */
  readonly observer: StepObserver;
  readonly #reader = new PulledReader({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  readonly #meter: Meter;
  readonly #report: Report;
  readonly #batch = createColumnBatch();
  #append: ((tables: readonly CheckedTable[]) => Promise<boolean>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isLost = false;

  constructor(version: string, report: Report) {
    const resource = resourceFromAttributes({
      'service.name': 'sonde',
      'service.version': version,
      'service.instance.id': randomUUID(),
      'host.name': hostname(),
      'process.pid': process.pid,
    });
    this.#meter = new MeterProvider({ resource, readers: [this.#reader] }).getMeter('sonde.collector', version);
    this.#report = report;
    this.observer = observeSteps(this.#meter);
  }

  /** Reports every `intervalMs` from now on, and once more when it is stopped. 0: never. */
  start(state: () => WritePathState, append: (tables: readonly CheckedTable[]) => Promise<boolean>, intervalMs: number): void {
    if (intervalMs === 0) return;
    observeWritePath(this.#meter, state);
    observeProcess(this.#meter);
    this.#append = append;
    this.#timer = setInterval(() => void this.#store(), intervalMs).unref();
  }

  watchRetention(status: () => RetentionStatus): void {
    observeRetention(this.#meter, status);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#store();
  }

  /** Never rejects: the collector works without its own metrics. */
  async #store(): Promise<void> {
    if (!this.#append) return;
    try {
      const { resourceMetrics } = await this.#reader.collect();
      const body = ProtobufMetricsSerializer.serializeRequest(resourceMetrics);
      if (!body) return;
      this.#batch.append('metrics', 'protobuf', body, Date.now());
      const isLost = !(await this.#append(this.#batch.take()));
      // Said once for each time that it begins.
      if (isLost && !this.#isLost) this.#report('warn', 'own metrics are lost while the spool takes nothing', {});
      this.#isLost = isLost;
    } catch (error) {
      this.#report('error', 'own metrics could not be made', { err: error });
    }
  }
}

/** Read when we ask, not by a timer of its own. */
class PulledReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}
