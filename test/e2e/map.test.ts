/** The map in a real browser, of a system whose every call was sent here: what it must say is known. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Reply } from '../../ui/src/base/api-client.ts';
import { openPage, startBrowser } from '../fixtures/browser.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { type DrawnSpan, sendTraces } from '../fixtures/drawn-traces.ts';

let directory: string;
let collector: CollectorProcess;
let browser: Browser;
let range: string;

const requests = 20;

/**
 *     web GET / --> cart --> stock --> pg          each time; nine calls of cart fail, and web with them
 *     web GET / --> mail (fails each time, web does not mind) --> queue jobs --> worker
 *     web POST /loop --> stock --> cart --> stock   once: a loop
 */
function drawn(number: number): DrawnSpan[] {
  const fails = number % 2 === 0 && number > 0;
  return [
    { id: 1, service: 'web', name: 'GET /', kind: 'server', ms: [0, 100], failed: fails },
    { id: 2, parent: 1, service: 'web', name: 'GET', kind: 'client', ms: [10, 80], failed: fails },
    { id: 3, parent: 2, service: 'cart', name: 'list', kind: 'server', ms: [20, 60], failed: fails },
    { id: 4, parent: 3, service: 'cart', name: 'take', kind: 'client', ms: [25, 55] },
    { id: 5, parent: 4, service: 'stock', name: 'take', kind: 'server', ms: [30, 50] },
    {
      id: 6,
      parent: 5,
      service: 'stock',
      name: 'SELECT',
      kind: 'client',
      ms: [32, 48],
      attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'goods', 'server.address': 'pg', 'server.port': '5432' },
    },
    { id: 7, parent: 1, service: 'web', name: 'POST', kind: 'client', ms: [82, 90], failed: true },
    { id: 8, parent: 7, service: 'mail', name: 'send', kind: 'server', ms: [83, 89], failed: true },
    {
      id: 9,
      parent: 8,
      service: 'mail',
      name: 'send jobs',
      kind: 'producer',
      ms: [84, 85],
      attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'jobs' },
    },
    {
      id: 10,
      parent: 9,
      service: 'worker',
      name: 'process jobs',
      kind: 'consumer',
      ms: [95, 99],
      attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'jobs' },
    },
  ];
}

const loop: DrawnSpan[] = [
  { id: 1, service: 'web', name: 'POST /loop', kind: 'server', ms: [0, 2000] },
  ...['stock', 'cart', 'stock'].flatMap((service, step): DrawnSpan[] => [
    {
      id: 2 + 2 * step,
      parent: 1 + 2 * step,
      service: step === 0 ? 'web' : step === 1 ? 'stock' : 'cart',
      name: 'call',
      kind: 'client',
      ms: [10 + step, 1900 - step],
    },
    { id: 3 + 2 * step, parent: 2 + 2 * step, service, name: `go ${step}`, kind: 'server', ms: [20 + step, 1800 - step] },
  ]),
];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-map-'));
  [collector, browser] = await Promise.all([startCollector({ SONDE_DATA_DIR: directory }), startBrowser()]);
  const startMs = Date.now() - 5000;
  await sendTraces(collector.otlpUrl, startMs, [...Array.from({ length: requests }, (_, number) => drawn(number)), loop]);
  range = `from=${startMs - 60_000}&to=${startMs + 60_000}`;
  await vi.waitFor(
    async () => {
      const { edges } = await dependencies();
      // Five calls of each request and the three of the loop.
      expect(edges.reduce((sum, { client }) => sum + (client?.requests ?? 0), 0)).toBe(requests * 5 + 3);
    },
    { timeout: 60_000, interval: 200 },
  );
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await collector?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function dependencies(query = ''): Promise<Reply<'getDependencies'>> {
  const response = await fetch(`${collector.apiUrl}/dependencies?${range}${query}`);
  return (await response.json()) as Reply<'getDependencies'>;
}

async function onMap(query: string, look: (page: Page) => Promise<void>): Promise<void> {
  const origin = new URL(collector.apiUrl).origin;
  const watched = await openPage(browser, `${origin}/map?${range}${query}`);
  try {
    await look(watched.page);
    expect(watched.complaints).toEqual([]);
  } finally {
    await watched.close();
  }
}

const nodesOf = (page: Page) =>
  page.locator('[data-node]').evaluateAll((all) => all.map((one) => one.getAttribute('data-node') ?? '').toSorted());

