import type { Signal } from '@sonde/otlp';

/** What a sender knows of its items, by id: the collector's promises are held against this. */
export interface Ledger {
  /** Answered 2xx: each must be stored once. */
  readonly acknowledged: Set<bigint>;
  /** Sent without an answer, or refused: each may be stored once, or not at all. */
  readonly unanswered: Set<bigint>;
}

export interface LedgerSender {
  readonly ledgers: Readonly<Record<Signal, Ledger>>;
  /** Refusals and broken connections, by what was seen. */
  readonly failures: ReadonlyMap<string, number>;
  /** Resolves when nothing is under way; nothing is sent from then until what it gives is called. */
  pause(): Promise<() => void>;
  /** Resolves when every sender has stopped. */
  stop(): Promise<void>;
}

const itemsEach = 40;
const signals: readonly Signal[] = ['traces', 'metrics', 'logs'];

/**
 * Sends to whatever address `url` names at that moment, `senders` requests at a time, each with new ids: what was not
 * acknowledged is never sent again, so that "once" can be counted. `pauseMs` after each success; `padBytes` more in each item.
 */
export function startSending(
  url: () => string,
  senders: number,
  { pauseMs = 0, padBytes = 0 }: { readonly pauseMs?: number; readonly padBytes?: number } = {},
): LedgerSender {
  const pad = 'x'.repeat(padBytes);
  const ledgers = { traces: emptyLedger(), metrics: emptyLedger(), logs: emptyLedger() };
  const failures = new Map<string, number>();
  let lastId = 0n;
  const stopping = new AbortController();
  const send = async (signal: Signal): Promise<void> => {
    const ids = Array.from({ length: itemsEach }, () => ++lastId);
    const { acknowledged, unanswered } = ledgers[signal];
    for (const id of ids) unanswered.add(id);
    try {
      const response = await fetch(`${url()}/v1/${signal}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(requests[signal](ids, pad)),
      });
      if (response.status !== 200) throw new Error(`status ${response.status}`);
      for (const id of ids) {
        unanswered.delete(id);
        acknowledged.add(id);
      }
      await response.arrayBuffer();
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.set(reason, (failures.get(reason) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  let mayGoOn: Promise<void> | undefined;
  let resume = (): void => undefined;
  const underWay = new Set<Promise<void>>();
  const loops = Array.from({ length: senders }, async (_, index) => {
    for (let round = index; !stopping.signal.aborted; round++) {
      await mayGoOn;
      if (stopping.signal.aborted) return;
      const sent = send(signals[round % signals.length] ?? 'traces');
      underWay.add(sent);
      await sent;
      underWay.delete(sent);
    }
  });
  return {
    ledgers,
    failures,
    async pause() {
      mayGoOn = new Promise((resolve) => (resume = resolve));
      await Promise.all(underWay);
      return resume;
    },
    async stop() {
      stopping.abort();
      resume();
      await Promise.all(loops);
    },
  };
}

function emptyLedger(): Ledger {
  return { acknowledged: new Set(), unanswered: new Set() };
}

/** Makes each item this much larger. */
const padded = (pad: string) => (pad === '' ? {} : { attributes: [{ key: 'pad', value: { stringValue: pad } }] });

const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'ledger' } }] };
const hex = (id: bigint, digits: number): string => id.toString(16).padStart(digits, '0');
const nowNs = (): string => `${Date.now()}000000`;

const requests: Readonly<Record<Signal, (ids: readonly bigint[], pad: string) => unknown>> = {
  traces: (ids, pad) => {
    const spans = ids.map((id) => ({
      traceId: hex(id / 4n + 1n, 32),
      spanId: hex(id, 16),
      name: `step ${id % 7n}`,
      kind: 2,
      startTimeUnixNano: nowNs(),
      endTimeUnixNano: nowNs(),
      ...padded(pad),
    }));
    return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
  },
  metrics: (ids, pad) => {
    const dataPoints = ids.map((id) => ({ timeUnixNano: nowNs(), asInt: String(id), ...padded(pad.slice(0, 100)) }));
    return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'ledger', gauge: { dataPoints } }] }] }] };
  },
  logs: (ids, pad) => {
    const logRecords = ids.map((id) => ({ timeUnixNano: nowNs(), body: { stringValue: String(id) }, ...padded(pad) }));
    return { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] };
  },
};
