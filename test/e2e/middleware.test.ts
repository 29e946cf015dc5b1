/** Middleware that reports itself and what callers see of it, under other names, in a real browser. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Reply } from '../../ui/src/base/api-client.ts';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { goTo } from '../fixtures/client-navigation.ts';
import { kindLines } from '../fixtures/seeded-kinds.ts';
import { seededMiddleware as seeded, sendSeededMiddleware } from '../fixtures/seeded-middleware.ts';

let directory: string;
let collector: CollectorProcess;
let browser: Browser;
let watched: WatchedPage;
let range: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-middleware-'));
  [collector, browser] = await Promise.all([startCollector({ SONDE_DATA_DIR: directory }), startBrowser()]);
  const { fromMs, toMs } = await sendSeededMiddleware(collector.otlpUrl);
  range = `from=${fromMs}&to=${toMs}`;
  await vi.waitFor(
    async () => {
      const { items } = (await (await fetch(`${collector.apiUrl}/middleware?${range}`)).json()) as Reply<'listMiddleware'>;
      expect(items.find(({ id }) => id === seeded.redis)?.requests).toBe(seeded.requests);
    },
    { timeout: 60_000, interval: 250 },
  );
  watched = await openPage(browser, `${new URL(collector.apiUrl).origin}/middleware?${range}`);
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await collector?.stop();
  await rm(directory, { recursive: true, force: true });
});

const rows = (page: Page, table: string) => page.getByRole('table', { name: table }).locator('tbody tr');
const row = (page: Page, table: string, text: string) => rows(page, table).filter({ hasText: text });
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('the list: what is down first, what only one side knows is marked', async () => {
  const { page } = watched;
  await rows(page, 'Middleware').first().waitFor();
  await vi.waitFor(async () => expect(await rows(page, 'Middleware').count()).toBe(4 + kindLines.length));
  expect(await rows(page, 'Middleware').first().innerText()).toMatch(/db-1:15672[\s\S]*down[\s\S]*nobody calls it/);
  expect(await row(page, 'Middleware', 'legacy-db:3306').innerText()).toContain('seen by callers only');
  const redis = await row(page, 'Middleware', 'cache-1:6379').innerText();
  expect(redis).toMatch(/Redis 7\.2\.4[\s\S]*up[\s\S]*Commands\s*820/);
  expect(redis).toMatch(/checkout[\s\S]*0\.33[\s\S]*5\s*%/);
});

test('found by the name that only its callers use', async () => {
  const { page } = watched;
  await page.getByPlaceholder('Filter middleware').fill('example.com');
  await vi.waitFor(async () => expect(await rows(page, 'Middleware').count()).toBe(1));
  await page.getByRole('link', { name: 'cache-1:6379' }).click();
  await page.getByRole('heading', { name: 'Redis cache-1:6379' }).waitFor();
});

test('its page: its own figures, the API behind it, what its parts do', async () => {
  const { page } = watched;
  const api = row(page, 'APIs behind it', 'POST /checkout');
  await api.waitFor();
  // 4 of the 60 ms of each request.
  expect(await api.innerText()).toMatch(/100\s*%[\s\S]*6\.67\s*%/);
  expect(await region(page, 'Called as').innerText()).toContain('cache-1.example.com:6379');
  for (const chart of ['Hit rate', 'Memory', 'Time per command']) await region(page, chart).locator('canvas').waitFor();
  expect(await row(page, 'Commands', 'get').innerText()).toMatch(/700\s*\/s[\s\S]*14\s*µs/);
});

test('to the node of the map, and back from there', async () => {
  const { page } = watched;
  await page.getByRole('link', { name: 'Map', exact: true }).last().click();
  await page.getByTitle(seeded.redis, { exact: true }).click();
  await page.getByRole('heading', { name: 'Redis cache-1:6379' }).waitFor();
});

test('of a database its statements, as callers and as the server itself see them', async () => {
  const { page } = watched;
  await page.getByRole('link', { name: 'Middleware', exact: true }).first().click();
  await page.getByRole('link', { name: 'db-1:5432' }).click();
  await row(page, 'Statements', seeded.statement).waitFor();
  expect(await row(page, 'Statements, as the server counts them', 'WHERE id = $1').innerText()).toMatch(/15\s*ms/);
  await page.getByRole('link', { name: seeded.statement }).click();
  await page.waitForURL(/\/traces\?.*statement=[0-9a-f]{16}/);
});

/** What its page shows first, a chart that needs its attributes, and the first row of its table. */
const pages: readonly (readonly [id: string, figures: RegExp, chart: RegExp, row?: RegExp])[] = [
  ['nginx:mid-1:8081', /Requests 1,320 \/s.*Refused connections 1\.04 %/, /Connections.*reading writing waiting/],
  ['mysql:mid-1:3306', /Queries 640 \/s.*Replication lag 14 s/, /Rows.*read updated inserted deleted/, /o.*210 %.*840 ms/],
  // Of two replicas the one that is further behind.
  ['mongodb:mid-1:27017', /Operations 686 \/s.*Replication lag 12 s/, /Size catalogue sessions admin/],
  ['rabbitmq:mid-1:15672', /Messages waiting 18,667.*Memory used 81\.2 %/, /Longest queues e-mails/, /e-mails.*7 m 46 s/],
  [
    'kafka:mid-1:9092',
    /Consumer lag 17,024.*in time 84 s.*in sync 93\.3 %/,
    /Messages written page-views orders/,
    /shipping.*84 s/,
  ],
  ['activemq:mid-1:8161', /Messages waiting 423.*Memory used 78 %/, /Wait in the queue payments reports/, /payments.*35 s/],
  ['tomcat:mid-1:8080', /Requests 216 \/s.*Threads busy 79 %/, /Sessions \/shop \/ \/manager/, /http-nio-8080.*43\.8 ms/],
  ['zookeeper:mid-1:2181', /Latency 1 ms.*Packets 340 \/s/, /Followers synced unsynced pending/],
];

test('each kind: the figures that its operators know', async () => {
  const { page } = watched;
  const said = async (role: 'region' | 'row') =>
    (await page.locator('#content').getByRole(role).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
  for (const [id, figures, chart, first] of pages) {
    await goTo(page, `/middleware/${id}?${range}`);
    // Its title is its id until something is known of it.
    await page.locator('h1', { hasText: ` ${id.slice(id.indexOf(':') + 1)}` }).waitFor();
    const content = async () => (await page.locator('#content').innerText()).replaceAll(/\s+/g, ' ');
    await expect.poll(content).toMatch(figures);
    await expect.poll(() => said('region')).toContainEqual(expect.stringMatching(chart));
    if (first) await expect.poll(() => said('row')).toContainEqual(expect.stringMatching(first));
  }
  expect(watched.complaints).toEqual([]);
});
