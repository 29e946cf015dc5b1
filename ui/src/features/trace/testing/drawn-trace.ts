import type { Span, Trace } from '@sonde/api';
import { buildTraceTree, criticalTimes, selfTimes } from '@sonde/model';
import { traceFromText } from '@sonde/model/testing';

/** For tests: a drawn trace as the API answers it. `more` gives single spans, by name, what a drawing cannot show. */
export function drawnTrace(text: string, more: Readonly<Record<string, Partial<Span>>> = {}): Trace {
  const drawn = traceFromText(text);
  const tree = buildTraceTree(drawn);
  const selfNs = selfTimes(tree);
  const criticalNs = criticalTimes(tree);
  const startNs = Math.min(...drawn.map((span) => span.startNs));
  const endNs = Math.max(...drawn.map((span) => span.startNs + span.durationNs));
  const originUnixNano = 1_800_000_000_000_000_000n;
  return {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    startTimeUnixNano: String(originUnixNano + BigInt(startNs)),
    durationNs: endNs - startNs,
    resources: [{ attributes: {}, droppedAttributesCount: 0, schemaUrl: '' }],
    warnings: [],
    spans: drawn.map((span, index) => ({
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      service: span.service,
      name: span.name,
      kind: 'internal',
      startTimeUnixNano: String(originUnixNano + BigInt(span.startNs)),
      durationNs: span.durationNs,
      selfNs: selfNs[index] ?? 0,
      criticalNs: criticalNs[index] ?? 0,
      status: { code: span.error ? 'error' : 'unset', message: '' },
      attributes: {},
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      traceState: '',
      flags: 0,
      resource: 0,
      scope: { name: '', version: '', attributes: {}, schemaUrl: '' },
      host: '',
      instance: '',
      statement: null,
      ...more[span.name],
    })),
  };
}
