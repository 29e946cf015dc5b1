/** The control port of the shop: its switches and its state, for a page in the browser, the command line and tests. */
import { readFile } from 'node:fs/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { portOf } from '../base/port-of.ts';
import type { SwitchName } from '../base/messages.ts';
import { switches } from './switches.ts';

export interface Controlled {
  isOn(name: SwitchName): boolean;
  set(name: SwitchName, on: boolean): Promise<void>;
  setRate(rate: number): void;
  status(): Promise<object>;
}

const setSchema = {
  body: { type: 'object', required: ['on'], additionalProperties: false, properties: { on: { type: 'boolean' } } },
};
const rateMax = 1000;
const loadSchema = {
  body: {
    type: 'object',
    required: ['rate'],
    additionalProperties: false,
    properties: { rate: { type: 'number', exclusiveMinimum: 0, maximum: rateMax } },
  },
};
const pageFile = new URL('../../control.html', import.meta.url);

export async function serveControl(shop: Controlled, port: number): Promise<{ url: string; close(): Promise<void> }> {
  const app = fastify({ forceCloseConnections: true });
  refuseForeignHosts(app);
  const page = await readFile(pageFile, 'utf8');
  app.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  app.get('/switches', async () => ({ items: switches.map((info) => ({ ...info, on: shop.isOn(info.name) })) }));
  app.get('/status', () => shop.status());
  app.post<{ Params: { name: string }; Body: { on: boolean } }>(
    '/switches/:name',
    { schema: setSchema },
    async (request, reply) => {
      const info = switches.find(({ name }) => name === request.params.name);
      if (info === undefined) return reply.code(404).send({ message: `no switch '${request.params.name}'` });
      await shop.set(info.name, request.body.on);
      return { ...info, on: shop.isOn(info.name) };
    },
  );
  app.post<{ Body: { rate: number } }>('/load', { schema: loadSchema }, async (request) => {
    shop.setRate(request.body.rate);
    return request.body;
  });
  await app.listen({ host: '127.0.0.1', port });
  return { url: `http://127.0.0.1:${portOf(app.server)}`, close: () => app.close() };
}

/** A page from elsewhere must not reach the switches through a name that it points at this address. */
function refuseForeignHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!/^(localhost|127\.0\.0\.1|\[::1\])$/.test(request.hostname)) await reply.code(403).send({ message: 'not this host' });
  });
}
