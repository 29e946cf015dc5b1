import type { LinkingSpan } from '@sonde/api';

/** By the id of a span: those of other traces that link to it. */
export type LinkingSpans = ReadonlyMap<string, readonly LinkingSpan[]>;

/** By the id of the span that is linked to; a span of another trace may link to several. */
export function bySpanLinked(spans: readonly LinkingSpan[]): LinkingSpans {
  const found = new Map<string, LinkingSpan[]>();
  for (const span of spans) {
    for (const id of span.linkedSpanIds) found.set(id, [...(found.get(id) ?? []), span]);
  }
  return found;
}
