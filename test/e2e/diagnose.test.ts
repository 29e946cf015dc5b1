/** From "checkout is slow" to the statement that made it so, in a real browser, where the right answer is known. */
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Reply } from '../../ui/src/base/api-client.ts';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { goTo } from '../fixtures/client-navigation.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { sendSlowStatement, slowStatement } from '../fixtures/slow-statement.ts';

let directory: string;
let collector: CollectorProcess;
let browser: Browser;
let watched: WatchedPage;
let range: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-diagnose-'));
  [collector, browser] = await Promise.all([startCollector({ SONDE_DATA_DIR: directory }), startBrowser()]);
  const { fromMs, requests, toMs } = await sendSlowStatement(collector.otlpUrl);
  range = `from=${fromMs}&to=${toMs}`;
  await vi.waitFor(
    async () => {
      const response = await fetch(`${collector.apiUrl}/overview?from=${2 * fromMs - toMs}&to=${toMs}`);
      const { apis } = (await response.json()) as Reply<'getOverview'>;
      expect(apis.reduce((sum, api) => sum + api.requests, 0)).toBe(2 * requests);
    },
    { timeout: 60_000, interval: 250 },
  );
  watched = await openPage(browser, `${new URL(collector.apiUrl).origin}/?${range}`);
  // Evaluated, not added to the page: its content security policy stays as it is.
  await watched.page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await collector?.stop();
  await rm(directory, { recursive: true, force: true });
});

const box = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const searchOf = (page: Page) => new URL(page.url()).searchParams;

