/**
 * Tables and data of the shop. The seed is made in the database, from row numbers, so that every start has the same rows: enough of
 * them that a statement without its index is slow for the true reason.
 */
import pg from 'pg';

export const products = 2_000;
export const categories = ['books', 'games', 'garden', 'kitchen', 'music', 'office', 'sports', 'tools'] as const;
export const customers = 20_000;
export const seededOrders = 200_000;
/** The lines of older orders are archived elsewhere: only the latest have theirs here. */
export const seededOrdersWithLines = 10_000;

const ordersByEmail = 'CREATE INDEX IF NOT EXISTS orders_by_email ON orders (lower(email))';

const schema = `
  CREATE TABLE products (
    sku text PRIMARY KEY,
    name text NOT NULL,
    category text NOT NULL,
    price_cents int NOT NULL
  );
  CREATE TABLE stock (
    sku text PRIMARY KEY REFERENCES products,
    available int NOT NULL CHECK (available >= 0)
  );
  CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    status text NOT NULL,
    total_cents int NOT NULL,
    payment_id text,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE order_items (
    order_id bigint NOT NULL REFERENCES orders,
    sku text NOT NULL REFERENCES products,
    quantity int NOT NULL,
    price_cents int NOT NULL,
    PRIMARY KEY (order_id, sku)
  );
  CREATE TABLE shipments (
    order_id bigint PRIMARY KEY REFERENCES orders,
    carrier text NOT NULL,
    tracking text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  );`;

/** Every hundredth product is sold out. */
const seed = `
  INSERT INTO products (sku, name, category, price_cents)
    SELECT 'SKU-' || lpad(i::text, 4, '0'), 'Article ' || lpad((i * 7 % ${products})::text, 4, '0'),
           ('{${categories.join(',')}}'::text[])[1 + i % ${categories.length}], 199 + i * 37 % 9800
      FROM generate_series(0, ${products - 1}) AS i;
  INSERT INTO stock (sku, available) SELECT sku, CASE WHEN sku LIKE '%99' THEN 0 ELSE 1000000 END FROM products;
  INSERT INTO orders (email, status, total_cents, created_at)
    SELECT 'customer-' || (i * 7919 % ${customers}) || '@example.org', 'shipped', 500 + i * 31 % 20000,
           now() - (${seededOrders} - i) * interval '3 minutes'
      FROM generate_series(1, ${seededOrders}) AS i;
  INSERT INTO order_items (order_id, sku, quantity, price_cents)
    SELECT o.id, p.sku, 1 + o.id % 3, p.price_cents
      FROM orders o JOIN products p ON p.sku = 'SKU-' || lpad((o.id % ${products})::text, 4, '0')
     WHERE o.id > ${seededOrders - seededOrdersWithLines};
  CREATE INDEX products_by_category ON products (category, name);
  ${ordersByEmail};
  ANALYZE;`;

/** Creates and fills the tables, unless they are there already. */
export async function prepareDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ present: boolean }>(`SELECT to_regclass('shipments') IS NOT NULL AS present`);
    // One string is one transaction: half a schema is never left behind.
    if (rows[0]?.present !== true) await client.query(`${schema}${seed}`);
  });
}

/** Without its index the search for a customer's orders reads the whole table. */
export async function setSlowStatement(url: string, on: boolean): Promise<void> {
  await withClient(url, (client) => client.query(on ? 'DROP INDEX IF EXISTS orders_by_email' : ordersByEmail));
}

async function withClient<Result>(url: string, act: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}
