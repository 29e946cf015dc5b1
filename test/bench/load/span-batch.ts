import { randomBytes } from 'node:crypto';
import protobuf from 'protobufjs';

/** The part of opentelemetry/proto/trace/v1 that the benchmark sends. */
const proto = `syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; int64 int_value = 3; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
}
message Scope { string name = 1; string version = 2; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Request { repeated ResourceSpans resource_spans = 1; }`;

const Request = protobuf.parse(proto).root.lookupType('Request');
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const whole = (key: string, value: number) => ({ key, value: { intValue: value } });

const spansEach = 10;

/** Requests that look like a service under load: traces of ten spans, ten attributes each, about 460 bytes a span. */
export class SpanBatch {
  readonly bytes: Buffer;
  readonly #idOffsets: number[] = [];

  constructor(spans: number, service: number) {
    const ids: Buffer[] = [];
    const id = (bytes: number): Buffer => {
      const fresh = randomBytes(bytes);
      ids.push(fresh);
      return fresh;
    };
    let traceId: Buffer = randomBytes(16);
    const made = Array.from({ length: spans }, (_, index) => {
      if (index % spansEach === 0) traceId = id(16);
      const startNs = BigInt(Date.now()) * 1_000_000n;
      const route = `/api/v1/orders/${(index * 7) % 40}/items`;
      return {
        traceId,
        spanId: id(8),
        parentSpanId: randomBytes(8),
        name: `GET ${route}`,
        kind: (index % 3) + 1,
        startTimeUnixNano: String(startNs),
        endTimeUnixNano: String(startNs + BigInt(index) * 137_000n),
        attributes: [
          text('http.request.method', 'GET'),
          text('http.route', route),
          text('url.path', `/api/v1/orders/${index * 31}/items`),
          whole('http.response.status_code', index % 50 === 0 ? 500 : 200),
          text('server.address', `orders-${index % 5}.internal`),
          whole('server.port', 8080),
          text('user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'),
          text('network.protocol.version', '1.1'),
          text('enduser.id', `user-${(index * 2_654_435_761) % 100_000}`),
          text('thread.name', `worker-${index % 16}`),
        ],
      };
    });
    const resource = {
      attributes: [
        text('service.name', `service-${service}`),
        text('service.version', '1.4.2'),
        text('service.instance.id', `instance-${service}`),
        text('host.name', `host-${service % 4}`),
        text('deployment.environment.name', 'bench'),
      ],
    };
    const scopeSpans = [{ scope: { name: '@opentelemetry/instrumentation-http', version: '0.223.0' }, spans: made }];
    this.bytes = Buffer.from(Request.encode(Request.fromObject({ resourceSpans: [{ resource, scopeSpans }] })).finish());
    for (const placed of ids)
      for (let at = this.bytes.indexOf(placed); at >= 0; at = this.bytes.indexOf(placed, at + 1)) this.#idOffsets.push(at);
  }

  /** Other traces with the same content: fresh bytes in a part of every id. */
  renew(): void {
    const stamp = randomBytes(4).readUInt32LE();
    for (const offset of this.#idOffsets) this.bytes.writeUInt32LE(stamp, offset);
  }
}
