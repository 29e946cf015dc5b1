/** Every page, in dark and in light, judged by axe-core: nobody is kept out by a colour, a missing name or a role that lies. */
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { goTo } from '../fixtures/client-navigation.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { sendSeededShop } from '../fixtures/seeded-shop.ts';

let directory: string;
let collector: CollectorProcess;
let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-accessible-'));
  [collector, browser] = await Promise.all([startCollector({ SONDE_DATA_DIR: directory }), startBrowser()]);
  await sendSeededShop(collector);
  watched = await openPage(browser, new URL(collector.apiUrl).origin);
  // Evaluated, not added to the page: its content security policy stays as it is.
  await watched.page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
});
afterAll(async () => {
  await browser?.close();
  await collector?.stop();
  await rm(directory, { recursive: true, force: true });
});

const traceId = (number: number) => `c${number.toString(16).padStart(31, '0')}`;
const failed = traceId(2);

const pages = [
  '/',
  '/services',
  '/services/orders',
  '/services/orders?tab=dependencies',
  '/services/orders?tab=errors',
  '/services/orders?tab=versions',
  '/services/orders?tab=logs',
  '/map',
  '/map?selected=service:orders',
  '/map?view=table&list=criticality',
  '/top',
  '/top?of=statement&by=latency',
  '/latency?service=orders&name=POST%20%2Forders&compare=before',
  '/diagnose',
  '/diagnose?service=gateway&name=POST%20%2Fcheckout&range=5m',
  '/traces',
  '/traces?q=status%20%3D%20error',
  `/traces/${failed}?span=0000000000000017`,
  `/traces/${failed}?tab=flame`,
  `/traces/${failed}?tab=statistics`,
  `/traces/${failed}?tab=map`,
  `/traces/${failed}?tab=logs`,
  `/traces/${failed}?tab=json`,
  `/traces/compare?a=${traceId(1)}&b=${failed}`,
  '/traces/upload',
  '/hosts',
  '/hosts/node-1',
  '/capacity',
  '/middleware',
  '/middleware/postgresql:orders-db:5432',
  '/no-such-page',
];

const everything: RunOptions = {
  resultTypes: ['violations'],
  // Of those that axe runs when told to: who speaks to the page says what stands there (WCAG 2.1, 2.5.3).
  rules: { 'label-content-name-mismatch': { enabled: true } },
};
/** Of the same elements in other colours. */
const colours: RunOptions = { resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast'] } };

/** What keeps somebody out: `rule: the element`, each once. */
async function violations(page: Page, options: RunOptions): Promise<string[]> {
  const { violations: found } = await page.evaluate(
    (given) => (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ any, html, target }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''} ${html}`),
    );
}

/** What is half transparent has half the contrast: what fades in, and what is of a question before while the next is asked. */
async function faded(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[data-stale]') === null);
  // One that is cut short is over too; one without an end shows that something is under way.
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    await Promise.allSettled(ending.map((one) => one.finished));
  });
}

async function judge(page: Page): Promise<string[]> {
  await faded(page);
  const found = await violations(page, everything);
  await page.emulateMedia({ colorScheme: 'light' });
  found.push(...(await violations(page, colours)));
  await page.emulateMedia({ colorScheme: 'dark' });
  return found;
}

test.each(pages)('%s', async (path) => {
  const { page } = watched;
  await goTo(page, path);
  expect(await judge(page)).toEqual([]);
  expect(watched.complaints).toEqual([]);
});

test('what opens over a page', async () => {
  const { page } = watched;
  await goTo(page, '/services');
  await page.keyboard.press('Control+k');
  await page.getByRole('option').first().waitFor();
  await faded(page);
  expect(await judge(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('combobox').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await faded(page);
  expect(await judge(page)).toEqual([]);
});
