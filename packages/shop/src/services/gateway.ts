/** The public APIs of the shop, on express. Everything behind it is reached over HTTP; `orders` runs twice and gets calls in turn. */
import { once } from 'node:events';
import express, { type NextFunction, type Request, type Response } from 'express';
import { call } from '../base/call.ts';
import { HttpError } from '../base/http-error.ts';
import { log } from '../base/log.ts';
import { portOf } from '../base/port-of.ts';
import { runProcess } from '../base/run-process.ts';
import { port, setting } from '../base/settings.ts';

const inventory = setting('INVENTORY_URL');
const ordersInstances = setting('ORDERS_URLS').split(',');
let turn = 0;
const orders = (): string => ordersInstances[turn++ % ordersInstances.length]!;

const app = express();
app.disable('x-powered-by');
app.use(express.json({ limit: '64kb' }));
app.use((request, response, next) => {
  const startedAt = performance.now();
  response.once('finish', () => {
    const durationMs = Math.round(performance.now() - startedAt);
    log.info({ method: request.method, path: request.path, status: response.statusCode, durationMs }, 'served');
  });
  next();
});

app.get('/products', async (request, response) => {
  response.json(await call('GET', `${inventory}/products${queryOf(request)}`));
});
app.get('/products/:sku', async (request, response) => {
  response.json(await call('GET', `${inventory}/stock/${encodeURIComponent(request.params.sku)}`));
});
app.post('/checkout', async (request, response) => {
  response.status(201).json(await call('POST', `${orders()}/orders`, request.body));
});
app.get('/orders', async (request, response) => {
  response.json(await call('GET', `${orders()}/orders${queryOf(request)}`));
});
app.get('/orders/:id', async (request, response) => {
  response.json(await call('GET', `${orders()}/orders/${encodeURIComponent(request.params.id)}`));
});
app.use((request: Request) => {
  throw new HttpError(404, `no ${request.method} ${request.path}`);
});
// Express knows an error handler by its four parameters.
app.use((error: Error, request: Request, response: Response, _next: NextFunction) => {
  const statusCode = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (statusCode >= 500) log.error({ err: error }, `${request.method} ${request.path} failed`);
  response.status(statusCode).json({ message: statusCode === 500 ? 'internal error' : error.message });
});

function queryOf(request: Request): string {
  return new URL(request.originalUrl, 'http://localhost').search;
}

await runProcess(async () => {
  const server = app.listen(port(), '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
});
