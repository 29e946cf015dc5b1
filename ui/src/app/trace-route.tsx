import type { MoreTraceTab } from '../features/trace/trace-tab.ts';
import { TracePage } from '../features/trace/trace-page.tsx';

/** The tabs that are features of their own, in the order that they are shown; their ids: `traceTabs` in features/trace/url.ts. */
const moreTabs: readonly MoreTraceTab[] = [];

export function TraceRoute() {
  return <TracePage moreTabs={moreTabs} />;
}
