import type { ServiceDetail, ServiceSummary } from '@sonde/api';

export const checkedParts = ['traces', 'runtime', 'host', 'logs'] as const;
export type CheckedPart = (typeof checkedParts)[number];

/** The same as the list of services tells it. */
export function partsOf({ signals, instrumentation: own }: Pick<ServiceSummary, 'signals' | 'instrumentation'>) {
  return { traces: signals.traces, ...own, logs: signals.logs } satisfies Record<CheckedPart, boolean>;
}

/** Which parts of the picture a service sends. Runtime: event loop, heap and collection; host: CPU of a machine that it runs on. */
export function instrumentation({ summary, runtime, hostCpu }: ServiceDetail): Record<CheckedPart, boolean> {
  return {
    traces: summary.signals.traces,
    runtime: runtime.length > 0,
    host: hostCpu.some(({ values }) => values.some((value) => value !== null)),
    logs: summary.signals.logs,
  };
}
