import type { Trace } from '@sonde/api';
import type { ComponentType } from 'react';
import type { Messages } from '../../base/messages/en.ts';
import type { TraceTab } from './url.ts';

/** What a tab of another feature is given. */
export interface TraceTabProps {
  readonly trace: Trace;
  /** The span of the URL; 16 hex digits. */
  readonly selectedSpanId: string | undefined;
  /** Shows a span in the waterfall, with its panel. */
  readonly onShowSpan: (spanId: string) => void;
}

export interface MoreTraceTab {
  readonly id: TraceTab;
  readonly title: (messages: Messages) => string;
  readonly Panel: ComponentType<TraceTabProps>;
}
