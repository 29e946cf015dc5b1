import type { TimeRange } from '@sonde/store';
import { ProblemError } from './problems.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A question over more than this is refused: about thirteen months, so that a year can be compared with the same month before. */
export const rangeMsMax = 400 * dayMs;

/** The store keeps its buckets of time in whole seconds below 2^32: until February 2106. */
const timeMsMax = 2 ** 32 * 1000 - 1;

/** RFC 3339, section 5.6. */
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** `from` and `to`, each epoch milliseconds or RFC 3339; by default the hour that ends now. */
export function readTimeRange(asked: { readonly from?: string; readonly to?: string }, nowMs: number): TimeRange {
  const toMs = asked.to === undefined ? nowMs : readTime('to', asked.to);
  const fromMs = asked.from === undefined ? Math.max(0, toMs - hourMs) : readTime('from', asked.from);
  if (fromMs >= toMs) throw new ProblemError('bad-parameter', { parameter: 'from', detail: 'from must lie before to.' });
  if (toMs - fromMs > rangeMsMax) {
    throw new ProblemError('bad-parameter', {
      parameter: 'from',
      detail: `The range must not be longer than ${rangeMsMax / dayMs} days.`,
    });
  }
  return { fromMs, toMs };
}

/** Epoch milliseconds or RFC 3339, as epoch milliseconds. */
export function readTime(parameter: string, text: string): number {
  const ms = /^\d{1,15}$/.test(text)
    ? Number(text)
    : rfc3339.test(text)
      ? Math.floor(Date.parse(text.toUpperCase().replace(' ', 'T')))
      : NaN;
  if (Number.isNaN(ms)) {
    throw new ProblemError('bad-parameter', {
      parameter,
      detail: `${parameter} must be epoch milliseconds or an RFC 3339 time such as 2026-01-31T12:00:00Z.`,
    });
  }
  if (ms < 0 || ms > timeMsMax) {
    throw new ProblemError('bad-parameter', {
      parameter,
      detail: `${parameter} must lie between 1970 and ${new Date(timeMsMax).toISOString()}.`,
    });
  }
  return ms;
}
