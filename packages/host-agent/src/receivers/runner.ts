import { type Attributes } from '../attributes.ts';
import { point, type Metric, type ResourceMetrics } from '../metric.ts';
import { type LogRecord, type SpanRecord } from '../record.ts';
import { type ConfiguredReceiver } from './config-file.ts';
import { toScrapeError } from './failure.ts';
import { type Receiver, type ReceiverScrape } from './receiver.ts';

export interface RunnerOptions {
  readonly configured: ConfiguredReceiver;
  /** By which the machine that asks is known. */
  readonly host: Attributes;
  readonly timeoutMs: number;
  readonly report: (message: string) => void;
  readonly logs: (resource: Attributes, records: readonly LogRecord[]) => void;
  readonly spans: (resource: Attributes, spans: readonly SpanRecord[]) => void;
}

/** A start that is told in whole seconds of uptime wavers by as much. */
const startWaversMs = 2000;

/**
 * One receiver under watch. Invariants, each defended by the test of the same number in runner.test.ts:
 *  (1) scrape() resolves within the timeout, whatever the receiver does, and never rejects.
 *  (2) `sonde.middleware.up` is always among the metrics: 1, or 0 and nothing else.
 *  (3) A failure is said once when it begins, again when it becomes one of another kind, and its end once. Gaps likewise.
 *  (4) A receiver is not asked again before its last answer has settled.
 *  (5) No secret of its settings is in what is said.
 */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #receiver: Receiver;
  readonly #given: Attributes;
  readonly #where: string;
  /** What the server said of itself last: a server that is gone stays the same resource. */
  #said: Attributes = {};
  #startTimeMs: number | undefined;
  #failing: string | undefined;
  #gaps: readonly string[] = [];
  #asked: Promise<unknown> | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { id, kind, settings } = options.configured;
    const { address, port } = kind.server(settings);
    this.#where = port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    this.#given = {
      ...options.host,
      'server.address': address,
      ...(port === undefined ? {} : { 'server.port': port }),
      'sonde.middleware.kind': kind.kind,
      'sonde.receiver': id,
      ...kind.system,
    };
    this.#receiver = kind.open(settings, {
      id,
      // Without a service they would be those of `unknown_service`.
      logs: (records) => options.logs(this.#serviceResource(kind.kind), records),
      spans: (serviceName, spans) => options.spans(this.#serviceResource(serviceName), spans),
      report: (sentence) => this.#report(sentence),
    });
  }

  /** One group of metrics: the receiver's own, or that the server does not answer. */
  async scrape(): Promise<ResourceMetrics> {
    const timeMs = Date.now();
    try {
      const scrape = await this.#ask();
      this.#note(scrape);
      const metrics = [upMetric(1), ...scrape.metrics.filter(({ points }) => points.length > 0)];
      return { resource: this.#resource, timeMs, startTimeMs: this.#startTimeMs, metrics };
    } catch (error) {
      const { kind, message } = toScrapeError(error, this.#where);
      if (this.#failing !== kind) this.#report(`${message}; trying on`);
      this.#failing = kind;
      return { resource: this.#resource, timeMs, startTimeMs: undefined, metrics: [upMetric(0)] };
    }
  }

  close(): Promise<void> {
    return this.#receiver.close().catch((error: unknown) => this.#report(`did not close: ${String(error)}`));
  }

  get #resource(): Attributes {
    return { ...this.#given, ...this.#said };
  }

  #serviceResource(serviceName: string): Attributes {
    const instance = `${String(this.#given['host.name'])}/${this.#options.configured.id}`;
    return { 'service.name': serviceName, 'service.instance.id': instance, ...this.#resource };
  }

  async #ask(): Promise<ReceiverScrape> {
    const late = new DOMException('the last scrape still runs', 'TimeoutError');
    if (this.#asked !== undefined) throw late;
    const ending = new AbortController();
    const answer = this.#receiver.scrape(ending.signal);
    // Also one that does not heed the signal is waited for, but not here.
    this.#asked = answer.then(
      () => (this.#asked = undefined),
      () => (this.#asked = undefined),
    );
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_done, failed) => {
      timer = setTimeout(() => {
        ending.abort(late);
        failed(late);
      }, this.#options.timeoutMs);
    });
    return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
  }

  #note({ resource, startTimeMs, gaps = [] }: ReceiverScrape): void {
    if (this.#failing !== undefined) this.#report(`${this.#where} answers again`);
    this.#failing = undefined;
    if (resource !== undefined) this.#said = resource;
    const wavers = Math.abs((startTimeMs ?? 0) - (this.#startTimeMs ?? 0)) <= startWaversMs;
    if (!wavers || this.#startTimeMs === undefined) this.#startTimeMs = startTimeMs;
    for (const gap of gaps) if (!this.#gaps.includes(gap)) this.#report(gap);
    const mended = this.#gaps.length - this.#gaps.filter((gap) => gaps.includes(gap)).length;
    if (mended > 0) this.#report(gaps.length === 0 ? 'nothing is left out any more' : `${mended} less is left out`);
    this.#gaps = gaps;
  }

  #report(sentence: string): void {
    const { id, secrets } = this.#options.configured;
    const said = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), sentence);
    this.#options.report(`${id}: ${said}`);
  }
}

function upMetric(value: 0 | 1): Metric {
  return { name: 'sonde.middleware.up', unit: '1', type: 'gauge', number: 'int', points: [point(value)] };
}
