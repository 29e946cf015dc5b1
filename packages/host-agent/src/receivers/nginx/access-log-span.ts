import { type Attributes } from '../../attributes.ts';
import { type SpanRecord } from '../../record.ts';

/** What a line of the documented log_format holds; each may be missing, and all are text. */
const fields = [
  'time',
  'duration',
  'method',
  'uri',
  'route',
  'status',
  'scheme',
  'protocol',
  'host',
  'port',
  'client',
  'user_agent',
  'request_bytes',
  'response_bytes',
  'upstream',
  'upstream_connect_time',
  'upstream_time',
  'upstream_status',
  'request_id',
  'span_id',
  'traceparent',
  'tracestate',
] as const;

type Line = Partial<Record<(typeof fields)[number], string>>;

/** Semantic conventions "HTTP": any other method is `_OTHER`. */
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'CONNECT', 'TRACE', 'QUERY'];

/** W3C Trace Context, version 00 and those to come. */
const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;
const sampledFlag = 1;

/**
 * The SERVER span of one request, from one line of the access log. `unsampled`: its trace is not recorded, says its traceparent.
 * `malformed`: not a line of the documented format.
 */
export function spanOfLine(text: string, randomHex: (bytes: number) => string): SpanRecord | 'unsampled' | 'malformed' {
  const line = parseLine(text);
  const endSeconds = /^(\d{1,12})\.(\d{3})$/.exec(line?.time ?? '');
  const durationSeconds = Number(line?.duration);
  if (line === undefined || endSeconds === null || line.duration === undefined || !(durationSeconds >= 0)) return 'malformed';
  const [, traceId, parentSpanId, flags] = traceparent.exec(line.traceparent ?? '') ?? [];
  if (flags !== undefined && (parseInt(flags, 16) & sampledFlag) === 0) return 'unsampled';
  // nginx's own request id has the form of a trace id; where nginx passes it on, the upstream is in the same trace.
  const rootTraceId = isId(line.request_id, 32) ? line.request_id : randomHex(16);
  const endTimeNs = BigInt(`${endSeconds[1]}${endSeconds[2]}`) * 1_000_000n;
  const method = line.method ?? '';
  const knownMethod = methods.includes(method) ? method : '_OTHER';
  const spanName = [knownMethod === '_OTHER' ? 'HTTP' : knownMethod, line.route].filter(Boolean).join(' ');
  return {
    traceId: traceId ?? rootTraceId,
    spanId: isId(line.span_id, 16) ? line.span_id : randomHex(8),
    parentSpanId,
    traceState: traceId === undefined ? '' : (line.tracestate ?? '').slice(0, 512),
    name: spanName,
    kind: 'server',
    startTimeNs: endTimeNs - BigInt(Math.round(durationSeconds * 1000)) * 1_000_000n,
    endTimeNs,
    isError: Number(line.status) >= 500,
    attributes: attributesOf(line, knownMethod),
  };
}

function attributesOf(line: Line, method: string): Attributes {
  const status = numberOf(line.status);
  // Only where it led to: what a query holds is not the host agent's to send.
  const [path] = (line.uri ?? '').split('?', 1);
  const attributes: Record<string, Attributes[string] | undefined> = {
    'http.request.method': method,
    'http.request.method_original': method === '_OTHER' ? line.method : undefined,
    'http.route': line.route,
    'http.response.status_code': status,
    'error.type': status !== undefined && status >= 500 ? String(status) : undefined,
    'url.path': path,
    'url.scheme': line.scheme,
    'network.protocol.version': /^HTTP\/([\d.]+)$/.exec(line.protocol ?? '')?.[1],
    'server.address': line.host,
    'server.port': numberOf(line.port),
    'client.address': line.client,
    'user_agent.original': line.user_agent,
    'http.request.size': numberOf(line.request_bytes),
    'http.response.body.size': numberOf(line.response_bytes),
    'nginx.upstream.address': lastOf(line.upstream),
    'nginx.upstream.connect_time': numberOf(lastOf(line.upstream_connect_time)),
    'nginx.upstream.response_time': sumOf(line.upstream_time),
    'nginx.upstream.status_code': numberOf(lastOf(line.upstream_status)),
  };
  const present = Object.entries(attributes).filter((entry): entry is [string, Attributes[string]] => {
    return entry[1] !== undefined && entry[1] !== '';
  });
  return Object.fromEntries(present);
}

function parseLine(text: string): Line | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined; // `malformed`, and counted.
  }
  if (typeof given !== 'object' || given === null) return undefined;
  const known = Object.entries(given).filter(([key, value]) => (fields as readonly string[]).includes(key) && isGiven(value));
  return Object.fromEntries(known.map(([key, value]) => [key, String(value)]));
}

/** nginx writes nothing or `-` for what it does not have. */
function isGiven(value: unknown): boolean {
  return (typeof value === 'string' && value !== '' && value !== '-') || typeof value === 'number';
}

function isId(text: string | undefined, digits: number): text is string {
  return text !== undefined && text.length === digits && /^[0-9a-f]+$/.test(text) && !/^0+$/.test(text);
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d+(?:\.\d+)?$/.test(text) ? undefined : Number(text);
}

/** Of several upstreams that were tried in turn (`a, b : c`), the last one answered. */
function lastOf(text: string | undefined): string | undefined {
  const tried = text?.split(/, | : /).filter((one) => one !== '-');
  return tried?.at(-1);
}

function sumOf(text: string | undefined): number | undefined {
  const times = (text?.split(/, | : /) ?? []).map((one) => numberOf(one)).filter((one) => one !== undefined);
  return times.length === 0 ? undefined : times.reduce((sum, time) => sum + time, 0);
}
