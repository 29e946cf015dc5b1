import { metrics } from '@opentelemetry/api';
import { type Instrumentation } from '@opentelemetry/instrumentation';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { BunyanInstrumentation } from '@opentelemetry/instrumentation-bunyan';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { MongoDBInstrumentation } from '@opentelemetry/instrumentation-mongodb';
import { MySQL2Instrumentation } from '@opentelemetry/instrumentation-mysql2';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { WinstonInstrumentation } from '@opentelemetry/instrumentation-winston';
import { undiciAttributes } from './undici-attributes.ts';

/**
 * OpenTelemetry's instrumentations, by the short names of OTEL_NODE_DISABLED_INSTRUMENTATIONS, set so that a waterfall shows what an
 * application waits for: calls between services, statements, messages, a free connection of a pool. Opening a connection, a middleware or a lookup of a name is not
 * a span of its own; its time shows as the gap before the call that needed it. Fastify's routes: fastify-route.ts.
 */
export const instrumentations: Readonly<Record<string, () => Instrumentation>> = {
  http: () => new HttpInstrumentation(),
  undici: () => new UndiciInstrumentation({ startSpanHook: undiciAttributes }),
  // The layers still tell the route to the server span.
  express: () =>
    new ExpressInstrumentation({
      ignoreLayersType: [ExpressLayerType.MIDDLEWARE, ExpressLayerType.ROUTER, ExpressLayerType.REQUEST_HANDLER],
    }),
  // Spans of connections are thinned out: pool-waits.ts.
  pg: () => new PgInstrumentation(),
  // Its default writes the values into the text: secrets, and a new statement with each value. The masking hook sees the text before that.
  mysql2: () => new MySQL2Instrumentation({ maskStatement: true, maskStatementHook: (text) => text }),
  // Commands outside any trace are a client's housekeeping and a worker's blocking reads.
  ioredis: () => new IORedisInstrumentation({ requireParentSpan: true }),
  redis: () => new RedisInstrumentation({ requireParentSpan: true }),
  mongodb: () => new MongoDBInstrumentation({ requireParentSpan: true }),
  amqplib: () => new AmqplibInstrumentation(),
  kafkajs: () => new KafkaJsInstrumentation(),
  pino: () => new PinoInstrumentation(),
  winston: () => new WinstonInstrumentation(),
  bunyan: () => new BunyanInstrumentation(),
};

/** Event loop, garbage collection, heap. Not in worker threads: these are figures of a service's instance. */
export function runtimeInstrumentation(): Instrumentation {
  const runtime = new RuntimeNodeInstrumentation();
  // It makes its instruments only when it is told so after it was made.
  runtime.setMeterProvider(metrics.getMeterProvider());
  return runtime;
}
