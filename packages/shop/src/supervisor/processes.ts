/**
 * The processes of the shop and who needs whom:
 *
 *   host shop-a                        host shop-b                    neither (not instrumented)
 *   gateway --+--> orders-1 --+
 *             +---------------|------> orders-2 --+                   database, broker, redis
 *             +--> inventory <+-------------------+--> payment -----> psp
 *                                      fulfilment <-- (order.paid)
 */
import { prepareDatabase } from '../database/schema.ts';
import { Children } from './children.ts';
import type { Child, ChildSpec } from './child.ts';
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
  readonly children: Children;
  readonly gatewayUrl: string;
  readonly databaseUrl: string;
  readonly amqpUrl: string;
}

const version = '1.0.0';
const badVersion = '1.1.0';

/** @param onNewDatabase runs when the embedded database had to be started again, and is as new */
export async function startProcesses(
  options: ProcessesOptions,
  logDir: string,
  onNewDatabase: (url: string) => Promise<void>,
): Promise<Processes> {
  const children = new Children();
  try {
    const middleware = await startMiddleware(children, options, logDir, onNewDatabase);
    // The tables are filled while the services start: nobody asks for them before the gateway is up.
    const [gatewayUrl] = await Promise.all([
      startServices(children, options, logDir, middleware),
      prepareDatabase(middleware.databaseUrl),
    ]);
    return { children, gatewayUrl, ...middleware };
  } catch (error) {
    await children.stop();
    throw error;
  }
}

interface Middleware {
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  readonly redisUrl: string | undefined;
  readonly pspUrl: string;
}

async function startMiddleware(
  children: Children,
  { databaseUrl, amqpUrl, redisUrl }: ProcessesOptions,
  logDir: string,
  onNewDatabase: (url: string) => Promise<void>,
): Promise<Middleware> {
  const start = (program: string, more: Partial<ChildSpec> = {}): Promise<Child> =>
    children.start('middleware', { name: program, program, env: {}, logDir, ...more });
  const startRedis = async (): Promise<string | undefined> => {
    const program = findProgram('redis-server');
    if (program === undefined) return undefined;
    return `redis://127.0.0.1:${(await start('redis', { env: { REDIS_PROGRAM: program } })).port}`;
  };
  const startDatabase = async (): Promise<string> =>
    embeddedUrl(await start('database', { onRestart: (child) => onNewDatabase(embeddedUrl(child)) }));
  const startBroker = async (): Promise<string> => `amqp://127.0.0.1:${(await start('broker')).port}`;

  const [database, amqp, redis, psp] = await Promise.all([
    databaseUrl ?? startDatabase(),
    amqpUrl ?? startBroker(),
    redisUrl === undefined ? startRedis() : (redisUrl ?? undefined),
    start('psp'),
  ]);
  return { databaseUrl: database, amqpUrl: amqp, redisUrl: redis, pspUrl: urlOf(psp) };
}

/** @returns the URL of the gateway */
async function startServices(
  children: Children,
  { otlpEndpoint, agentRegister, gatewayPort = 0 }: ProcessesOptions,
  logDir: string,
  { databaseUrl, amqpUrl, redisUrl, pspUrl }: Middleware,
): Promise<string> {
  const preload = agentRegister === undefined ? import.meta.resolve('@sonde/agent/register') : (agentRegister ?? undefined);
  const start = async (name: string, host: string, env: Record<string, string>, { program = name, port = 0 } = {}) => {
    const telemetry = {
      OTEL_SERVICE_NAME: program,
      OTEL_RESOURCE_ATTRIBUTES: `service.namespace=shop,service.version=${version},deployment.environment.name=demo,host.name=${host}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
    };
    return urlOf(await children.start('service', { name, program, port, preload, logDir, env: { ...telemetry, ...env } }));
  };

  const [inventory, payment] = await Promise.all([
    start('inventory', 'shop-a', { DATABASE_URL: databaseUrl, ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) }),
    start('payment', 'shop-b', { PSP_URL: pspUrl }),
    start('fulfilment', 'shop-b', { DATABASE_URL: databaseUrl, AMQP_URL: amqpUrl }),
  ]);
  const needs = {
    DATABASE_URL: databaseUrl,
    JOURNAL_DIR: logDir,
    AMQP_URL: amqpUrl,
    INVENTORY_URL: inventory,
    PAYMENT_URL: payment,
  };
  const orders = await Promise.all([
    start('orders-1', 'shop-a', needs, { program: 'orders' }),
    start('orders-2', 'shop-b', needs, { program: 'orders' }),
  ]);
  return start('gateway', 'shop-a', { INVENTORY_URL: inventory, ORDERS_URLS: orders.join(',') }, { port: gatewayPort });
}

/** Replaces both instances of orders by the release that asks for too much, or by the one before. */
export async function setBadRelease(children: Children, on: boolean): Promise<void> {
  const named = on ? badVersion : version;
  await Promise.all(
    ['orders-1', 'orders-2'].map((name) =>
      children.named(name).replace((env) => ({
        ...env,
        RELEASE: named,
        OTEL_RESOURCE_ATTRIBUTES: (env['OTEL_RESOURCE_ATTRIBUTES'] ?? '').replace(
          /service\.version=[^,]*/,
          `service.version=${named}`,
        ),
      })),
    ),
  );
}

const urlOf = (child: Child): string => `http://127.0.0.1:${child.port}`;
const embeddedUrl = (child: Child): string => `postgres://postgres:postgres@127.0.0.1:${child.port}/postgres`;
