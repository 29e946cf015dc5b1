import { compact, oneOf, type RawSearch, text } from '../../base/search-params.ts';

/** In the order that they are shown. */
export const traceTabs = ['waterfall', 'statistics', 'json'] as const;
export type TraceTab = (typeof traceTabs)[number];

export interface TraceUrl {
  /** The span whose panel is open: 16 hex digits, and `.2` and so on where it shares its id (`SpanNode.id`). */
  readonly span?: string | undefined;
  readonly tab?: Exclude<TraceTab, 'waterfall'> | undefined;
  /** What is looked for within the trace. */
  readonly find?: string | undefined;
}

export function parseTraceUrl(raw: RawSearch): TraceUrl {
  const span = text(raw['span']);
  return compact({
    span: span !== undefined && /^[0-9a-f]{16}(\.\d{1,6})?$/.test(span) ? span : undefined,
    tab: oneOf(traceTabs.filter((tab) => tab !== 'waterfall'), raw['tab']),
    find: text(raw['find']),
  });
}
