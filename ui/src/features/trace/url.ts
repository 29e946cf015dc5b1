import { amount, compact, flag, oneOf, type RawSearch, text } from '../../base/search-params.ts';
import { foldedPattern } from './folding.ts';
import { parseZoom } from './time-window.ts';

export const traceTabs = ['waterfall', 'flame', 'statistics', 'map', 'logs', 'json'] as const;
export type TraceTab = (typeof traceTabs)[number];

export interface TraceUrl {
  /** The span whose panel is open: 16 hex digits, and `.2` and so on where it shares its id (`SpanNode.id`). */
  readonly span?: string | undefined;
  readonly tab?: Exclude<TraceTab, 'waterfall'> | undefined;
  /** What is looked for within the trace. */
  readonly find?: string | undefined;
  /** What of the time axis is shown, in ns since the start of the trace: `from-to`. */
  readonly zoom?: string | undefined;
  /** The times as they were sent, where clocks are known to differ. */
  readonly times?: 'raw' | undefined;
  /** `Folding` of folding.ts. */
  readonly levels?: number | undefined;
  readonly folded?: string | undefined;
  /** Rows between the spans. */
  readonly events?: true | undefined;
  readonly logs?: true | undefined;
}

export function parseTraceUrl(raw: RawSearch): TraceUrl {
  const span = text(raw['span']);
  const folded = text(raw['folded']);
  const levels = amount(raw['levels']);
  return compact({
    span: span !== undefined && /^[0-9a-f]{16}(\.\d{1,6})?$/.test(span) ? span : undefined,
    tab: oneOf(['flame', 'statistics', 'map', 'logs', 'json'], raw['tab']),
    find: text(raw['find']),
    zoom: parseZoom(text(raw['zoom'])) && text(raw['zoom']),
    times: oneOf(['raw'], raw['times']),
    levels: levels !== undefined && levels >= 1 ? Math.floor(levels) : undefined,
    folded: folded !== undefined && foldedPattern.test(folded) ? folded : undefined,
    events: flag(raw['events']),
    logs: flag(raw['logs']),
  });
}
