/**
 * Orders, on fastify. A new one is reserved in the inventory, paid, stored, and announced to fulfilment; what fails on the way is
 * undone. Runs as two instances on two hosts.
 */
import fastify, { LogController } from 'fastify';
import { call } from '../base/call.ts';
import { HttpError } from '../base/http-error.ts';
import { openJournal } from '../base/journal.ts';
import { log } from '../base/log.ts';
import { createPool } from '../base/pool.ts';
import { portOf } from '../base/port-of.ts';
import { createPublisher } from '../base/queue.ts';
import { runProcess } from '../base/run-process.ts';
import { optionalSetting, port, setting } from '../base/settings.ts';
import { startCpuHog } from '../troubles/cpu-hog.ts';

interface Item {
  readonly sku: string;
  readonly quantity: number;
}

interface NewOrder {
  readonly email: string;
  readonly card: string;
  readonly items: Item[];
}

interface Reservation {
  readonly items: (Item & { readonly priceCents: number })[];
}

interface PastOrder {
  readonly id: number;
  readonly status: string;
  readonly totalCents: number;
  readonly createdAt: string;
  readonly items?: readonly object[];
}

const loyaltyOrders = 10;
const loyaltyDiscount = 0.05;

const inventory = setting('INVENTORY_URL');
const payment = setting('PAYMENT_URL');
/** The switch `bad-release` replaces this service by it. */
const isBadRelease = optionalSetting('RELEASE') === '1.1.0';
const pool = createPool(setting('DATABASE_URL'), log);
const app = fastify({ loggerInstance: log, logController: new LogController({ disableRequestLogging: true }) });

/** The index `orders_by_email` makes this fast; the switch `slow-statement` drops it. */
async function ordersOf(email: string): Promise<PastOrder[]> {
  const { rows } = await pool.query<PastOrder>(
    `SELECT id::int AS id, status, total_cents AS "totalCents", created_at AS "createdAt"
       FROM orders WHERE lower(email) = lower($1) ORDER BY created_at DESC LIMIT 20`,
    [email],
  );
  return isBadRelease ? withTheirLines(rows) : rows;
}

/** A statement for each of them, where one for all would do. */
async function withTheirLines(orders: readonly PastOrder[]): Promise<PastOrder[]> {
  const found: PastOrder[] = [];
  for (const order of orders) {
    const { rows } = await pool.query(
      `SELECT sku, quantity, price_cents AS "priceCents" FROM order_items WHERE order_id = $1`,
      [order.id],
    );
    found.push({ ...order, items: rows });
  }
  return found;
}

/** One statement: an order without its lines is never seen. */
async function insertOrder(email: string, totalCents: number, { items }: Reservation): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `WITH placed AS (INSERT INTO orders (email, status, total_cents) VALUES ($1, 'reserved', $2) RETURNING id)
     INSERT INTO order_items (order_id, sku, quantity, price_cents)
     SELECT placed.id, line.* FROM placed, unnest($3::text[], $4::int[], $5::int[]) AS line
     RETURNING order_id::int AS id`,
    [
      email,
      totalCents,
      items.map((item) => item.sku),
      items.map((item) => item.quantity),
      items.map((item) => item.priceCents),
    ],
  );
  return rows[0]!.id;
}

async function cancel(orderId: number, items: Item[]): Promise<void> {
  await pool.query(`UPDATE orders SET status = 'cancelled' WHERE id = $1`, [orderId]);
  await call('POST', `${inventory}/release`, { items });
}

const newOrderSchema = {
  body: {
    type: 'object',
    required: ['email', 'card', 'items'],
    properties: {
      email: { type: 'string', maxLength: 200 },
      card: { type: 'string', maxLength: 40 },
      items: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: {
          type: 'object',
          required: ['sku', 'quantity'],
          properties: { sku: { type: 'string', maxLength: 40 }, quantity: { type: 'integer', minimum: 1, maximum: 100 } },
        },
      },
    },
  },
};
const idSchema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } } } };
const emailSchema = { querystring: { type: 'object', required: ['email'], properties: { email: { type: 'string' } } } };

await runProcess(async () => {
  // Both instances may write to one folder.
  const journal = await openJournal(`${setting('JOURNAL_DIR')}/orders-${process.pid}.journal`);
  const queue = await createPublisher(setting('AMQP_URL'), log);

  app.post<{ Body: NewOrder }>('/orders', { schema: newOrderSchema }, async (request, reply) => {
    const { email, card, items } = request.body;
    const past = await ordersOf(email);
    const reservation = await call<Reservation>('POST', `${inventory}/reserve`, { items });
    const fullCents = reservation.items.reduce((sum, item) => sum + item.priceCents * item.quantity, 0);
    const totalCents = past.length >= loyaltyOrders ? Math.round(fullCents * (1 - loyaltyDiscount)) : fullCents;
    const orderId = await insertOrder(email, totalCents, reservation);
    try {
      const { paymentId } = await call<{ paymentId: string }>('POST', `${payment}/charge`, { orderId, totalCents, card });
      await pool.query(`UPDATE orders SET status = 'paid', payment_id = $2 WHERE id = $1`, [orderId, paymentId]);
    } catch (error) {
      log.warn({ err: error, orderId }, 'order cancelled: it could not be paid');
      await cancel(orderId, items);
      throw error;
    }
    await journal.write({ orderId, totalCents });
    await queue.publish({ orderId });
    log.info({ orderId, totalCents, lines: items.length }, 'order paid');
    return reply.code(201).send({ id: orderId, status: 'paid', totalCents });
  });

  app.get<{ Querystring: { email: string } }>('/orders', { schema: emailSchema }, async (request) => ({
    items: await ordersOf(request.query.email),
  }));

  app.get<{ Params: { id: number } }>('/orders/:id', { schema: idSchema }, async (request) => {
    const { id } = request.params;
    const found = await pool.query<PastOrder>(
      `SELECT id::int AS id, status, total_cents AS "totalCents", created_at AS "createdAt" FROM orders WHERE id = $1`,
      [id],
    );
    const order = found.rows[0];
    if (order === undefined) throw new HttpError(404, `no order ${id}`);
    const lines = await pool.query(
      `SELECT i.sku, p.name, i.quantity, i.price_cents AS "priceCents"
         FROM order_items i JOIN products p ON p.sku = i.sku WHERE i.order_id = $1 ORDER BY i.sku`,
      [id],
    );
    return { ...order, items: lines.rows };
  });

  const cpuHog = startCpuHog();
  await app.listen({ port: port(), host: '127.0.0.1' });
  return {
    port: portOf(app.server),
    switches: { 'cpu-hog': cpuHog },
    close: async () => {
      cpuHog(false);
      await app.close();
      await queue.close();
      await journal.close();
      await pool.end();
    },
  };
});
