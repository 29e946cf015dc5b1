import { createEnvelope } from './envelope.ts';
import { exportRequests } from './json/schema.ts';
import { JsonToProtobuf } from './json/to-protobuf.ts';
import { createLogDecoder } from './logs.ts';
import { createMetricDecoder } from './metrics/metrics.ts';
import { createTable } from './native/table.ts';
import { MalformedError, Reader } from './protobuf/reader.ts';
import { ResourceWriter } from './resource.ts';
import { Tally } from './tally.ts';
import { createSpanDecoder } from './traces/spans.ts';
import type { BodyEncoding, ColumnBatch, Signal } from './types.ts';
import { ZipkinToProtobuf } from './zipkin/to-protobuf.ts';

/**
 * Columns that fill from export requests until they are taken.
 *
 *  (1) A malformed request leaves nothing: every column, dictionary and set goes back to what it was before (`mark`, `rollback`).
 *  (2) A rejected item leaves nothing either, but perhaps words in a dictionary that no row uses.
 */
export function createColumnBatch(): ColumnBatch {
  const resources = createTable('resources');
  const spans = createTable('spans');
  const logs = createTable('logs');
  const metrics = {
    series: createTable('metric_series'),
    samples: createTable('metric_samples'),
    histograms: createTable('metric_histograms'),
    exponentialHistograms: createTable('metric_exponential_histograms'),
    summaries: createTable('metric_summaries'),
    exemplars: createTable('metric_exemplars'),
  };
  const resource = new ResourceWriter(resources);
  const metricDecoder = createMetricDecoder(metrics);
  const json = new JsonToProtobuf();
  const zipkin = new ZipkinToProtobuf();
  const all = [resources, spans, logs, ...Object.values(metrics)];
  const signals = {
    traces: { envelope: createEnvelope(resource, spans, createSpanDecoder(spans)), marked: [resources, spans, resource] },
    logs: { envelope: createEnvelope(resource, logs, createLogDecoder(logs)), marked: [resources, logs, resource] },
    metrics: {
      envelope: createEnvelope(resource, metrics.series, metricDecoder),
      marked: [resources, ...Object.values(metrics), resource, metricDecoder],
    },
  } as const;
  let items = 0;

  function asProtobuf(signal: Signal, encoding: BodyEncoding, body: Uint8Array, receivedAtMs: number): Uint8Array {
    if (encoding === 'protobuf') return body;
    if (encoding === 'json') return json.convert(body, exportRequests[signal]);
    if (signal !== 'traces') throw new TypeError(`Zipkin has no ${signal}`);
    return zipkin.convert(body, receivedAtMs);
  }

  return {
    append(signal, encoding, body, receivedAtMs) {
      const { envelope, marked } = signals[signal];
      const tally = new Tally();
      const receivedAt = { low: receivedAtMs >>> 0, high: Math.floor(receivedAtMs / 0x1_0000_0000) };
      for (const state of marked) state.mark();
      let stored = false;
      try {
        const bytes = asProtobuf(signal, encoding, body, receivedAtMs);
        envelope.decode(new Reader(bytes), tally, receivedAt);
        // A request of which nothing was stored leaves nothing, not even words in a dictionary.
        stored = tally.accepted > 0;
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        return { kind: 'malformed', message: error.message };
      } finally {
        if (!stored) {
          envelope.abandon();
          for (const state of marked) state.rollback();
        }
      }
      items += tally.accepted;
      return { kind: 'appended', accepted: tally.accepted, rejected: tally.rejected, reason: tally.reason };
    },

    get items() {
      return items;
    },

    get bytes() {
      return all.reduce((sum, table) => sum + table.byteLength, 0);
    },

    take() {
      items = 0;
      resource.clear();
      metricDecoder.clear();
      return all.flatMap((table) => {
        if (table.rows > 0) return [table.take()];
        table.clear();
        return [];
      });
    },

    recycle(taken) {
      for (const table of all) table.recycle(taken);
    },
  };
}
