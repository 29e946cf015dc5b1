import { compact, oneOf, type RawSearch, text } from '../../base/search-params.ts';

export const shownStates = ['healthy', 'degraded', 'unknown'] as const;

export interface OverviewUrl {
  /** Only APIs in this state. */
  readonly state?: (typeof shownStates)[number] | undefined;
  /** What service or name must contain. */
  readonly find?: string | undefined;
}

export function parseOverviewUrl(raw: RawSearch): OverviewUrl {
  return compact({ state: oneOf(shownStates, raw['state']), find: text(raw['find']) });
}
