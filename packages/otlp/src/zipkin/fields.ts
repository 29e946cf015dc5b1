/** OTLP's fields as far as a Zipkin span fills them (opentelemetry-proto 1.9): number << 3 | wire type. */
export const tags = {
  request: { resourceSpans: 0x0a },
  resourceSpans: { resource: 0x0a, scopeSpans: 0x12 },
  resource: { attributes: 0x0a },
  scopeSpans: { spans: 0x12 },
  span: {
    traceId: 0x0a,
    spanId: 0x12,
    parentSpanId: 0x22,
    name: 0x2a,
    kind: 0x30,
    startTime: 0x39,
    endTime: 0x41,
    attributes: 0x4a,
    events: 0x5a,
    status: 0x7a,
  },
  event: { time: 0x09, name: 0x12 },
  status: { message: 0x12, code: 0x18 },
  keyValue: { key: 0x0a, value: 0x12 },
  anyValue: { string: 0x0a, bool: 0x10, int: 0x18 },
} as const;

/** Span.SpanKind. A span without a kind is a local one: OpenTelemetry sends its INTERNAL spans so. */
export const kinds: Readonly<Record<string, number>> = { CLIENT: 3, SERVER: 2, PRODUCER: 4, CONSUMER: 5 };
export const internalKind = 1;

export const statusError = 2;
export const statusOk = 1;

/** The members of Zipkin's v2 JSON (zipkin2-api.yaml: Span, Endpoint, Annotation). */
export const spanMembers = [
  'traceId',
  'parentId',
  'id',
  'kind',
  'name',
  'timestamp',
  'duration',
  'localEndpoint',
  'remoteEndpoint',
  'annotations',
  'tags',
  'debug',
  'shared',
] as const;
export const endpointMembers = ['serviceName', 'ipv4', 'ipv6', 'port'] as const;
export const annotationMembers = ['timestamp', 'value'] as const;

/** Attribute names (semantic conventions 1.x, "network" and "peer"; what has no name there begins with `zipkin.`). */
const text = new TextEncoder();
export const keys = {
  serviceName: text.encode('service.name'),
  kind: text.encode('zipkin.kind'),
  debug: text.encode('zipkin.debug'),
  shared: text.encode('zipkin.shared'),
  /** The start is a guess (times.ts). */
  timestampAbsent: text.encode('zipkin.timestamp_absent'),
} as const;

export interface EndpointKeys {
  readonly ipv4: Uint8Array;
  readonly ipv6: Uint8Array;
  /** Of an endpoint that has both addresses. */
  readonly secondIpv6: Uint8Array;
  readonly port: Uint8Array;
  /** Nothing: the name stands elsewhere, in the resource. */
  readonly serviceName: Uint8Array | undefined;
}

export const localKeys: EndpointKeys = {
  ipv4: text.encode('network.local.address'),
  ipv6: text.encode('network.local.address'),
  secondIpv6: text.encode('zipkin.local_endpoint.ipv6'),
  port: text.encode('network.local.port'),
  serviceName: undefined,
};

export const remoteKeys: EndpointKeys = {
  ipv4: text.encode('network.peer.address'),
  ipv6: text.encode('network.peer.address'),
  secondIpv6: text.encode('zipkin.remote_endpoint.ipv6'),
  port: text.encode('network.peer.port'),
  serviceName: text.encode('peer.service'),
};

/** Tags that say something about the status, besides being attributes. */
export const statusTags = ['error', 'otel.status_code'].map((name) => ({ name: text.encode(name) }));
