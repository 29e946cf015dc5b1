/** Products and stock, on plain node:http. What is read often is cached in Redis, when there is one. */
import { createCache } from '../base/cache.ts';
import { HttpError } from '../base/http-error.ts';
import { serveJson, type Route } from '../base/json-server.ts';
import { log } from '../base/log.ts';
import { createPool } from '../base/pool.ts';
import { runProcess } from '../base/run-process.ts';
import { optionalSetting, port, setting } from '../base/settings.ts';
import { startCpuHog } from '../troubles/cpu-hog.ts';
import { startGarbage } from '../troubles/garbage.ts';

interface Item {
  readonly sku: string;
  readonly quantity: number;
}

interface Product {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly priceCents: number;
  readonly available: number;
}

const pageSize = 20;
const cacheSeconds = 10;

const pool = createPool(setting('DATABASE_URL'), log);
const cache = createCache(optionalSetting('REDIS_URL'), log);
const cacheKey = (sku: string): string => `product:${sku}`;

async function findProduct(sku: string): Promise<Product> {
  const cached = await cache.get(cacheKey(sku));
  if (cached !== undefined) return JSON.parse(cached) as Product;
  const { rows } = await pool.query<Product>(
    `SELECT p.sku, p.name, p.category, p.price_cents AS "priceCents", s.available
       FROM products p JOIN stock s ON s.sku = p.sku WHERE p.sku = $1`,
    [sku],
  );
  const product = rows[0];
  if (product === undefined) throw new HttpError(404, `no product '${sku}'`);
  await cache.set(cacheKey(sku), JSON.stringify(product), cacheSeconds);
  return product;
}

async function listProducts(category: string, page: number): Promise<Product[]> {
  const { rows } = await pool.query<Product>(
    `SELECT p.sku, p.name, p.category, p.price_cents AS "priceCents", s.available
       FROM products p JOIN stock s ON s.sku = p.sku WHERE p.category = $1 ORDER BY p.name LIMIT $2 OFFSET $3`,
    [category, pageSize, page * pageSize],
  );
  return rows;
}

async function take({ sku, quantity }: Item): Promise<Item & { priceCents: number }> {
  const { priceCents } = await findProduct(sku);
  const { rowCount } = await pool.query(`UPDATE stock SET available = available - $2 WHERE sku = $1 AND available >= $2`, [
    sku,
    quantity,
  ]);
  if (rowCount === 0) throw new HttpError(409, `'${sku}' is sold out`);
  await cache.drop(cacheKey(sku));
  return { sku, quantity, priceCents };
}

async function giveBack({ sku, quantity }: Item): Promise<void> {
  await pool.query(`UPDATE stock SET available = available + $2 WHERE sku = $1`, [sku, quantity]);
  await cache.drop(cacheKey(sku));
}

async function reserve(items: Item[]): Promise<{ items: (Item & { priceCents: number })[] }> {
  const taken: (Item & { priceCents: number })[] = [];
  try {
    for (const item of items) taken.push(await take(item));
  } catch (error) {
    for (const item of taken) await giveBack(item);
    throw error;
  }
  return { items: taken };
}

function itemsOf(body: unknown): Item[] {
  const items = typeof body === 'object' && body !== null && 'items' in body ? body.items : undefined;
  if (!Array.isArray(items)) throw new HttpError(400, 'no items');
  return items as Item[];
}

const routes: Route[] = [
  {
    method: 'GET',
    path: /^\/products$/,
    handle: async ({ query }) => ({
      items: await listProducts(query.get('category') ?? 'books', Math.max(0, Number(query.get('page') ?? 0) || 0)),
    }),
  },
  {
    method: 'GET',
    path: /^\/stock\/(?<sku>[^/]+)$/,
    handle: ({ parameters }) => findProduct(decodeURIComponent(parameters['sku']!)),
  },
  { method: 'POST', path: /^\/reserve$/, handle: ({ body }) => reserve(itemsOf(body)) },
  {
    method: 'POST',
    path: /^\/release$/,
    handle: async ({ body }) => {
      for (const item of itemsOf(body)) await giveBack(item);
      return {};
    },
  },
];

await runProcess(async () => {
  const server = await serveJson(routes, port(), (error) => log.error({ err: error }, 'request failed'));
  const [garbage, hog] = [startGarbage(), startCpuHog()];
  return {
    port: server.port,
    switches: { 'gc-pressure': garbage, 'blocked-loop': hog },
    close: async () => {
      garbage(false);
      hog(false);
      await server.close();
      await cache.close();
      await pool.end();
    },
  };
});
