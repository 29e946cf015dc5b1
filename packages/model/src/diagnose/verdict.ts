import type { PartKind } from './facts.ts';

export type Cause =
  | 'slow statement'
  | 'slow database'
  | 'slow remote'
  | 'failing dependency'
  | 'queue backed up'
  | 'queue consumer gone'
  | 'pool exhausted'
  | 'garbage collection'
  | 'event loop blocked'
  | 'host CPU saturated'
  | 'CPU steal'
  | 'host I/O saturated'
  | 'one bad instance'
  | 'instance gone'
  | 'new version'
  | 'more traffic'
  | 'own code'
  | 'own errors';

export type Measure =
  | 'time on the critical path'
  | 'mean duration'
  | 'requests'
  | 'error share'
  | 'wait in queue'
  | 'garbage collection'
  | 'event loop delay'
  | 'event loop utilization'
  | 'CPU utilization'
  | 'CPU pressure'
  | 'CPU steal'
  | 'I/O wait'
  | 'I/O pressure'
  | 'instances'
  | 'versions'
  | 'heap in use';

export interface Evidence {
  readonly measure: Measure;
  readonly of: string;
  readonly unit: string;
  readonly baseline: number | null;
  readonly now: number | null;
  readonly says: 'for' | 'against';
}

export interface Subject {
  readonly kind: PartKind | 'instance' | 'host';
  readonly service: string;
  readonly name: string;
  readonly system: string;
  readonly hash: string;
}

export interface Advice {
  readonly action:
    | 'fix statement'
    | 'scale out'
    | 'rate-limit callers'
    | 'degrade'
    | 'drain instance'
    | 'restart and fix'
    | 'roll back'
    | 'restart consumer'
    | 'free the host'
    | 'enlarge pool'
    | 'fix code'
    | 'replace instance';
  readonly target: string;
  readonly amount: number | null;
  readonly rule: string;
  readonly why: string;
}

export interface Finding {
  readonly cause: Cause;
  readonly subject: Subject;
  /** 0..1 of what got slower, or of the failures. */
  readonly share: number;
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  readonly remedy: Advice;
}
