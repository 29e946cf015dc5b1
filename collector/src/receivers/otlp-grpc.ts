/**
 * OTLP over gRPC: the Export method of the three collector services (OTLP 1.11, "OTLP/gRPC"). grpc-js brings HTTP/2, framing and status;
 * a message passes through as bytes, so the one decoder reads it, and no generated class or descriptor is needed (ADR 0008).
 */
import {
  type handleUnaryCall,
  logVerbosity,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  setLogVerbosity,
  type StatusObject,
} from '@grpc/grpc-js';
import type { Signal } from '@sonde/otlp';
import { urlOn } from '../listen.ts';
import { grpcAnswerTo, grpcRefusal } from './answer.ts';
import { boundMessages, type GrpcBody } from './grpc-body.ts';
import type { ReceiverOptions } from './options.ts';

const serviceNames: Readonly<Record<Signal, string>> = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
};

/** Calls under way on one connection; a sender with more waits. Exporters have a handful. */
const streamsPerConnectionMax = 128;

/** What HTTP/2 may hold for one connection besides messages: headers, frames that wait. Above it streams are refused. */
const sessionMemoryMaxMb = 16;

/** A connection on which nothing comes for this long is asked whether it lives, and closed when it does not answer in time. */
const keepAliveAfterMs = 60_000;
const keepAliveAnswerMs = 20_000;

export function createOtlpGrpcServer(options: ReceiverOptions): Server {
  // It would print, past our log, what it also throws.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    'grpc.max_receive_message_length': options.bodyBytesMax,
    'grpc.max_concurrent_streams': streamsPerConnectionMax,
    'grpc-node.max_session_memory': sessionMemoryMaxMb,
    'grpc.keepalive_time_ms': keepAliveAfterMs,
    'grpc.keepalive_timeout_ms': keepAliveAnswerMs,
    interceptors: [boundMessages(options)],
  });
  for (const signal of ['traces', 'metrics', 'logs'] as const) {
    server.addService(service(serviceNames[signal]), { export: handler(signal, options) });
  }
  return server;
}

function service(name: string): ServiceDefinition {
  const method: MethodDefinition<Uint8Array, Uint8Array> = {
    path: `/${name}/Export`,
    originalName: 'export',
    requestStream: false,
    responseStream: false,
    requestSerialize: asBuffer,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: asBuffer,
    responseDeserialize: (bytes) => bytes,
  };
  return { Export: method };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function handler(signal: Signal, options: ReceiverOptions): handleUnaryCall<GrpcBody, Uint8Array> {
  return ({ request: { bytes, lease } }, answer) => {
    commit(signal, bytes, lease, options).then(
      (reply) => (reply instanceof Uint8Array ? answer(null, reply) : answer(reply)),
      (error: unknown) => {
        options.onFault(error);
        options.onRefused('internal-fault');
        answer(grpcRefusal('internal-fault'));
      },
    );
  };
}

async function commit(
  signal: Signal,
  bytes: Uint8Array,
  lease: GrpcBody['lease'],
  options: ReceiverOptions,
): Promise<Uint8Array | StatusObject> {
  return grpcAnswerTo(await options.ingest.append(signal, 'protobuf', bytes, () => lease.release()), signal);
}

export interface ListeningGrpc {
  readonly url: string;
  /** Takes no new call, lets calls under way be answered, and after `graceMs` cuts what is left. */
  stop(graceMs: number): Promise<void>;
}

/** Listens; the URL has the port that was given where any free one was asked for. */
export async function listenGrpc(server: Server, host: string, port: number): Promise<ListeningGrpc> {
  const named = host.includes(':') ? `[${host}]` : host;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${named}:${port}`, ServerCredentials.createInsecure(), (error, found) =>
      error ? reject(error) : resolve(found),
    );
  });
  return {
    url: urlOn(host, bound),
    async stop(graceMs) {
      const closed = new Promise<void>((resolve) => {
        server.tryShutdown(() => resolve());
      });
      let timer: NodeJS.Timeout | undefined;
      const forced = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          server.forceShutdown();
          resolve();
        }, graceMs);
      });
      await Promise.race([closed, forced]);
      clearTimeout(timer);
    },
  };
}
