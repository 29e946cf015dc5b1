/** The traces explorer in a real browser, on a small system whose slow and failed requests have one known cause each. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { slowTenant, slowTenantRequest } from '../fixtures/slow-tenant.ts';

const endMs = Date.now();
const range = `from=${endMs - 600_000}&to=${endMs}`;

let collector: CollectorProcess;
let browser: Browser;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-traces-'));
  [collector, browser] = await Promise.all([startCollector({ SONDE_DATA_DIR: directory }), startBrowser()]);
  const response = await fetch(`${collector.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(slowTenantRequest(endMs)),
  });
  expect(response.ok).toBe(true);
  await collector.drained(20_000);
});

afterAll(async () => {
  await browser?.close();
  await collector?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function onTraces(query: string, look: (page: Page) => Promise<void>): Promise<void> {
  const watched: WatchedPage = await openPage(browser, `${new URL(collector.apiUrl).origin}/traces?${range}${query}`);
  try {
    await look(watched.page);
    // The browser itself tells of a pattern that the API refuses.
    expect(watched.complaints.filter((one) => !one.includes('400 (Bad Request)'))).toEqual([]);
  } finally {
    await watched.close();
  }
}

function searchOf(page: Page): string | null {
  return new URL(page.url()).searchParams.get('q');
}

/** From one place of the heatmap to another, each 0..1 of its width and height. */
async function brush(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const plot = page.getByRole('img', { name: 'Durations over time' });
  await plot.locator('canvas').waitFor();
  const place = await plot.boundingBox();
  if (!place) throw new Error('the heatmap has no place');
  await page.mouse.move(place.x + place.width * from[0], place.y + place.height * from[1]);
  await page.mouse.down();
  await page.mouse.move(place.x + place.width * to[0], place.y + place.height * to[1], { steps: 6 });
  await page.mouse.up();
  await page.waitForURL(/boxFrom=\d+/);
}

async function activeText(page: Page, box: Locator): Promise<string> {
  const id = await box.getAttribute('aria-activedescendant');
  return id === null ? '' : page.locator(`[id="${id}"] span`).innerText();
}

test('a search is written with the keyboard alone, and what cannot be read is underlined', async () => {
  await onTraces('', async (page) => {
    await page.getByRole('link', { name: /web/ }).first().waitFor();
    const box = page.getByRole('combobox', { name: 'Search' });
    await page.keyboard.press('/');
    await page.keyboard.type('ten');
    const option = page.getByRole('option', { name: /^tenant/ });
    await option.waitFor();
    expect(await box.getAttribute('aria-expanded')).toBe('true');
    expect(await option.innerText()).toContain('960');
    await page.keyboard.press('Tab');
    expect(await box.inputValue()).toBe('tenant ');
    await page.keyboard.press('ArrowDown');
    expect(await activeText(page, box)).toBe('=');
    await page.keyboard.press('Enter');
    // What was narrowed from the answer for less is taken, though the answer for this much is not there yet.
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    const narrower = /\/search\/values\?.*prefix=ac/;
    await page.route(narrower, (route) => held.then(() => route.continue()));
    const asked = page.waitForRequest(narrower);
    await page.getByRole('option', { name: /^acme/ }).waitFor();
    await page.keyboard.type('ac');
    await page.keyboard.press('ArrowDown');
    await asked;
    await page.keyboard.press('Enter');
    answer();
    expect(await box.inputValue()).toBe(`tenant = ${slowTenant} `);
    expect(searchOf(page)).toBeNull();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('q') === `tenant = ${slowTenant}`);
    await page.getByText('30 traces').waitFor();

    // The part before the caret is wrong, and is said to be so while the rest is written.
    await box.fill('status = failed and kind');
    const alert = page.getByRole('alert');
    expect(await alert.innerText()).toContain('A status is one of unset, ok, error.');
    expect(await alert.locator('mark').innerText()).toBe('failed');
    expect(await box.getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await box.inputValue()).toBe(`tenant = ${slowTenant}`);

    // A pattern only the engine can judge.
    await box.fill('tenant ~ "["');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('[role="search"] mark').allInnerTexts()).toEqual(['"["']);
  });
});

