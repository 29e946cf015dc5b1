/** The pages of a checkup, over a shop of which everything is known: test/fixtures/seeded-shop.ts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { seeded, sendSeededShop } from '../fixtures/seeded-shop.ts';

let directory: string;
let collector: CollectorProcess;
let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-services-'));
  collector = await startCollector({ SONDE_DATA_DIR: directory });
  browser = await startBrowser();
  await sendSeededShop(collector);
});
afterAll(async () => {
  await browser?.close();
  await collector?.stop();
  await rm(directory, { recursive: true, force: true });
});

const go = async (path: string) => {
  watched = await openPage(browser, collector.apiUrl.replace(/\/api\/v1$/, path));
  return watched.page;
};
const leave = async () => {
  expect(watched.complaints).toEqual([]);
  await watched.close();
};

test('the start page: the API that misses its objective first, where its time goes, and the three layers', async () => {
  const page = await go('/?range=1h');
  const rows = page.getByRole('table', { name: 'APIs' }).locator('tbody tr');
  await rows.first().waitFor();
  const checkout = await rows.first().innerText();
  expect(checkout).toContain('/checkout');
  expect(checkout).toContain('gateway');
  // A third of them fails.
  expect(checkout).toMatch(/33\.\d %/);
  expect(await rows.first().locator('[aria-label="errors"]').count()).toBe(1);
  const split = await rows.first().locator('[role=img][aria-label*="database"]').getAttribute('aria-label');
  for (const part of ['own code', 'services', 'database', 'queue', 'remote']) expect(split).toContain(part);
  const apis = page.getByRole('region', { name: 'APIs' }).first();
  expect(await apis.innerText()).toMatch(/2\s*APIs\s*1 degraded\s*1 healthy/);
  expect(await page.getByRole('region', { name: 'Middleware' }).innerText()).toMatch(/2\s*Middleware/);
  expect(await page.getByRole('region', { name: 'Hosts' }).innerText()).toMatch(/3\s*Hosts\s*3 unknown/);

  await apis.getByRole('link', { name: '1 degraded' }).click();
  await page.waitForURL(/state=degraded/);
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByRole('link', { name: /^33\.\d %$/ }).click();
  await page.waitForURL(/\/traces\?.*status=error/);
  await leave();
});

test('a service: the instance apart from its peers, the versions before and after, what it waits for, what went wrong', async () => {
  const page = await go('/services/orders?range=1h');
  const matrix = page.getByRole('region', { name: 'Instances × hosts' });
  await matrix.waitFor();
  expect(await matrix.innerText()).toContain(`${seeded.badInstance} is apart from its peers`);
  expect(await matrix.locator('[data-apart=bad]').count()).toBe(2);
  expect(await matrix.locator('[data-apart=bad]').allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringContaining(seeded.badInstance)]),
  );
  expect(await matrix.locator('[data-apart=like]').count()).toBe(4);
  expect(await page.getByRole('region', { name: 'Instrumentation check' }).innerText()).toMatch(/sends traces[^]*no runtime/);

  await page.getByRole('tab', { name: 'Versions' }).click();
  const versions = page.getByRole('table', { name: 'Versions' });
  await versions.waitFor();
  const [newer, older] = await versions.locator('tbody tr').allInnerTexts();
  expect(newer).toMatch(/^1\.1\.0/);
  expect(older).toMatch(/^1\.0\.0/);
  // Of each ten traces one is a health check, and half of the others are of each version.
  for (const version of [newer, older]) expect(version).toContain(String((seeded.traces * 0.9) / 2));

  await page.getByRole('tab', { name: 'Dependencies' }).click();
  const dependencies = page.getByRole('table', { name: 'Dependencies' });
  await dependencies.waitFor();
  const names = await dependencies.locator('tbody tr td:first-child').allInnerTexts();
  expect(names.toSorted()).toEqual(['bank.example', 'kafka mails', 'own code', 'postgresql shop'].toSorted());
  expect(names[0]).toBe('postgresql shop');

  await page.getByRole('tab', { name: 'Errors' }).click();
  const errors = page.getByRole('table', { name: 'Errors' });
  await errors.waitFor();
  const groups = await errors.locator('tbody tr').allInnerTexts();
  expect(groups).toHaveLength(1);
  expect(groups[0]).toContain(seeded.errorType);
  expect(groups[0]).toContain(seeded.errorMessage);
  expect(groups[0]).toContain(String((seeded.traces * 0.9) / 3));
  await errors.getByRole('link', { name: 'trace' }).click();
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  await leave();
});

test('the registry, two periods on one axis, and the panel beside the ranking', async () => {
  const page = await go('/services?range=1h');
  const services = page.getByRole('table', { name: 'Services' });
  await services.waitFor();
  await expect.poll(async () => (await services.innerText()).match(/\bnew\b/g)?.length).toBe(2);

  await page.goto(`${new URL(page.url()).origin}/latency?service=orders&name=POST%20%2Forders&range=5m`);
  await page.getByRole('radio', { name: 'Period before' }).click();
  await page.waitForURL(/compare=before/);
  await page.getByText(/outline: the other period, \d+ requests/).waitFor();

  await page.goto(`${new URL(page.url()).origin}/top?range=1h`);
  const panel = page.getByRole('region', { name: 'POST /checkout' });
  const callees = panel.getByRole('region', { name: /^Callees/ });
  await callees.getByText('POST /orders').waitFor();
  await page.keyboard.press('ArrowDown');
  const next = page.getByRole('region', { name: 'POST /orders' });
  await next
    .getByRole('region', { name: /^Callers/ })
    .getByText('POST /checkout')
    .waitFor();
  await next.getByText('Typical traces').waitFor();
  await leave();
});
