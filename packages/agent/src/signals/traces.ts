import { trace, TraceFlags } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { type Resource } from '@opentelemetry/resources';
import { type ReadableSpan, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { bufferBytesMax, type Config } from '../config.ts';
import { Batcher } from '../export/batcher.ts';
import { type Destination } from '../export/destination.ts';
import { type Drops } from '../export/drops.ts';
import { createPost } from '../export/post.ts';
import { rejectedIn } from '../export/rejected.ts';
import { bytesOfSpan } from '../export/size.ts';
import { conventionsProcessor } from '../instrument/conventions.ts';
import { onlyPoolWaits } from '../instrument/pool-waits.ts';
import { type Flushable } from '../process/exit.ts';
import { createSampler } from '../sampler.ts';
import { type Warn } from '../warn.ts';

/** Registers the global tracer provider; finished spans go to the destination. */
export function startTraces(config: Config, resource: Resource, destination: Destination, drops: Drops, warn: Warn): Flushable {
  const batcher = new Batcher<ReadableSpan>({
    signal: 'traces',
    encode: (spans) => ProtobufTraceSerializer.serializeRequest(spans),
    rejectedIn: (body) => rejectedIn('traces', body),
    bytesOf: bytesOfSpan,
    post: createPost(destination),
    drops,
    delayMs: config.spanDelayMs,
    batchMax: config.spanBatchMax,
    itemsMax: config.spanQueueMax,
    bytesMax: bufferBytesMax,
    giveUpMs: config.spanTimeoutMs,
  });
  const provider = new TracerProvider({
    resource,
    sampler: createSampler(config, warn),
    spanProcessors: [conventionsProcessor(), batchingProcessor(batcher)],
    spanLimits: {
      attributeValueLengthLimit: config.attributeLengthMax,
      attributeCountLimit: config.spanAttributesMax,
      eventCountLimit: config.spanEventsMax,
      linkCountLimit: config.spanLinksMax,
    },
  });
  trace.setGlobalTracerProvider(provider);
  return { flush: (timeoutMs) => batcher.flush(timeoutMs), held: () => batcher.held };
}

function batchingProcessor(batcher: Batcher<ReadableSpan>): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: (span) => {
      const kept = (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0 ? undefined : onlyPoolWaits(span);
      if (kept) batcher.add(kept);
    },
    forceFlush: () => batcher.flush(30_000),
    shutdown: () => Promise.resolve(),
  };
}