test('the API counts slow requests, and follows those of one API alone', async () => {
  const whole = await dependencies('&slowMs=1000');
  const figures = Object.fromEntries(whole.nodes.map(({ id, requests: asked, slow }) => [id, [asked, slow]]));
  expect(figures).toMatchObject({
    'service:web': [requests + 1, 1],
    'service:cart': [requests + 1, 1],
    'service:mail': [requests, 0],
  });

  const api = await dependencies(`&apiService=web&apiName=${encodeURIComponent('POST /loop')}`);
  expect(Object.fromEntries(api.nodes.map(({ id, requests: asked }) => [id, asked]))).toEqual({
    'service:cart': 1,
    'service:stock': 2,
    'service:web': 1,
  });
  // Of web, only the way that this API took.
  expect(api.edges.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual([
    'service:cart service:stock',
    'service:stock service:cart',
    'service:web service:stock',
  ]);
  const half = await fetch(`${collector.apiUrl}/dependencies?apiService=web`);
  expect([half.status, ((await half.json()) as { parameter?: string }).parameter]).toEqual([400, 'apiName']);
});

test('the drawing: layers, both sides of a call, a node, its endpoints, the keyboard, search, the table', async () => {
  await onMap('', async (page) => {
    await page.locator('[data-node]').first().waitFor();
    expect(await nodesOf(page)).toEqual([
      'database:postgresql/pg%3A5432/goods',
      'queue:kafka/jobs',
      'service:cart',
      'service:mail',
      'service:stock',
      'service:web',
      'service:worker',
    ]);
    expect(await page.locator('[data-edge]').count()).toBe(8);
    const leftOf = async (id: string) => (await page.locator(`[data-node="${id}"]`).boundingBox())?.x ?? Number.NaN;
    const order = await Promise.all(['service:web', 'service:mail', 'queue:kafka/jobs', 'service:worker'].map(leftOf));
    expect(order).toEqual(order.toSorted((a, b) => a - b));

    // Half of the calls to cart failed: each figure twice, and what lies between.
    await page.locator('[data-node="service:cart"]').click();
    const callers = page.getByRole('region', { name: 'Callers' });
    await callers.getByRole('button', { name: /web/ }).click();
    const sides = page.getByRole('table', { name: 'Figures' });
    await sides.waitFor();
    const cells = (name: string) => sides.locator('tr', { hasText: name }).first().locator('td').allInnerTexts();
    expect(await cells('Requests')).toEqual(['20', '20', '']);
    expect(await cells('Errors')).toEqual(['45 %', '45 %', '']);
    expect(await cells('Mean')).toEqual(['70 ms', '40 ms', '30 ms']);
    expect(await page.getByText('strong', { exact: true }).count()).toBe(1);
    await page.getByRole('heading', { name: 'Slowest traces through both' }).waitFor();
    expect(new URL(page.url()).searchParams.get('selected')).toBe('service:web service:cart');

    // Escape closes; a node shows its endpoints in place.
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).searchParams.has('selected')).toBe(false);
    await page.locator('[data-node="service:stock"]').click();
    await page.getByRole('button', { name: 'Show its endpoints' }).click();
    await page.locator('[data-node="endpoint:stock/take"]').waitFor();
    expect((await nodesOf(page)).filter((id) => id.includes('stock'))).toEqual([
      'endpoint:stock/go%200',
      'endpoint:stock/go%202',
      'endpoint:stock/take',
    ]);

    // From web the arrow goes to what it calls.
    await page.locator('[data-node="service:web"]').focus();
    await page.keyboard.press('ArrowRight');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-node'));
    expect(await focused()).not.toBe('service:web');
    await page.keyboard.press('Enter');
    await expect.poll(async () => new URL(page.url()).searchParams.get('selected')).toBe(await focused());

    await page.keyboard.press('/');
    await page.keyboard.type('jobs');
    await page.getByText('1 found').waitFor();
    await page.getByRole('radio', { name: 'List' }).click();
    const rows = page.getByRole('table', { name: 'Nodes' }).locator('tbody tr');
    expect(await rows.count()).toBe(1);
    expect(await rows.first().innerText()).toContain('jobs');
  });
});

test('cycles, criticality, strong and weak; a focus and one API come from the link', async () => {
  await onMap('&list=cycles', async (page) => {
    const cycles = page.getByRole('list', { name: 'Cycles' });
    await cycles.waitFor();
    expect((await cycles.innerText()).replaceAll(/\n+/g, '\n')).toMatch(
      /^(cart → stock → cart|stock → cart → stock)\nloop\nExample trace$/i,
    );
    await page.getByRole('button', { name: 'Strong and weak' }).click();
    const strength = page.getByRole('list', { name: 'Strong and weak' });
    const lines = (await strength.locator('li').allInnerTexts()).map((text) => text.split(/\n+/).slice(0, 2).join(' '));
    expect(lines).toEqual(['web → cart strong', 'web → mail weak']);
    await page.getByRole('button', { name: 'Criticality' }).click();
    const critical = page.getByRole('list', { name: 'Criticality' });
    expect(await critical.locator('li').first().innerText()).toContain('single point of failure');
  });
  await onMap('&focus=queue%3Akafka%2Fjobs&hops=1', async (page) => {
    await page.locator('[data-node]').first().waitFor();
    expect(await nodesOf(page)).toEqual(['queue:kafka/jobs', 'service:mail', 'service:worker']);
  });
});
