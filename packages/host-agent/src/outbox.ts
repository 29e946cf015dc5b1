/** What happened to one body: taken, for later, or never to be taken. */
export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'retryable'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

export interface OutboxOptions {
  /** What the bodies are, for the reports: metrics, traces, logs. */
  readonly what: string;
  readonly send: (body: string) => Promise<Outcome>;
  /** Bodies that may wait for the collector; the oldest goes when another comes. */
  readonly bodiesMax: number;
  readonly report: (message: string) => void;
}

/**
 * Sends bodies in their order, and keeps what the collector could not take for the next time. Invariants, each defended by the test of
 * the same number in outbox.test.ts:
 *  (1) At most bodiesMax wait; each that goes unsent is counted, and the first of an outage is reported, and its end.
 *  (2) One request at a time; what waits is tried again only when the next body comes: the interval is the back-off.
 *  (3) put() does not reject.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #waiting: string[] = [];
  #dropped = 0;
  #failing = false;
  #sending: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    await this.#sending;
  }

  put(body: string): Promise<void> {
    this.#waiting.push(body);
    if (this.#waiting.length > this.#options.bodiesMax) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#sending ??= this.#sendWaiting().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendWaiting(): Promise<void> {
    for (let body = this.#waiting[0]; body !== undefined; body = this.#waiting[0]) {
      const outcome = await this.#options.send(body);
      if (outcome.kind === 'retryable') {
        if (!this.#failing)
          this.#options.report(`the collector does not take ${this.#options.what} (${outcome.why}); trying on`);
        this.#failing = true;
        return;
      }
      if (outcome.kind === 'refused') {
        this.#dropped += 1;
        this.#options.report(`the collector refuses ${this.#options.what} (${outcome.why})`);
      } else if (this.#failing) {
        this.#failing = false;
        this.#options.report(`the collector takes ${this.#options.what} again; ${this.#dropped} requests were lost`);
      }
      // By identity: while the request ran, the oldest may have had to go.
      if (this.#waiting[0] === body) this.#waiting.shift();
    }
  }
}
