/** What is sent is text, whatever it says: nothing of it runs, becomes an element, or pushes a page out of its window. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reply } from '@sonde/api/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { goTo } from '../fixtures/client-navigation.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { breakout, naughtyStrings, sendNaughtyTrace } from '../fixtures/naughty-trace.ts';

let directory: string;
let collector: CollectorProcess;
let browser: Browser;
let watched: WatchedPage;
let traceId: string;

const texts = [breakout, ...naughtyStrings];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-naughty-'));
  [collector, browser] = await Promise.all([startCollector({ SONDE_DATA_DIR: directory }), startBrowser()]);
  traceId = await sendNaughtyTrace(collector.otlpUrl, texts);
  const overview = async () => (await (await fetch(`${collector.apiUrl}/overview`)).json()) as Reply<'getOverview'>;
  await vi.waitFor(async () => expect((await overview()).apis.length).toBe(1), { timeout: 40_000, interval: 250 });
  watched = await openPage(browser, new URL(collector.apiUrl).origin);
});
afterAll(async () => {
  await browser?.close();
  await collector?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** What would be an element of ours only if a text had become one. */
const foreign =
  '#root :is(script, iframe, object, embed, marquee, img, video, audio, form, link), #root [onerror], a[href^="javascript:" i]';

/** Scrolls through the page's largest list, and looks at it in a wide and a narrow window. */
async function look(page: Page): Promise<unknown> {
  const found = [];
  for (const width of [1440, 400]) {
    await page.setViewportSize({ width, height: 900 });
    found.push(
      await page.evaluate(async (selector) => {
        const frame = () => new Promise(requestAnimationFrame);
        const content = document.querySelector('#content') as HTMLElement;
        const lists = [content, ...content.querySelectorAll<HTMLElement>('*')].filter(
          (one) => one.scrollHeight > one.clientHeight + 40 && getComputedStyle(one).overflowY !== 'visible',
        );
        const list = lists.toSorted((a, b) => b.scrollHeight - a.scrollHeight)[0] ?? content;
        await frame();
        let elements = document.querySelectorAll(selector).length;
        for (let step = 1; step <= 4; step++) {
          list.scrollTop = (list.scrollHeight * step) / 4;
          await frame();
          await frame();
          elements += document.querySelectorAll(selector).length;
        }
        const root = document.documentElement;
        return {
          elements,
          document: Math.max(0, root.scrollWidth - root.clientWidth),
          content: Math.max(0, content.scrollWidth - content.clientWidth),
        };
      }, foreign),
    );
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  // The pointer over a chart draws a tooltip with names in it.
  const chart = page.locator('[role=img] canvas').first();
  if ((await chart.count()) > 0) await chart.hover({ force: true });
  return found;
}

const well = { elements: 0, document: 0, content: 0 };

async function judge(path: string): Promise<void> {
  await goTo(watched.page, path);
  expect({ path, wideAndNarrow: await look(watched.page) }).toEqual({ path, wideAndNarrow: [well, well] });
  expect(watched.complaints, path).toEqual([]);
}

/** The pages of one name: that of all breakouts, and of what is too long. */
const named = [breakout, naughtyStrings.toSorted((a, b) => b.length - a.length)[0]].filter((text) => text !== undefined);

test.runIf(naughtyStrings.length > 0)(
  'the big list of naughty strings is there (../shared/vectors/strings/blns.json)',
  async () => {
    await goTo(watched.page, '/services');
    const { items } = (await (await fetch(`${collector.apiUrl}/services`)).json()) as Reply<'listServices'>;
    expect(items.length).toBeGreaterThan(400);
  },
);

test.each(['/', '/services', '/map', '/map?view=table', '/top', '/top?of=statement', '/top?of=queue&by=latency', '/hosts'])(
  '%s',
  judge,
);

test.each(['', '?q=status%20%3D%20error', `?q=${encodeURIComponent(`name = ${JSON.stringify(breakout)}`)}`])(
  '/traces%s',
  async (query) => {
    await judge(`/traces${query}`);
    expect(await watched.page.locator('#content').innerText()).toContain('onerror=alert(');
  },
);

test.each(['', '?span=0000000000000001', '?tab=flame', '?tab=statistics', '?tab=map', '?tab=logs', '?tab=json'])(
  'the trace%s',
  (query) => judge(`/traces/${traceId}${query}`),
);

test.each(named)('the pages of %j', async (text) => {
  const name = encodeURIComponent(text);
  const pages = [
    `/services/${name}`,
    `/services/${name}?tab=errors`,
    `/services/${name}?tab=versions`,
    `/hosts/${name}`,
    `/latency?service=${name}&name=${name}`,
  ];
  for (const path of pages) {
    await judge(path);
    expect(await watched.page.locator('h1').innerText(), path).not.toBe('');
  }
});
