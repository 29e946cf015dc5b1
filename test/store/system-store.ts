import { openStore, type Store, traceRequest } from './loaded-store.ts';
import type { SampleSpan } from './sample-spans.ts';
import { baseNs } from './sample-spans.ts';
import { settle, type Settled } from './slow-settled.ts';
import { systemSpans } from './system-spans.ts';

const baseMs = Number(baseNs / 1_000_000n);
const hourMs = 3_600_000;

/** Ends on no bound of a minute, an hour or a day. */
const toMs = baseMs - 12 * 60_000 - 3_456;

/** Read by the minute; by the hour; by the day with hours beside them. */
export const ranges = {
  minutes: { fromMs: toMs - 67 * 60_000 - 13_000, toMs },
  hours: { fromMs: toMs - 53 * hourMs - 7 * 60_000, toMs },
  days: { fromMs: toMs - 10 * 24 * hourMs - 5 * hourMs - 61_000, toMs },
} as const;

/** Read by the hour with minutes beside them. */
export const partOfDay = { fromMs: toMs - 7 * hourMs, toMs };

/** A system's spans in a store, and what settling must say of them; `more` beside them, `later` received ten minutes after. */
export async function openSystem(
  seed: number,
  traces: number,
  more: readonly SampleSpan[] = [],
  later: readonly SampleSpan[] = [],
) {
  const spans: readonly SampleSpan[] = [...systemSpans(seed, traces), ...more];
  const store: Store = await openStore();
  // In several loads, so that a trace is spread over parts.
  const loads = 3;
  for (let i = 0; i < loads; i++) await store.load('traces', traceRequest(spans.filter((_, n) => n % loads === i)));
  if (later.length > 0) await store.load('traces', traceRequest(later), undefined, 1_773_140_600_000);
  await store.settle();
  const settled: Settled = settle([...spans, ...later]);
  return { store, spans, settled };
}

export type System = Awaited<ReturnType<typeof openSystem>>;
