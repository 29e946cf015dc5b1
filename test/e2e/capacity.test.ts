/** Capacity in a real browser, of a system whose every figure was chosen (test/fixtures/capacity-shop.ts). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Reply } from '../../ui/src/base/api-client.ts';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { capacityShop, checkoutsIn, minutes } from '../fixtures/capacity-shop.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';

const hourMs = 3_600_000;
const shop = capacityShop(Math.floor(Date.now() / hourMs) * hourMs - 2 * hourMs);
const { fromMs, toMs } = shop.range;
const checkouts = Array.from({ length: minutes }, (_, i) => checkoutsIn(i)).reduce((sum, count) => sum + count, 0);

let directory: string;
let collector: CollectorProcess;
let browser: Browser;
let watched: WatchedPage;

async function send(signal: 'traces' | 'metrics', request: unknown): Promise<void> {
  const response = await fetch(`${collector.otlpUrl}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  expect(response.status, await response.text()).toBe(200);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-capacity-'));
  [collector, browser] = await Promise.all([
    startCollector({ SONDE_DATA_DIR: directory, SONDE_SETTLE_DELAY_SECONDS: '1', SONDE_SETTLE_WINDOW_SECONDS: '1' }),
    startBrowser(),
  ]);
  for (const request of shop.metrics) await send('metrics', request);
  await send('traces', shop.traces);
  await vi.waitFor(
    async () => {
      const response = await fetch(`${collector.apiUrl}/overview?from=${fromMs}&to=${toMs}`);
      const { apis } = (await response.json()) as Reply<'getOverview'>;
      expect(apis.reduce((sum, { requests }) => sum + requests, 0)).toBe(2 * checkouts);
    },
    { timeout: 60_000, interval: 200 },
  );
  watched = await openPage(browser, `${new URL(collector.apiUrl).origin}/hosts?from=${fromMs}&to=${toMs}`);
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await collector?.stop();
  await rm(directory, { recursive: true, force: true });
});

const searchOf = (page: Page) => new URL(page.url()).searchParams;

test('from the rail: what runs out first, and the evidence of a row', async () => {
  const { page } = watched;
  await page.getByRole('link', { name: 'Capacity', exact: true }).click();
  const rows = page.getByRole('table', { name: 'Capacity' }).getByRole('row');
  await rows.filter({ hasText: 'Disk /' }).waitFor();
  expect(await rows.nth(1).innerText()).toMatch(/host-orders\s+Disk \/[^]*in 2 days/);
  expect(await rows.nth(2).innerText()).toMatch(/host-orders\s+CPU · host[^]*50 %[^]*×1\.7 until 80 %/);

  await rows.nth(2).click();
  const panel = page.getByRole('region', { name: 'host-orders' });
  await panel.getByRole('img', { name: 'Utilisation against rate' }).waitFor();
  expect(await panel.innerText()).toMatch(/Saturated at\s+0\.35 \/s[^]*Idle\s+10 %[^]*Explained by the rate\s+100 %/);
  expect(JSON.parse(searchOf(page).get('row') ?? '')).toEqual(['host', 'host-orders', 'cpu', null]);

  await rows.filter({ hasText: 'Event loop' }).filter({ hasText: 'orders' }).first().click();
  await page.getByText('It does not rise with the requests: something else decides how busy it is.').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await panel.waitFor({ state: 'hidden' });
});

test('what if: an API and a factor, and what gives way first', async () => {
  const { page } = watched;
  await page.getByRole('combobox', { name: 'API' }).selectOption({ label: 'gateway · POST /checkout' });
  await page.getByRole('status').filter({ hasText: 'At ×1.7 the CPU of host host-orders is saturated first.' }).waitFor();
  const rows = page.getByRole('table', { name: 'What if' }).getByRole('row');
  expect(await rows.nth(1).innerText()).toMatch(/host-orders[^]*50 % →\s*90 %[^]*0\.2 \/s →\s*0\.4 \/s[^]*×1\.7 first/);

  await page.getByRole('radio', { name: '×1.5' }).click();
  await rows
    .nth(1)
    .filter({ hasText: /70\s*%/ })
    .waitFor();
  const typed = page.getByRole('textbox', { name: 'Another factor' });
  await typed.fill('×1.25');
  await typed.press('Enter');
  await rows
    .nth(1)
    .filter({ hasText: /60\s*%/ })
    .waitFor();
  expect(searchOf(page).get('factor')).toBe('1.25');

  await page.reload();
  await rows
    .nth(1)
    .filter({ hasText: /60\s*%/ })
    .waitFor();
  expect(watched.complaints).toEqual([]);
});
