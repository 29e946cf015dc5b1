/** What a diagnosis is made from: the same facts of two periods. Times are ns, summed over all requests unless they say otherwise. */

/** service: on its own. call: from when a caller sent until the service began, and back: on the network, or before it listened. */
export type PartKind = 'service' | 'call' | 'statement' | 'database' | 'queue' | 'remote' | 'pool';

/** What one instance did in one place on the way: on its own, or waiting for one dependency. */
export interface PathPart {
  readonly kind: PartKind;
  /** Of a call: the one that was called. */
  readonly service: string;
  readonly version: string;
  /** Empty where that is not known, as of calls. */
  readonly instance: string;
  readonly host: string;
  /** `db.system.name`, `messaging.system`. */
  readonly system: string;
  readonly address: string;
  /** Of a queue or a database; of a call the caller. */
  readonly name: string;
  /** Of a statement: 16 hex digits. */
  readonly hash: string;
  readonly calls: number;
  readonly errors: number;
  /** Calls to another recorded service that failed. */
  readonly callErrors: number;
  /** Of the symptom's critical path, without what lies below. */
  readonly criticalNs: number;
  /** Durations, whoever waited. */
  readonly totalNs: number;
  /** SERVER and CONSUMER spans, those that failed, and their durations. */
  readonly served: number;
  readonly servedErrors: number;
  readonly servedNs: number;
  /** Messages that were read, and how long they had waited. */
  readonly messages: number;
  readonly waitNs: number;
  /** Start of the first and of the newest minute that it was seen in, Unix ms; of a long period of their hours. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}

/** Nothing is known of it and it did nothing: what one source knows is said over it. */
export const idlePart: PathPart = {
  kind: 'service',
  service: '',
  version: '',
  instance: '',
  host: '',
  system: '',
  address: '',
  name: '',
  hash: '',
  calls: 0,
  errors: 0,
  callErrors: 0,
  criticalNs: 0,
  totalNs: 0,
  served: 0,
  servedErrors: 0,
  servedNs: 0,
  messages: 0,
  waitNs: 0,
  firstSeenMs: 0,
  lastSeenMs: 0,
};

/** Of one process; null: it does not report it. */
export interface RuntimeFacts {
  /** Seconds of garbage collection a second. */
  readonly gcShare: number | null;
  /** 0..1, of the event loop. */
  readonly loopUtilization: number | null;
  readonly loopDelayNs: number | null;
  readonly heapBytes: number | null;
}

/** Of one machine: shares of its processors' time. */
export interface HostFacts {
  readonly cpu: number | null;
  readonly steal: number | null;
  readonly ioWait: number | null;
  /** Of the time: some task was ready and waited for a processor (kernel: Documentation/accounting/psi.rst, `some`). */
  readonly cpuPressure: number | null;
  /** Likewise: some task waited for a disk. Counts where the processors have other things to do, which I/O wait does not. */
  readonly ioPressure: number | null;
}

export interface SymptomFacts {
  readonly requests: number;
  readonly errors: number;
  readonly totalNs: number;
  readonly p50Ns: number | null;
  readonly p95Ns: number | null;
  readonly p99Ns: number | null;
}

export interface PeriodFacts {
  readonly fromMs: number;
  readonly toMs: number;
  readonly symptom: SymptomFacts;
  readonly parts: readonly PathPart[];
  readonly runtimes: ReadonlyMap<string, RuntimeFacts>;
  readonly hosts: ReadonlyMap<string, HostFacts>;
}

export function secondsOf({ fromMs, toMs }: Pick<PeriodFacts, 'fromMs' | 'toMs'>): number {
  return Math.max(1, (toMs - fromMs) / 1000);
}
