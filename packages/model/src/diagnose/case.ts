import type { PartChange, ServiceChange } from './changes.ts';
import type { PeriodFacts } from './facts.ts';
import type { Cause } from './verdict.ts';

/** What the rules look at; `claim` says that a part is explained, so that no other rule explains it again. */
export interface Case {
  readonly baseline: PeriodFacts;
  readonly now: PeriodFacts;
  readonly services: readonly ServiceChange[];
  /** All that got slower, per request; never 0. */
  readonly worseNs: number;
  readonly isFree: (part: PartChange) => boolean;
  readonly claim: (parts: readonly PartChange[], cause: Cause) => number;
}
