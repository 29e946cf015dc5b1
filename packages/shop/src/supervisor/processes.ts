/**
 * The processes of the shop and who needs whom:
 *
 *   host shop-a                        host shop-b                    neither (not instrumented)
 *   gateway --+--> orders-1 --+
 *             +---------------|------> orders-2 --+                   database, broker, redis
 *             +--> inventory <+-------------------+--> payment -----> psp
 *                                      fulfilment <-- (order.paid)
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { prepareDatabase } from '../database/schema.ts';
import { Child } from './child.ts';
import { findProgram } from './find-program.ts';

export interface ProcessesOptions {
  /** Where the agents send: the base URL of an OTLP/HTTP receiver. */
  readonly otlpEndpoint: string;
  /** File URL of the module that instruments a service; `null` runs the services bare. Default: `@sonde/agent/register`. */
  readonly agentRegister?: string | null | undefined;
  /** 0, the default: any free port. */
  readonly gatewayPort?: number | undefined;
  /** A PostgreSQL database of the shop's own; its tables are created there. Default: an embedded one. */
  readonly databaseUrl?: string | undefined;
  /** `null`: no cache. Default: a `redis-server` is started when one is installed, else no cache. */
  readonly redisUrl?: string | null | undefined;
  /** An AMQP 0-9-1 broker. Default: the shop's own. */
  readonly amqpUrl?: string | undefined;
}

export interface Processes {
  readonly all: readonly Child[];
  readonly gatewayUrl: string;
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  named(name: string): Child;
  stop(): Promise<void>;
}

const version = '1.0.0';

/** @param onNewDatabase runs when the embedded database had to be started again, and is as new */
export async function startProcesses(
  options: ProcessesOptions,
  logDir: string,
  onNewDatabase: (url: string) => Promise<void>,
): Promise<Processes> {
  const services: Child[] = [];
  const middleware: Child[] = [];
  const preload = options.agentRegister === undefined ? installedAgent() : (options.agentRegister ?? undefined);
  const stop = async (): Promise<void> => {
    await Promise.all(services.map((child) => child.stop()));
    await Promise.all(middleware.map((child) => child.stop()));
  };

  const startMiddleware = async (
    program: string,
    env: Record<string, string> = {},
    onRestart?: (child: Child) => Promise<void>,
  ) => {
    const child = new Child({ name: program, program, env, logDir, onRestart });
    middleware.push(child);
    await child.start();
    return child;
  };
  const startService = async (name: string, host: string, env: Record<string, string>, { program = name, port = 0 } = {}) => {
    const telemetry = {
      OTEL_SERVICE_NAME: program,
      OTEL_RESOURCE_ATTRIBUTES: `service.namespace=shop,service.version=${version},deployment.environment.name=demo,host.name=${host}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: options.otlpEndpoint,
    };
    const child = new Child({ name, program, port, env: { ...telemetry, ...env }, preload, logDir });
    services.push(child);
    await child.start();
    return urlOf(child);
  };

  const databaseAddress = async (): Promise<string> => {
    if (options.databaseUrl !== undefined) return options.databaseUrl;
    const child = await startMiddleware('database', {}, (restarted) => onNewDatabase(embeddedUrl(restarted)));
    return embeddedUrl(child);
  };
  const brokerAddress = async (): Promise<string> =>
    options.amqpUrl ?? `amqp://127.0.0.1:${(await startMiddleware('broker')).port}`;
  const cacheAddress = async (): Promise<string | undefined> => {
    if (options.redisUrl !== undefined) return options.redisUrl ?? undefined;
    const program = findProgram('redis-server');
    if (program === undefined) return undefined;
    return `redis://127.0.0.1:${(await startMiddleware('redis', { REDIS_PROGRAM: program })).port}`;
  };

  try {
    const [databaseUrl, amqpUrl, redisUrl, psp] = await Promise.all([
      databaseAddress(),
      brokerAddress(),
      cacheAddress(),
      startMiddleware('psp'),
    ]);
    const database = { DATABASE_URL: databaseUrl };
    const queue = { AMQP_URL: amqpUrl };
    const startServices = async (): Promise<string> => {
      const [inventoryUrl, paymentUrl] = await Promise.all([
        startService('inventory', 'shop-a', { ...database, ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) }),
        startService('payment', 'shop-b', { PSP_URL: urlOf(psp) }),
        startService('fulfilment', 'shop-b', { ...database, ...queue }),
      ]);
      const needs = { ...database, ...queue, INVENTORY_URL: inventoryUrl, PAYMENT_URL: paymentUrl };
      const ordersUrls = await Promise.all([
        startService('orders-1', 'shop-a', needs, { program: 'orders' }),
        startService('orders-2', 'shop-b', needs, { program: 'orders' }),
      ]);
      const routes = { INVENTORY_URL: inventoryUrl, ORDERS_URLS: ordersUrls.join(',') };
      return startService('gateway', 'shop-a', routes, { port: options.gatewayPort ?? 0 });
    };
    // The tables are filled while the services start: nobody asks for them before the gateway is up.
    const [gatewayUrl] = await Promise.all([startServices(), prepareDatabase(databaseUrl)]);
    const all = [...middleware, ...services];
    const named = (name: string): Child => {
      const child = all.find((candidate) => candidate.name === name);
      if (child === undefined) throw new Error(`no process '${name}'`);
      return child;
    };
    return { all, gatewayUrl, databaseUrl, amqpUrl, named, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const urlOf = (child: Child): string => `http://127.0.0.1:${child.port}`;
const embeddedUrl = (child: Child): string => `postgres://postgres:postgres@127.0.0.1:${child.port}/postgres`;

function installedAgent(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('@sonde/agent/register')).href;
}
