import { randomBytes } from 'node:crypto';
import { type Metric, point } from '../../metric.ts';
import { type SpanRecord } from '../../record.ts';
import { type ReceiverContext } from '../receiver.ts';
import { spanOfLine } from './access-log-span.ts';
import { Tail } from './tail.ts';

/** Well within the time that a trace is waited for before it is judged. */
const pollMs = 1000;

/** An access log under watch: its lines become spans each second, at most so many. */
export class AccessLog {
  readonly #path: string;
  readonly #service: string;
  readonly #spansPerSecond: number;
  readonly #context: ReceiverContext;
  readonly #tail: Tail;
  readonly #timer: NodeJS.Timeout;
  readonly #lines = { span: 0, unsampled: 0, malformed: 0, dropped: 0 };
  #polling: Promise<void> | undefined;
  #failure: string | undefined;

  constructor(path: string, service: string, spansPerSecond: number, context: ReceiverContext) {
    this.#path = path;
    this.#service = service;
    this.#spansPerSecond = spansPerSecond;
    this.#context = context;
    this.#tail = new Tail(path);
    this.#timer = setInterval(() => void this.poll(), pollMs);
    void this.poll();
  }

  /** One at a time; does not reject. */
  poll(): Promise<void> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  /** What became of the lines: every one that is no span is counted with its reason. */
  metrics(): Metric[] {
    const outcomes = Object.entries({ ...this.#lines, malformed: this.#lines.malformed + this.#tail.tooLong });
    const points = outcomes.map(([outcome, count]) => point(count, { outcome }));
    return [{ name: 'sonde.nginx.access_log.lines', unit: '{line}', type: 'counter', points }];
  }

  gaps(): string[] {
    const gaps = this.#failure === undefined ? [] : [this.#failure];
    const { malformed, span, unsampled } = this.#lines;
    if (malformed > span + unsampled) {
      gaps.push(
        `the lines of ${this.#path} are not in the log_format that docs/middleware.md gives: no spans are made of them`,
      );
    }
    return gaps;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.poll();
    await this.#tail.close();
  }

  async #poll(): Promise<void> {
    try {
      const spans = this.#spansOf(await this.#tail.poll());
      if (spans.length > 0) this.#context.spans(this.#service, spans);
      this.#failure = undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#failure = `the access log cannot be read (${why}): let this user read it, as a member of its group for one`;
    }
  }

  #spansOf(lines: readonly string[]): SpanRecord[] {
    const spans: SpanRecord[] = [];
    for (const line of lines) {
      if (spans.length >= this.#spansPerSecond) {
        this.#lines.dropped += 1;
        continue;
      }
      const span = spanOfLine(line, (bytes) => randomBytes(bytes).toString('hex'));
      if (typeof span === 'string') {
        this.#lines[span] += 1;
      } else {
        this.#lines.span += 1;
        spans.push(span);
      }
    }
    return spans;
  }
}
