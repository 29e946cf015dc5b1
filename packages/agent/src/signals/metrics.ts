import { setTimeout as sleep } from 'node:timers/promises';
import { metrics } from '@opentelemetry/api';
import { type Resource } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { type Config } from '../config.ts';
import { type Destination } from '../export/destination.ts';
import { type Drops } from '../export/drops.ts';
import { IntervalMetricReader } from '../export/metric-reader.ts';
import { createPost } from '../export/post.ts';
import { type Flushable } from '../process/exit.ts';
import { observeProcess } from '../process/process-metrics.ts';

/** Registers the global meter provider; its metrics go to the destination at the interval, and once more when flushed. */
export function startMetrics(config: Config, resource: Resource, destination: Destination, drops: Drops): Flushable {
  const reader = new IntervalMetricReader(createPost(destination), drops, config.metricIntervalMs);
  const provider = new MeterProvider({ resource, readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  observeProcess(provider.getMeter('@sonde/agent'), drops);
  return { flush: (timeoutMs) => atMost(timeoutMs, reader.run()), held: () => 0 };
}

/** Waits with a referenced timer, which keeps the process for this long and no longer. */
async function atMost(timeoutMs: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  done.abort();
}