const everything: RunOptions = { resultTypes: ['violations'], rules: { 'label-content-name-mismatch': { enabled: true } } };
const colours: RunOptions = { resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast'] } };

/** What keeps somebody out, in the colours of that scheme. */
async function violations(page: Page, options: RunOptions): Promise<string[]> {
  const { violations: found } = await page.evaluate(
    (given) => (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

test('from the overview: one click to the cause, one to its traces', async () => {
  const { page } = watched;
  await page.getByRole('link', { name: 'Diagnose gateway POST /checkout' }).click();
  await page.getByRole('heading', { name: 'Why is POST /checkout slow?' }).waitFor();
  expect(searchOf(page).get('name')).toBe('POST /checkout');

  const content = page.locator('#content');
  await content.getByText('p95 35 ms → 198 ms').waitFor();
  await content.getByText('the whole curve moved').waitFor();
  await content.getByText(/^since \d\d:\d\d · 5 min$/).waitFor();
  await content.getByText('request rate unchanged (0.4 /s)').waitFor();
  const added = page.getByRole('region', { name: 'Where the added 158 ms went' });
  expect(await added.innerText()).toContain('SELECT stock on orders-db:3306 100 %');
  expect(await added.innerText()).toMatch(/Ruled out, as before: load \(0\.4 \/s\)/);
  expect(await added.innerText()).toContain(
    'Not known, as nothing on the way reports it: garbage collection · event loop · hosts',
  );

  const cause = box(page, 'Cause');
  const took = `mysql orders-db:3306 takes 166 ms a call where it took 8.31 ms.`;
  expect((await cause.locator('p').first().innerText()).replaceAll('\n', ' ')).toBe(
    `Statement ${slowStatement.select} on ${took}`,
  );
  await cause.getByRole('img', { name: 'mysql orders-db:3306 over time' }).waitFor();
  const evidence = cause.getByRole('table', { name: 'Evidence' }).getByRole('row', { name: /mean duration/ });
  expect(await evidence.innerText()).toContain('8.31 ms → 166 ms');
  expect(await box(page, 'Propagation').locator('li b').allInnerTexts()).toEqual(['mysql orders-db:3306', 'orders', 'gateway']);
  const impact = box(page, 'Impact');
  await impact.getByText('2 of 3 APIs, 80 % of all requests.').waitFor();
  expect(await impact.getByRole('link').allInnerTexts()).toEqual(['POST /checkout', 'GET /orders/:id']);
  const remedy = await box(page, 'Remedy').innerText();
  expect(remedy).toContain('look at its plan and its locks');
  expect(remedy).toContain('takes 166 ms where it took 8.3 ms');

  // The figures of the bar, for those who cannot see it.
  await added.getByText('Figures').click();
  const row = added.getByRole('row', { name: /SELECT stock on orders-db/ });
  expect(await row.locator('td').allInnerTexts()).toEqual(['8.31 ms', '166 ms', '+158 ms', '100 %']);

  expect(await violations(page, everything)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await violations(page, colours)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });

  await cause.getByRole('link', { name: 'Example traces' }).click();
  await page.getByRole('table').getByRole('link').first().waitFor();
  expect(searchOf(page).get('statement')).toMatch(/^[0-9a-f]{16}$/);
  expect(watched.complaints).toEqual([]);
});

test('who knows nothing is led there by keyboard alone', async () => {
  const { page } = watched;
  await goTo(page, `/diagnose?${range}`);
  const rows = page.getByRole('table', { name: 'What is wrong?' }).locator('tbody tr');
  // What got worse most comes first; what is as before last.
  await rows.first().waitFor();
  expect(await rows.locator('td:first-child').allInnerTexts()).toEqual(['GET /orders/:id', 'POST /checkout', 'GET /health']);
  expect(await rows.nth(1).innerText()).toMatch(/slower\s+198 ms\s+\+466 %\s+0 %\s+0\.4/);

  await page.keyboard.press('/');
  await page.keyboard.type('orders');
  const others = page.getByRole('list', { name: 'Services and endpoints' });
  await others.getByRole('link', { name: 'orders POST /orders' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(3);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Why is POST /checkout slow?' }).waitFor();

  // Compared with hours in which nothing ran, it says so, and offers another baseline.
  const picker = page.getByRole('button', { name: /^compared with/ });
  await picker.focus();
  await page.keyboard.press('Enter');
  const yesterday = page.getByRole('button', { name: /The same hours yesterday/ });
  await yesterday.focus();
  await page.keyboard.press('Enter');
  await page.getByText(/There were no requests to POST \/checkout in the baseline/).waitFor();
  expect(searchOf(page).has('baselineFrom')).toBe(true);
  await page.getByRole('button', { name: 'The period just before' }).focus();
  await page.keyboard.press('Enter');
  await box(page, 'Cause').waitFor();
  expect(searchOf(page).has('baselineFrom')).toBe(false);

  // What changed is the statement and nothing else; it leads to the same verdict, through the API that waits most.
  await goTo(page, `/diagnose?${range}`);
  const changed = page.getByRole('list', { name: 'What changed' }).getByRole('listitem');
  await changed.first().waitFor();
  const said = (await changed.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
  expect(said).toEqual([
    expect.stringContaining(`Statement ${slowStatement.select} on mysql orders-db:3306 got slower: 8.29 ms → 166 ms`),
  ]);
  // Against hours in which nothing ran it cannot be told; against chosen ones it is told, and what it leads to is compared with these.
  const chosen = page.getByRole('region', { name: 'What changed' });
  await chosen.getByRole('button', { name: /^compared with/ }).click();
  await page.getByRole('button', { name: /The same hours yesterday/ }).click();
  await chosen.getByText(/^Nothing was served in .*: what changed cannot be told\.$/).waitFor();
  const [fromMs = 0, toMs = 0] = range.split('&').map((part) => Number(part.split('=')[1]));
  const before = { baselineFrom: String(2 * fromMs - toMs), baselineTo: String(fromMs) };
  await goTo(page, `/diagnose?${new URLSearchParams(before)}&${range}`);
  await changed.getByRole('link').click();
  expect(searchOf(page).get('baselineFrom')).toBe(before.baselineFrom);
  await page.getByRole('heading', { name: `${slowStatement.select}, as POST /checkout feels it` }).waitFor();
  expect(searchOf(page).get('statement')).toMatch(/^[0-9a-f]{16}$/);
  const part = page.getByRole('region', { name: 'The statement, by all that ask it, before and now' });
  expect((await part.innerText()).replaceAll(/\s+/g, ' ')).toContain(
    'mean duration of a call 8.29 ms → 166 ms requests 0.53 /s → 0.53 /s errors 0 % → 0 % Of 2 APIs that pass through it, POST /checkout is worst off.',
  );
  expect(await box(page, 'Cause').locator('p').first().innerText()).toContain('takes 166 ms a call where it took 8.31 ms');
  await box(page, 'Impact').getByText(`of all that pass through ${slowStatement.select}`).waitFor();
  expect(await violations(page, everything)).toEqual([]);
  await part.getByRole('link', { name: 'GET /orders/:id' }).click();
  await page.getByRole('heading', { name: 'Why is GET /orders/:id slow?' }).waitFor();
  expect(watched.complaints).toEqual([]);
});

test('what is as before is said, with what was compared; what never ran, too; in Chinese no English is left', async () => {
  const { page } = watched;
  await goTo(page, `/diagnose?service=gateway&name=GET%20%2Fhealth&${range}`);
  await page.getByText('Nothing got worse.').waitFor();
  await page.getByText(/was compared with .*: neither slower nor failing more\.$/).waitFor();
  await goTo(page, `/diagnose?service=nobody&${range}`);
  await page.getByText(/There were no requests to nobody in/).waitFor();
  await goTo(page, `/diagnose?host=nowhere&${range}`);
  await page.getByText(/No API passed through nowhere, neither in/).waitFor();

  await page.evaluate(() => localStorage.setItem('sonde-language', 'zh'));
  await page.goto(`${new URL(collector.apiUrl).origin}/diagnose?service=gateway&name=POST%20%2Fcheckout&${range}`);
  await page.getByRole('heading', { name: 'POST /checkout 为什么慢？' }).waitFor();
  const said = await box(page, '处置').innerText();
  expect(said).toContain('一条语句现在耗时 166 ms，此前为 8.31 ms');
  expect(said).not.toMatch(/[a-z]+ [a-z]+ [a-z]+/);
  expect(watched.complaints).toEqual([]);
});
