/** A slow, obvious reading of Zipkin's v2 JSON: what the spans table must hold for a list of spans. */

interface ZipkinEndpoint {
  serviceName?: string | null;
  ipv4?: string | null;
  ipv6?: string | null;
  port?: number | string | null;
}

export interface ZipkinSpan {
  traceId: string;
  id: string;
  parentId?: string | null;
  kind?: string | null;
  name?: string | null;
  timestamp?: number | string | null;
  duration?: number | string | null;
  localEndpoint?: ZipkinEndpoint | null;
  remoteEndpoint?: ZipkinEndpoint | null;
  annotations?: { timestamp?: number | string | null; value?: string | null }[] | null;
  tags?: Record<string, string | boolean | null> | null;
  debug?: boolean | null;
  shared?: boolean | null;
}

export interface ExpectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly startNs: string;
  readonly durationNs: string;
  readonly statusCode: number;
  readonly statusMessage: string;
  /** `key=value:type`, sorted; the types are those of attribute_types. */
  readonly attributes: readonly string[];
  /** `nanoseconds name`. */
  readonly events: readonly string[];
}

/** Spans without a time get the earliest that their list names, or that of their arrival. */
export function expectedSpans(list: readonly ZipkinSpan[], receivedAtMs: number): ExpectedSpan[] {
  const named = list
    .flatMap(({ annotations, timestamp }) => [timestamp, ...(annotations ?? []).map((annotation) => annotation.timestamp)])
    .map((micros) => BigInt(micros ?? 0))
    .filter((micros) => micros > 0n);
  const earliest = named.reduce((a, b) => (b < a ? b : a), named[0] ?? BigInt(receivedAtMs) * 1000n);
  return list.map((span) => expectedSpan(span, String(earliest)));
}

function expectedSpan(span: ZipkinSpan, earliest: string): ExpectedSpan {
  const kinds: Record<string, number> = { SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 };
  const kind = span.kind ? (kinds[span.kind] ?? 0) : 1;
  const attributes: string[] = [];
  const add = (key: string, value: string | number | null | undefined, type = 's'): void => {
    if (value !== null && value !== undefined) attributes.push(`${key}=${value}:${type}`);
  };
  if (kind === 0) add('zipkin.kind', span.kind);
  if (span.debug) add('zipkin.debug', 'true', 'b');
  if (Number(span.timestamp ?? 0) === 0) add('zipkin.timestamp_absent', 'true', 'b');
  if (span.shared) add('zipkin.shared', 'true', 'b');
  const { localEndpoint: local, remoteEndpoint: remote, tags } = span;
  add('network.local.address', local?.ipv4 ?? local?.ipv6);
  if (local?.ipv4) add('zipkin.local_endpoint.ipv6', local.ipv6);
  add('network.local.port', local?.port, 'i');
  add('peer.service', remote?.serviceName);
  add('network.peer.address', remote?.ipv4 ?? remote?.ipv6);
  if (remote?.ipv4) add('zipkin.remote_endpoint.ipv6', remote.ipv6);
  add('network.peer.port', remote?.port, 'i');
  for (const [key, value] of Object.entries(tags ?? {})) add(key, value === null ? null : String(value));
  const error = tags?.['error'] ?? undefined;
  const isError = error !== undefined && String(error) !== 'false';
  const code = isError ? 2 : ({ ERROR: 2, OK: 1 }[String(tags?.['otel.status_code'])] ?? 0);
  return {
    traceId: span.traceId.toLowerCase().padStart(32, '0'),
    spanId: span.id.toLowerCase().padStart(16, '0'),
    parentSpanId: (span.parentId ?? '').toLowerCase().padStart(16, '0'),
    service: local?.serviceName || 'unknown_service',
    name: span.name ?? '',
    kind,
    startNs: nanos(Number(span.timestamp ?? 0) === 0 ? earliest : span.timestamp),
    durationNs: nanos(span.duration),
    statusCode: code,
    statusMessage: isError && String(error) !== 'true' ? String(error) : '',
    attributes: attributes.toSorted(),
    events: (span.annotations ?? []).map(({ timestamp, value }) => `${nanos(timestamp)} ${value ?? ''}`),
  };
}

function nanos(micros: number | string | null | undefined): string {
  return String(BigInt(micros ?? 0) * 1000n);
}
