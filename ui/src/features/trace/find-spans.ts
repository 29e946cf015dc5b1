import { displayName } from './span-subject.ts';
import type { SpanNode } from './trace-view.ts';

/** Indices of the nodes in which the text occurs: service, subject, name, status message, attribute keys and values, events. */
export function findSpans(nodes: readonly SpanNode[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return nodes.filter((node) => holds(node, wanted)).map(({ index }) => index);
}

function holds({ span, subject }: SpanNode, wanted: string): boolean {
  const has = (text: string) => text.toLowerCase().includes(wanted);
  const hasAttribute = (attributes: Readonly<Record<string, unknown>>) =>
    Object.entries(attributes).some(
      ([key, value]) => has(key) || has(typeof value === 'string' ? value : JSON.stringify(value)),
    );
  return (
    has(displayName(span)) ||
    has(span.service) ||
    has(subject.label) ||
    has(span.status.message) ||
    span.spanId === wanted ||
    hasAttribute(span.attributes) ||
    span.events.some((event) => has(event.name) || hasAttribute(event.attributes))
  );
}

/** The match after (or before) the selected row, round the end. */
export function nextMatch(matches: readonly number[], selected: number | undefined, by: 1 | -1): number | undefined {
  if (matches.length === 0) return undefined;
  if (selected === undefined) return by > 0 ? matches[0] : matches.at(-1);
  const beyond = by > 0 ? matches.find((index) => index > selected) : matches.findLast((index) => index < selected);
  return beyond ?? (by > 0 ? matches[0] : matches.at(-1));
}