test('facets count, filter in and filter out', async () => {
  await onTraces('', async (page) => {
    const facets = page.getByRole('complementary', { name: 'Facets' });
    await facets.getByText('of all 960 matching spans').waitFor();
    await facets.getByRole('button', { name: /^tenant/ }).click();
    const acme = facets.getByRole('button', { name: `Only tenant = ${slowTenant}` });
    expect(await acme.innerText()).toContain('120');
    await acme.click();
    await page.waitForURL((url) => url.searchParams.get('q') === `tenant = ${slowTenant}`);
    await facets.getByText('of all 120 matching spans').waitFor();
    expect(await acme.getAttribute('aria-pressed')).toBe('true');
    await acme.click({ modifiers: ['Alt'] });
    await page.waitForURL((url) => url.searchParams.get('q') === `tenant != ${slowTenant}`);
    await facets.getByText('of all 840 matching spans').waitFor();
  });
});

test('a brushed box says what differs, where its time goes and where its errors began', async () => {
  await onTraces('', async (page) => {
    // Slow requests lie in the upper part.
    await brush(page, [0.08, 0.5], [0.97, 0.1]);
    await page.getByText('30 traces').waitFor();

    await page.getByRole('tab', { name: 'What differs' }).click();
    const first = page.locator('[data-difference-key]').first();
    await first.waitFor();
    expect(await first.getAttribute('data-difference-key')).toBe('tenant');
    expect((await first.innerText()).split('\n')).toContain(slowTenant);

    await page.getByRole('tab', { name: 'Latency flame graph' }).click();
    const frames = page.getByRole('listitem', { name: /^cart SELECT items/ });
    await frames.waitFor();
    const slowest = page.getByRole('table', { name: 'What makes the selection slower' }).locator('tbody tr').first();
    expect(await slowest.innerText()).toContain('SELECT items');

    await page.getByRole('tab', { name: 'Where errors originated' }).click();
    await page.getByText('None of these traces has an error.').waitFor();
    await page.getByRole('button', { name: 'Clear the selection' }).click();
    const origins = page.getByRole('table', { name: 'Where errors originated' }).locator('tbody tr');
    await origins.first().waitFor();
    expect(await origins.count()).toBe(1);
    const text = await origins.first().innerText();
    expect(text).toContain('payment');
    expect(text).toContain('CardError');
    expect(text).toContain('card ? declined');

    await page.getByRole('tab', { name: 'What differs' }).click();
    await page.getByText('Drag a box on the heatmap').waitFor();
  });
});

test('an environment is chosen once, for every page', async () => {
  await onTraces('', async (page) => {
    const facets = page.getByRole('complementary', { name: 'Facets' });
    await facets.getByText('of all 960 matching spans').waitFor();
    await page.getByRole('combobox', { name: 'Environment' }).selectOption('staging');
    await facets.getByText('of all 240 matching spans').waitFor();
    await page.getByRole('link', { name: 'Services', exact: true }).click();
    await page.waitForURL(/\/services\?.*environment=staging/);
  });
});

test('an empty list says what was asked and how to ask for more', async () => {
  await onTraces('&q=tenant+%3D+nobody+and+kind+%3D+server', async (page) => {
    await page.getByText('No trace matches.').waitFor();
    await page.getByRole('button', { name: 'Without tenant = nobody' }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'kind = server');
    const rows = page.getByRole('table', { name: 'Traces' }).locator('tbody tr');
    await rows.first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(await rows.nth(1).getAttribute('data-active')).toBe('true');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  });
});

test('the list goes on as it is scrolled, and only rows in sight exist', async () => {
  await onTraces('', async (page) => {
    const table = page.getByRole('table', { name: 'Traces' });
    await table.locator('tbody tr').first().waitFor();
    expect(await table.getAttribute('aria-rowcount')).toBe('-1');
    const scroller = page.locator('#content');
    // Some twenty pages, one after the other.
    const patience = { timeout: 30_000 };
    await expect
      .poll(async () => {
        await scroller.evaluate((element) => void (element.scrollTop = element.scrollHeight));
        return table.getAttribute('aria-rowcount');
      }, patience)
      .not.toBe('-1');
    const rowCount = Number(await table.getAttribute('aria-rowcount'));
    expect(rowCount).toBeGreaterThan(150);
    await scroller.evaluate((element) => void (element.scrollTop = element.scrollHeight));
    const last = table.locator(`tr[aria-rowindex="${rowCount}"]`);
    await last.waitFor();
    expect(await table.locator('tbody tr').count()).toBeLessThan(120);
    await scroller.evaluate((element) => void (element.scrollTop = 0));
    await table.locator('tr[aria-rowindex="2"]').waitFor();
    await page.keyboard.press('k');
    await page.waitForFunction(
      (index) => document.querySelector(`tr[aria-rowindex="${index}"]`)?.getAttribute('data-active') === 'true',
      rowCount,
    );
    expect(await last.evaluate((row) => row.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
  });
});
