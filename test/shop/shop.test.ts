import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startBroker } from '../../packages/shop/src/broker/broker.ts';
import { startShop, type Shop, type ShopStatus, type SwitchName } from '../../packages/shop/src/index.ts';

// The services run bare here: what the agent makes of them is tested in trace.test.ts.
const bare = { otlpEndpoint: 'http://127.0.0.1:9', agentRegister: null, rate: 0 };

let shop: Shop;
const logDir = mkdtempSync(join(tmpdir(), 'sonde-shop-test-'));

beforeAll(async () => {
  shop = await startShop({ ...bare, logDir });
});
afterAll(async () => {
  expect(processesLoggingTo(logDir).length).toBeGreaterThan(8);
  await shop.stop();
  expect(processesLoggingTo(logDir)).toEqual([]);
  rmSync(logDir, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly body: {
    id: number;
    status: string;
    message: string;
    available: number;
    priceCents: number;
    totalCents: number;
    items: { sku: string }[];
  };
  readonly durationMs: number;
}

async function ask(url: string, body?: unknown): Promise<Answer> {
  const startedAt = performance.now();
  const response = await fetch(
    url,
    body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  const content = (await response.json()) as Answer['body'];
  return { status: response.status, body: content, durationMs: performance.now() - startedAt };
}

const get = (path: string): Promise<Answer> => ask(`${shop.gatewayUrl}${path}`);

function checkout(
  items: [sku: string, quantity: number][] = [['SKU-0001', 1]],
  card = '4242424242424242',
  gatewayUrl = shop.gatewayUrl,
): Promise<Answer> {
  return ask(`${gatewayUrl}/checkout`, {
    email: 'customer-1@example.org',
    card,
    items: items.map(([sku, quantity]) => ({ sku, quantity })),
  });
}

const searchOrders = (): Promise<Answer> => get('/orders?email=customer-1@example.org');

/** Nothing when the gateway is away. */
async function checkoutStatus(): Promise<number | undefined> {
  try {
    return (await checkout()).status;
  } catch {
    return undefined;
  }
}

const statusOf = async (orderId: number): Promise<string> => (await get(`/orders/${orderId}`)).body.status;
const available = async (sku: string): Promise<number> => (await get(`/products/${sku}`)).body.available;

async function pidOf(name: string): Promise<number> {
  const { processes } = await shop.status();
  return processes.find((child) => child.name === name)!.pid!;
}

/** Every process of a shop writes its output into a file of the folder. */
function processesLoggingTo(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/1`).startsWith(folder);
    } catch {
      // Not a process, or not ours.
      return false;
    }
  });
}

const lives = (pid: number): boolean => existsSync(`/proc/${pid}`);

/** The slowest of a few calls: enough of them that both instances of orders are asked. */
async function slowestMs(call: () => Promise<Answer>): Promise<number> {
  let slowest = 0;
  for (let index = 0; index < 6; index++) slowest = Math.max(slowest, (await call()).durationMs);
  return slowest;
}

test('a checkout passes through every service, the queue and the database', async () => {
  const before = await available('SKU-0007');
  const price = (await get('/products/SKU-0007')).body.priceCents;
  const placed = await checkout([
    ['SKU-0007', 2],
    ['SKU-0008', 1],
  ]);
  expect(placed).toMatchObject({ status: 201, body: { status: 'paid' } });
  expect(await available('SKU-0007')).toBe(before - 2);
  await expect.poll(() => statusOf(placed.body.id)).toBe('shipped');
  const order = await get(`/orders/${placed.body.id}`);
  expect(order.body.items).toEqual([
    { sku: 'SKU-0007', name: expect.any(String), quantity: 2, priceCents: price },
    { sku: 'SKU-0008', name: expect.any(String), quantity: 1, priceCents: expect.any(Number) },
  ]);
  const mine = await get('/orders?email=CUSTOMER-1@example.org');
  expect(mine.body.items).toContainEqual(expect.objectContaining({ id: placed.body.id }));
});

test('the two instances of orders are asked in turn', async () => {
  await checkout();
  await checkout();
  for (const instance of ['orders-1', 'orders-2']) {
    expect(readFileSync(join(logDir, `${instance}.log`), 'utf8')).toContain('order paid');
  }
});

test('what is refused says why, and is undone', async () => {
  const before = await available('SKU-0010');
  expect(
    await checkout([
      ['SKU-0010', 1],
      ['SKU-0099', 1],
    ]),
  ).toMatchObject({ status: 409 });
  const declined = await checkout([['SKU-0010', 1]], '4000000000000002');
  expect(declined).toMatchObject({ status: 402, body: { message: expect.stringContaining('declined') } });
  expect(await available('SKU-0010')).toBe(before);
  expect(await checkout([])).toMatchObject({ status: 400 });
  expect(await get('/orders/2000000000')).toMatchObject({ status: 404 });
  expect(await get('/products/unknown')).toMatchObject({ status: 404 });
  expect(await get('/nowhere')).toMatchObject({ status: 404 });
});

test('the list of products has its pages', async () => {
  const [first, second] = [await get('/products?category=music'), await get('/products?category=music&page=1')];
  expect(first.body.items).toHaveLength(20);
  expect(second.body.items[0]).not.toEqual(first.body.items[0]);
});

test.each([
  ['slow-statement', searchOrders, 40],
  ['cpu-hog', () => get('/orders/200000'), 40],
  ['gc-pressure', () => get('/products/SKU-0001'), 30],
  ['blocked-loop', () => get('/products/SKU-0001'), 40],
  ['slow-payment', () => checkout([['SKU-0001', 1]]), 300],
] as const)('%s makes calls slow, and only while it is on', async (name, call, slowMs) => {
  // The first calls of all open connections and fill caches.
  await slowestMs(call);
  const normalMs = await slowestMs(call);
  await shop.switches.set(name, true);
  try {
    await expect.poll(() => slowestMs(call), { timeout: 8_000, interval: 50 }).toBeGreaterThan(normalMs + slowMs);
  } finally {
    await shop.switches.set(name, false);
  }
  await expect.poll(() => slowestMs(call), { timeout: 8_000, interval: 50 }).toBeLessThan(normalMs + slowMs);
});

test('failing-payment fails checkouts, and only them, while it is on', async () => {
  await shop.switches.set('failing-payment', true);
  const before = await available('SKU-0011');
  const [failed, other] = [await checkout([['SKU-0011', 1]]), await get('/products/SKU-0012')];
  await shop.switches.set('failing-payment', false);
  expect(failed.status).toBe(502);
  expect(other.status).toBe(200);
  expect(await available('SKU-0011')).toBe(before);
  expect((await checkout()).status).toBe(201);
});

test('queue-backup delays what is behind the queue, not the checkout', async () => {
  await shop.switches.set('queue-backup', true);
  const placed: Answer[] = [];
  for (let index = 0; index < 5; index++) placed.push(await checkout());
  expect(placed.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  // Two are being packed.
  expect((await shop.status()).queue).toEqual({ messages: 3, consumers: 1 });
  expect(await statusOf(placed[4]!.body.id)).toBe('paid');
  await shop.switches.set('queue-backup', false);
  await expect.poll(() => statusOf(placed[4]!.body.id), { timeout: 8_000, interval: 100 }).toBe('shipped');
  expect((await shop.status()).queue?.messages).toBe(0);
});

test('lost-instance fails every other call that needs orders, until it is back', async () => {
  await shop.switches.set('lost-instance', true);
  const answers = [
    await get('/orders/200000'),
    await get('/orders/200000'),
    await get('/orders/200000'),
    await get('/orders/200000'),
  ];
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 502, 502]);
  await shop.switches.set('lost-instance', false);
  await expect
    .poll(async () => [(await get('/orders/200000')).status, (await get('/orders/200000')).status])
    .toEqual([200, 200]);
  const { processes } = await shop.status();
  expect(processes.every(({ restarts }) => restarts === 0)).toBe(true);
});

test('bad-release asks for the lines of each past order, and is rolled back', async () => {
  const past = async (): Promise<boolean[]> => {
    const answers = [await searchOrders(), await searchOrders()];
    return answers.flatMap(({ body }) => body.items.map((order) => 'items' in order));
  };
  expect(new Set(await past())).toEqual(new Set([false]));
  await shop.switches.set('bad-release', true);
  expect(new Set(await past())).toEqual(new Set([true]));
  await shop.switches.set('bad-release', false);
  expect(new Set(await past())).toEqual(new Set([false]));
});

test('each order that was paid is in the journal', async () => {
  const { body } = await checkout();
  const journals = readdirSync(logDir).filter((name) => name.endsWith('.journal'));
  const written = journals.flatMap((name) => readFileSync(join(logDir, name), 'utf8').trim().split('\n'));
  expect(written).toContain(JSON.stringify({ orderId: body.id, totalCents: body.totalCents }));
});

test('a crashed process comes back, with the switches that were on', async () => {
  await shop.switches.set('failing-payment', true);
  const crashed = ['redis', 'psp', 'payment', 'orders-1', 'inventory', 'fulfilment', 'gateway'];
  for (const name of crashed) process.kill(await pidOf(name), 'SIGKILL');
  await expect
    .poll(async () => (await shop.status()).processes.filter(({ restarts }) => restarts === 1).length, { timeout: 15_000 })
    .toBe(crashed.length);
  await expect.poll(checkoutStatus, { timeout: 15_000, interval: 100 }).toBe(502);
  await shop.switches.set('failing-payment', false);
  await expect.poll(checkoutStatus, { timeout: 15_000, interval: 100 }).toBe(201);
});

test('a crashed broker and database come back, and the services find them again', async () => {
  await shop.switches.set('slow-statement', true);
  for (const pid of [await pidOf('broker'), await pidOf('database')]) process.kill(pid, 'SIGKILL');
  expect((await shop.status()).queue).toBeUndefined();
  let orderId = 0;
  const placed = async (): Promise<number> => {
    const { status, body } = await checkout();
    orderId = body.id;
    return status;
  };
  await expect.poll(placed, { timeout: 20_000, interval: 200 }).toBe(201);
  await expect.poll(() => statusOf(orderId), { timeout: 10_000 }).toBe('shipped');
  // The new database is without the index too.
  await expect.poll(() => slowestMs(searchOrders), { timeout: 8_000 }).toBeGreaterThan(40);
  await shop.switches.set('slow-statement', false);
});

test('the control port has a page, the switches and the state', async () => {
  const page = await fetch(shop.controlUrl);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('sample shop');
  const { items } = (await (await fetch(`${shop.controlUrl}/switches`)).json()) as {
    items: { name: SwitchName; on: boolean }[];
  };
  expect(items.map(({ name }) => name)).toEqual([
    'slow-statement',
    'cpu-hog',
    'blocked-loop',
    'failing-payment',
    'slow-payment',
    'gc-pressure',
    'queue-backup',
    'traffic-surge',
    'bad-release',
    'lost-instance',
  ]);

  expect(await ask(`${shop.controlUrl}/switches/failing-payment`, { on: true })).toMatchObject({
    status: 200,
    body: { on: true },
  });
  expect(shop.switches.isOn('failing-payment')).toBe(true);
  expect(await ask(`${shop.controlUrl}/switches/failing-payment`, { on: false })).toMatchObject({
    status: 200,
    body: { on: false },
  });
  expect(await ask(`${shop.controlUrl}/switches/unknown`, { on: true })).toMatchObject({ status: 404 });
  expect(await ask(`${shop.controlUrl}/switches/cpu-hog`, { on: 'maybe' })).toMatchObject({ status: 400 });
  expect(await ask(`${shop.controlUrl}/load`, { rate: 20 })).toMatchObject({ status: 200, body: { rate: 20 } });
  expect(await ask(`${shop.controlUrl}/load`, { rate: 0 })).toMatchObject({ status: 400 });

  // A page from elsewhere that points its own name at this address.
  const rebound = request(shop.controlUrl, { headers: { host: 'elsewhere.example' } }).end();
  const [refused] = (await once(rebound, 'response')) as [IncomingMessage];
  refused.resume();
  expect(refused.statusCode).toBe(403);
});

test('a shop that cannot start says why and leaves nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-shop-test-'));
  try {
    const nowhere = startShop({ ...bare, databaseUrl: 'postgres://nobody@127.0.0.1:9/none', logDir: folder });
    await expect(nowhere).rejects.toThrow('ECONNREFUSED');
    expect(processesLoggingTo(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The command, on a broker that is given, under load; without Redis, because its PATH leads nowhere. */
async function startCommand(
  amqpUrl: string,
): Promise<{ command: ChildProcess; gatewayUrl: string; status: () => Promise<ShopStatus> }> {
  const main = resolve(import.meta.dirname, '../../packages/shop/dist/main.js');
  const logs = mkdtempSync(join(tmpdir(), 'sonde-shop-test-'));
  onTestFinished(() => rmSync(logs, { recursive: true }));
  const options = ['--no-agent', '--control-port', '0', '--rate', '30', '--seed', '7', '--log-dir', logs];
  const command = spawn(process.execPath, [main, ...options], {
    env: { ...process.env, PATH: '', AMQP_URL: amqpUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void command.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: command.stdout }), 'line')) as [string];
  const { msg, gateway, control } = JSON.parse(line) as { msg: string; gateway: string; control: string };
  expect(msg).toBe('ready');
  return {
    command,
    gatewayUrl: gateway,
    status: async () => (await (await fetch(`${control}/status`)).json()) as ShopStatus,
  };
}

test.each([
  ['SIGTERM', 0],
  ['SIGKILL', null],
] as const)('the command, without Redis, on a given broker, under load; %s ends every process', async (signal, code) => {
  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const { command, gatewayUrl, status } = await startCommand(`amqp://127.0.0.1:${broker.port}`);
  const { processes } = await status();
  expect(processes.map(({ name }) => name).toSorted()).toEqual([
    'database',
    'fulfilment',
    'gateway',
    'inventory',
    'orders-1',
    'orders-2',
    'payment',
    'psp',
  ]);
  expect((await checkout(undefined, undefined, gatewayUrl)).status).toBe(201);
  const routes = ['GET /orders', 'GET /orders/:id', 'GET /products', 'GET /products/:sku', 'POST /checkout'];
  // Counted when answered, and a checkout takes longest.
  const load = await vi.waitFor(
    async () => {
      const counted = (await status()).load;
      expect(Object.keys(counted).toSorted()).toEqual(routes);
      expect(Object.values(counted).reduce((sum, { calls }) => sum + calls, 0)).toBeGreaterThan(40);
      return counted;
    },
    { timeout: 15_000, interval: 200 },
  );
  const answers = Object.values(load).flatMap(({ byStatus }) => Object.keys(byStatus));
  expect(answers.filter((answer) => answer >= '500')).toEqual([]);

  const exited = once(command, 'exit');
  command.kill(signal);
  expect((await exited)[0]).toBe(code);
  await expect.poll(() => processes.filter(({ pid }) => lives(pid!)), { timeout: 8_000 }).toEqual([]);
});
