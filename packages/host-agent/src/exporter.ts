import { type Attributes } from './attributes.ts';
import { type Config } from './config.ts';
import { type ResourceMetrics } from './metric.ts';
import { logsRequest, metricsRequest, tracesRequest } from './otlp-json.ts';
import { Outbox } from './outbox.ts';
import { post, type Signal } from './post.ts';
import { type LogRecord, type SpanRecord } from './record.ts';

/** Five minutes of an outage at the default interval: some 300 kB for the machine, 100 kB for a receiver. */
const scrapesMax = 30;
/** Spans are sent each second: a minute of an outage, and at most some 20 MB. */
const spanBodiesMax = 60;
const recordsPerBodyMax = 512;
const logBodiesMax = 30;

/** All that goes to the collector, one outbox for each signal: what holds up one does not hold up the others. */
export class Exporter {
  timeoutMs: number;
  readonly #metrics: Outbox;
  readonly #traces: Outbox;
  readonly #logs: Outbox;

  constructor(config: Config, timeoutMs: number, subjects: number, report: (message: string) => void) {
    this.timeoutMs = timeoutMs;
    const outbox = (signal: Signal, bodiesMax: number): Outbox =>
      new Outbox({ what: signal, send: (body) => post(config, signal, this.timeoutMs, body), bodiesMax, report });
    this.#metrics = outbox('metrics', scrapesMax * subjects);
    this.#traces = outbox('traces', spanBodiesMax);
    this.#logs = outbox('logs', logBodiesMax);
  }

  /** Resolves when all that was given has been sent, or waits for the collector. */
  async idle(): Promise<void> {
    await Promise.all([this.#metrics.idle(), this.#traces.idle(), this.#logs.idle()]);
  }

  async metrics(groups: readonly ResourceMetrics[]): Promise<void> {
    await this.#metrics.put(JSON.stringify(metricsRequest(groups)));
  }

  async spans(resource: Attributes, spans: readonly SpanRecord[]): Promise<void> {
    for (const part of inParts(spans)) await this.#traces.put(JSON.stringify(tracesRequest(resource, part)));
  }

  async logs(resource: Attributes, records: readonly LogRecord[]): Promise<void> {
    for (const part of inParts(records)) await this.#logs.put(JSON.stringify(logsRequest(resource, part)));
  }
}

function inParts<Item>(items: readonly Item[]): Item[][] {
  const parts = Math.ceil(items.length / recordsPerBodyMax);
  return Array.from({ length: parts }, (_, part) => items.slice(part * recordsPerBodyMax, (part + 1) * recordsPerBodyMax));
}
