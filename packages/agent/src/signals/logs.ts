import { logs } from '@opentelemetry/api-logs';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { type Resource } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordProcessor, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { bufferBytesMax, type Config } from '../config.ts';
import { Batcher } from '../export/batcher.ts';
import { type Destination } from '../export/destination.ts';
import { type Drops } from '../export/drops.ts';
import { createPost } from '../export/post.ts';
import { rejectedIn } from '../export/rejected.ts';
import { bytesOfLogRecord } from '../export/size.ts';
import { type Flushable } from '../process/exit.ts';

/** Registers the global logger provider; log records go to the destination. */
export function startLogs(config: Config, resource: Resource, destination: Destination, drops: Drops): Flushable {
  const batcher = new Batcher<ReadableLogRecord>({
    signal: 'logs',
    encode: (records) => ProtobufLogsSerializer.serializeRequest(records),
    rejectedIn: (body) => rejectedIn('logs', body),
    bytesOf: bytesOfLogRecord,
    post: createPost(destination),
    drops,
    delayMs: config.logDelayMs,
    batchMax: config.logBatchMax,
    itemsMax: config.logQueueMax,
    bytesMax: bufferBytesMax,
    giveUpMs: config.logTimeoutMs,
  });
  const processor: LogRecordProcessor = {
    onEmit: (record) => batcher.add(record),
    forceFlush: () => batcher.flush(30_000),
    shutdown: () => Promise.resolve(),
  };
  const logRecordLimits = { attributeValueLengthLimit: config.attributeLengthMax };
  logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: [processor], logRecordLimits }));
  return { flush: (timeoutMs) => batcher.flush(timeoutMs), held: () => batcher.held };
}
