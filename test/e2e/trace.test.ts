/** The trace page on a trace whose every fault is known: what it draws, and what it does at the keyboard. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { type FaultyTrace, sendFaultyTrace } from '../fixtures/faulty-trace.ts';

let dataDir: string;
let collector: CollectorProcess;
let browser: Browser;
let trace: FaultyTrace;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-trace-'));
  [collector, browser] = await Promise.all([startCollector({ SONDE_DATA_DIR: dataDir }), startBrowser()]);
  trace = await sendFaultyTrace(collector.otlpUrl, Date.now() - 30_000);
  await collector.drained(30_000);
  watched = await openPage(browser, `${collector.apiUrl.replace('/api/v1', '')}/traces/${trace.traceId}`);
  page = watched.page;
  await page.getByRole('treeitem').first().waitFor();
}, 120_000);

afterAll(async () => {
  await watched?.close();
  await browser?.close();
  await collector?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Name, level, and bar and critical stretches in ms of a trace of that length. */
function rows(traceMs: number) {
  return page.getByRole('treeitem').evaluateAll(
    (elements, lengthMs) =>
      elements.map((row) => {
        const inMs = (bar: Element) => {
          const { left, width } = (bar as HTMLElement).style;
          const from = (parseFloat(left) / 100) * lengthMs;
          return `${Math.round(from)}..${Math.round(from + (parseFloat(width) / 100) * lengthMs)}`;
        };
        const bar = row.querySelector('[class*="bar"]');
        return [
          row.querySelector('small')?.textContent,
          Number(row.getAttribute('aria-level')),
          bar ? inMs(bar) : '',
          [...row.querySelectorAll('[data-critical]')].map(inMs).join(' '),
        ];
      }),
    traceMs,
  );
}

const selected = () => new URL(page.url()).searchParams.get('span');
const count = () => page.getByRole('treeitem').count();
const note = (text: RegExp) => page.getByRole('note').filter({ hasText: text });

test('times are corrected, and the critical path stands where it was waited', async () => {
  expect(await rows(140)).toEqual([
    ['POST /checkout', 1, '0..100', '0..10 90..100'],
    ['POST', 2, '10..90', '10..20 80..90'],
    ['POST /orders', 3, '20..80', '20..30 50..55 75..80'],
    ['SELECT orders', 4, '30..50', '30..50'],
    ['UPDATE orders', 4, '55..75', '55..75'],
    ['process order.paid', 1, '120..140', ''],
  ]);
});

test('banners say what is uncertain, and lead to it; the times that were sent are a click away', async () => {
  await note(/parent that was not recorded/)
    .getByRole('button', { name: 'Show' })
    .click();
  await expect.poll(selected).toBe(trace.spanId(6));
  const clocks = note(/Clocks of two machines differ/);
  await clocks.getByRole('radio', { name: 'raw times' }).click();
  await expect
    .poll(async () => (await rows(160)).map(([name, , bar]) => [name, bar]))
    .toContainEqual(['POST /orders', '0..60']);
  expect(new URL(page.url()).searchParams.get('times')).toBe('raw');
  await clocks.getByRole('radio', { name: 'corrected times' }).click();
  await expect
    .poll(async () => (await rows(140)).map(([name, , bar]) => [name, bar]))
    .toContainEqual(['POST /orders', '20..80']);
});

test('the keyboard walks, folds and searches; what is hidden says whether it failed', async () => {
  await page.locator('#content').focus();
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Span' }).waitFor({ state: 'detached' });
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
  await expect.poll(selected).toBe(trace.spanId(2));
  await page.keyboard.press('Enter');
  await expect.poll(count).toBe(3);
  expect(await page.locator(`[data-span-id="${trace.spanId(2)}"]`).innerText()).toMatch(/\+3[\s\S]*1 error/);
  await page.keyboard.press('/');
  await page.keyboard.type('postgresql');
  await expect.poll(() => page.getByRole('search').innerText()).toContain('0 of 2');
  await page.keyboard.press('Enter');
  await expect.poll(count).toBe(6);
  await expect.poll(selected).toBe(trace.spanId(4));
  await page.locator('#content').focus();
  await page.keyboard.press('n');
  await expect.poll(selected).toBe(trace.spanId(5));
  await page.keyboard.press('N');
  await expect.poll(selected).toBe(trace.spanId(4));
});

test('events and logs are rows, by the same clock as their spans', async () => {
  await page.getByRole('button', { name: /^Events 2/ }).click();
  await page.getByRole('button', { name: /^Log rows/ }).click();
  const notes = page.locator('[data-note]');
  await expect.poll(() => notes.count(), { timeout: 20_000 }).toBe(3);
  const said = (await notes.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  expect(said[0]).toMatch(/cache\.miss cache\.key=user:7 .*\+35 ms/);
  expect(said[1]).toMatch(/ERROR orders lock wait on orders \(user_id\) \+70 ms/);
  expect(said[2]).toMatch(/exception .*\+74 ms/);
});

test('the panel: frames of one’s own, the statement, links both ways, filters', async () => {
  const panel = page.getByRole('region', { name: 'Span' });
  await page.locator(`[data-span-id="${trace.spanId(5)}"]`).click();
  await expect.poll(() => panel.locator('pre').innerText()).toBe('UPDATE orders\nSET status = ?\nWHERE user_id = ?');
  await expect
    .poll(() => panel.locator('li[data-kind="own"]').allInnerTexts())
    .toEqual(['at Orders.update (/app/src/orders/update.ts:42:11)']);
  await panel.getByRole('button', { name: 'Hide 2 library frames' }).click();
  await expect.poll(() => panel.locator('li').count()).toBe(2);

  await page.locator(`[data-span-id="${trace.spanId(3)}"]`).click();
  await panel.getByRole('link', { name: 'worker process order.paid' }).click();
  await expect.poll(selected).toBe(trace.spanId(6));
  await panel.getByRole('link', { name: trace.spanId(3) }).click();
  await expect.poll(selected).toBe(trace.spanId(3));

  await page.locator(`[data-span-id="${trace.spanId(1)}"]`).click();
  const out = await panel.getByRole('link', { name: 'Traces with another value tenant' }).getAttribute('href');
  const q = new URL(out ?? '', page.url()).searchParams.get('q') ?? '';
  expect(q).toMatch(/^tenant != /);
  const answer = await fetch(`${collector.apiUrl}/traces?q=${encodeURIComponent(q.replace('!=', '='))}`);
  expect(((await answer.json()) as { items: unknown[] }).items).toHaveLength(1);
});

test('dragging over the minimap zooms, and a reload shows the same', async () => {
  const minimap = page.getByRole('img', { name: /whole trace/ });
  const box = await minimap.boundingBox();
  if (!box) throw new Error('no minimap');
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, box.y + 20);
  await page.mouse.up();
  await expect.poll(() => new URL(page.url()).searchParams.get('zoom')).toMatch(/^(6\d|7\d)\d{6}-1[34]\d{7}$/);
  await page.reload();
  await page.getByRole('button', { name: 'Whole trace' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('zoom')).toBeNull();
  expect(watched.complaints).toEqual([]);
});
