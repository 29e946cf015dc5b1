import type { Span, Trace } from '@sonde/api';
import { spanKinds, statusCodes } from '@sonde/model';

/**
 * A trace as OTLP/JSON (opentelemetry-proto 1.9, "JSON Protobuf Encoding"): ids in hex, enums as numbers, 64-bit integers as strings, what
 * is empty left out. Sent to /v1/traces it is the same trace again.
 *
 * The API tells values as JSON: a double without a fraction is written as an int, and bytes, integers beyond 2^53 and what is not
 * finite as the strings that they are told as.
 */
export function traceToOtlp(trace: Trace): object {
  const byResource = new Map<number, Map<string, Span[]>>();
  for (const span of trace.spans) {
    const scopes = byResource.get(span.resource) ?? new Map<string, Span[]>();
    byResource.set(span.resource, scopes);
    const key = JSON.stringify(span.scope);
    const spans = scopes.get(key) ?? [];
    scopes.set(key, spans);
    spans.push(span);
  }
  return {
    resourceSpans: [...byResource].map(([index, scopes]) => {
      const resource = trace.resources[index];
      return {
        resource: present({
          attributes: keyValues(resource?.attributes ?? {}),
          droppedAttributesCount: resource?.droppedAttributesCount,
        }),
        scopeSpans: [...scopes.values()].map((spans) => {
          const { schemaUrl = '', attributes = {}, ...scope } = spans[0]?.scope ?? {};
          return present({
            scope: present({ ...scope, attributes: keyValues(attributes) }),
            spans: spans.map((span) => otlpSpan(trace.traceId, span)),
            schemaUrl,
          });
        }),
        ...present({ schemaUrl: resource?.schemaUrl }),
      };
    }),
  };
}

function otlpSpan(traceId: string, span: Span): object {
  const { spanId, parentSpanId, traceState, flags, name, kind, startTimeUnixNano, durationNs, status } = span;
  return {
    traceId,
    spanId,
    ...present({ traceState, parentSpanId, flags }),
    name,
    kind: spanKinds.indexOf(kind),
    startTimeUnixNano,
    endTimeUnixNano: String(BigInt(startTimeUnixNano) + BigInt(durationNs)),
    ...present({
      attributes: keyValues(span.attributes),
      droppedAttributesCount: span.droppedAttributesCount,
      events: span.events.map(({ timeUnixNano, name: eventName, attributes, droppedAttributesCount }) => ({
        timeUnixNano,
        name: eventName,
        ...present({ attributes: keyValues(attributes), droppedAttributesCount }),
      })),
      droppedEventsCount: span.droppedEventsCount,
      links: span.links.map(({ traceId: toTrace, spanId: toSpan, attributes, ...rest }) => ({
        traceId: toTrace,
        spanId: toSpan,
        ...present({ attributes: keyValues(attributes), ...rest }),
      })),
      droppedLinksCount: span.droppedLinksCount,
    }),
    status: present({ message: status.message, code: statusCodes.indexOf(status.code) }),
  };
}

/** Without what has its default: proto3 leaves it out. */
function present(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && value !== '' && value !== 0 && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function keyValues(attributes: object): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? { intValue: String(value) } : { doubleValue: value };
    default:
      if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
      return value === null || value === undefined ? {} : { kvlistValue: { values: keyValues(value) } };
  }
}
