import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { AggregationTemporality, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { type Drops } from './drops.ts';
import { type Answer } from './post.ts';
import { rejectedIn } from './rejected.ts';

/**
 * Collects and sends all metrics at an interval. One request for each collection, none kept for later: the next one brings the newer
 * state of the same cumulative series, so an outage costs the points in between, counted, and no memory.
 *
 * The SDK's own PeriodicExportingMetricReader holds the process with referenced timers for up to its export timeout.
 */
export class IntervalMetricReader extends MetricReader {
  readonly #post: (body: Uint8Array) => Promise<Answer>;
  readonly #drops: Drops;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor(post: (body: Uint8Array) => Promise<Answer>, drops: Drops, intervalMs: number) {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
    this.#post = post;
    this.#drops = drops;
    this.#timer = setInterval(() => void this.run(), intervalMs).unref();
  }

  /** Collects and sends once; joins what is under way. Does not reject. */
  run(): Promise<void> {
    this.#running ??= this.#run()
      .catch((error: unknown) => this.#drops.add('metrics', 'unencodable', 1, String(error)))
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #run(): Promise<void> {
    const { resourceMetrics } = await this.collect();
    const points = countPoints(resourceMetrics);
    if (points === 0) return;
    const body = ProtobufMetricsSerializer.serializeRequest(resourceMetrics);
    if (body === undefined) return this.#drops.add('metrics', 'unencodable', points);
    const answer = await this.#post(body);
    if (answer.kind !== 'accepted') {
      return this.#drops.add('metrics', answer.kind === 'refused' ? 'refused' : 'unreachable', points, answer.why);
    }
    const rejected = rejectedIn('metrics', answer.body);
    if (rejected > 0) this.#drops.add('metrics', 'rejected', rejected);
  }

  protected override onForceFlush(): Promise<void> {
    return this.run();
  }

  protected override onShutdown(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.resolve();
  }
}

function countPoints({ scopeMetrics }: ResourceMetrics): number {
  let points = 0;
  for (const { metrics } of scopeMetrics) for (const { dataPoints } of metrics) points += dataPoints.length;
  return points;
}
