/**
 * The dashboard in a real browser, on telemetry that the sample shop really sent through the real collector. One file, because the
 * stack and the minutes of load before there is something to see are shared by all of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Reply } from '../../ui/src/base/api-client.ts';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { type Stack, startStack } from '../fixtures/stack.ts';

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({}, 5), startBrowser()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** Opens a page of the dashboard, and closes it after the test; whatever it complained of fails the test. */
async function on(path: string, look: (watched: WatchedPage) => Promise<void>, scheme?: 'dark' | 'light'): Promise<void> {
  const watched = await openPage(browser, `${stack.url}${path}`, scheme);
  try {
    await look(watched);
    expect(watched.complaints).toEqual([]);
  } finally {
    await watched.close();
  }
}

/** The last minute, as a range that stays. */
function minute(): string {
  return `from=${Date.now() - 60_000}&to=${Date.now()}`;
}

/** A range whose data have arrived (agents send every ten seconds) and are settled (twenty more, of traces that end late another ten), and in which every service of the shop was there. */
async function settledRange(): Promise<string> {
  for (;;) {
    const range = `from=${Date.now() - 600_000}&to=${Date.now() - 60_000}`;
    const { items } = await stack.api<Reply<'listServices'>>(`/services?${range}`);
    // Services are listed by whole minutes, traces to the millisecond.
    const traces = await stack.api<Reply<'listTraces'>>(`/traces?service=orders&${range}`);
    if (items.length >= 5 && traces.items.length >= 5) return range;
    await sleep(1000);
  }
}

function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

function setSwitch(name: string, isOn: boolean): Promise<Response> {
  return fetch(`${stack.controlUrl}/switches/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on: isOn }),
  });
}

/** The names in the ranking, the first first. */
function ranking(query: string, look: (names: string[], watched: WatchedPage) => Promise<void> | void): Promise<void> {
  return on(`/top?${query}&${minute()}`, async (watched) => {
    const table = watched.page.locator('tbody tr');
    await table.first().waitFor();
    const names = await table.evaluateAll((rows) => rows.map((row) => row.querySelectorAll('td')[1]?.textContent ?? ''));
    await look(
      names.map((name) => name.replace(/\s+/g, ' ')),
      watched,
    );
  });
}

/** A checkout whose every part has arrived: it ends with what fulfilment did. */
async function wholeCheckout(): Promise<Reply<'getTrace'>> {
  let found: Reply<'getTrace'> | undefined;
  await expect
    .poll(
      async () => {
        const { items } = await stack.api<Reply<'listTraces'>>('/traces?service=gateway&name=POST%20%2Fcheckout&limit=50');
        const whole = items.find(
          ({ services }) => services.some(({ service }) => service === 'fulfilment') && services.length >= 5,
        );
        found = whole && (await stack.api<Reply<'getTrace'>>(`/traces/${whole.traceId}`));
        return found?.spans.length ?? 0;
      },
      { timeout: 90_000, interval: 1000 },
    )
    .toBeGreaterThan(15);
  return found as Reply<'getTrace'>;
}

describe('a checkout', () => {
  test('is one connected trace over HTTP, SQL, Redis and the queue', async () => {
    const { traceId, spans } = await wholeCheckout();
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === '');
    expect(roots.map(({ service, name }) => `${service} ${name}`)).toEqual(['gateway POST /checkout']);

    await on(`/traces/${traceId}`, async ({ page }) => {
      const rows = page.getByRole('treeitem');
      await rows.first().waitFor();
      const shown = await rows.evaluateAll((elements) =>
        elements.map((element) => ({
          spanId: element.getAttribute('data-span-id') ?? '',
          service: element.getAttribute('data-service') ?? '',
          level: Number(element.getAttribute('aria-level')),
          text: element.textContent ?? '',
        })),
      );
      expect(new Set(shown.map(({ service }) => service)).size).toBeGreaterThanOrEqual(4);

      // Each row stands below its parent: the nearest row above that is one level up.
      const parentOf = new Map(spans.map((span) => [span.spanId, span.parentSpanId]));
      shown.forEach(({ spanId, level }, index) => {
        const above = shown.slice(0, index).findLast((row) => row.level < level);
        expect(above?.spanId ?? '').toBe(parentOf.get(spanId));
        expect(above?.level ?? 0).toBe(level - 1);
      });
      const service = (name: string) => shown.some((row) => row.service === name);
      expect(['gateway', 'orders', 'inventory', 'payment'].every(service)).toBe(true);
      const text = shown.map((row) => row.text).join('\n');
      expect(text).toContain('postgresql');
      expect(text).toContain('redis');
      expect(text).toContain('publish order.paid');
    });
  });

  test('folds, is searched and shows its spans, by keyboard alone', async () => {
    const { traceId, spans } = await wholeCheckout();
    await on(`/traces/${traceId}`, async ({ page }) => {
      const rows = page.getByRole('treeitem');
      await rows.first().waitFor();
      const count = await rows.count();
      await page.keyboard.press('j');
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => rows.count()).toBe(1);
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => rows.count()).toBe(count);

      await page.keyboard.press('/');
      await page.keyboard.type('INSERT INTO orders');
      await page.keyboard.press('Enter');
      const panel = page.getByRole('region', { name: 'Span' });
      await panel.waitFor();
      await expect.poll(() => panel.innerText()).toMatch(/INSERT INTO orders/);
      expect(await panel.innerText()).toContain('db.system.name');

      const selected = new URL(page.url()).searchParams.get('span');
      expect(spans.some(({ spanId }) => spanId === selected)).toBe(true);
      await page.reload();
      await expect.poll(() => panel.innerText()).toMatch(/INSERT INTO orders/);
      await page.locator('#content').focus();
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
    });
  });
});

describe('with a slow statement', () => {
  /** What names the statement without its index: the search for a customer's orders. */
  const slowStatement = /FROM orders WHERE lower\(email\)/;

  beforeAll(async () => {
    await setSwitch('slow-statement', true);
    await vi.waitFor(
      async () => {
        const { items } = await stack.api<Reply<'getTop'>>(`/top?by=hotspot&of=statement&limit=1&${minute()}`);
        expect(items[0]?.key.statement?.replace(/\s+/g, ' ')).toMatch(slowStatement);
      },
      { timeout: 120_000, interval: 2000 },
    );
  }, 150_000);

  afterAll(() => setSwitch('slow-statement', false));

  test('the ranking by hotspot names the statement first, and says which', { timeout: 90_000 }, async () => {
    const look = () =>
      ranking('by=hotspot&of=statement', async ([first], { page }) => {
        expect(first).toMatch(slowStatement);
        expect((await page.getByRole('region', { name: /SELECT/ }).innerText()).replace(/\s+/g, ' ')).toMatch(slowStatement);
      });
    // The last minute moves on, and on a busy machine a moment of it may be about something else.
    await vi.waitFor(look, { timeout: 60_000, interval: 3_000 });
  });

  test('the ranking by latency names it among its first', { timeout: 90_000 }, async () => {
    const look = () =>
      ranking('by=latency&of=statement', (names) => {
        // The database runs one statement at a time: what waits behind it seldom, but then long, may stand above.
        expect(names.slice(0, 3)).toContainEqual(expect.stringMatching(slowStatement));
      });
    await vi.waitFor(look, { timeout: 60_000, interval: 3_000 });
  });

  test('the ranking by volume has it too, where its count puts it', async () => {
    await ranking('by=volume&of=statement', (names) => {
      expect(names.some((name) => slowStatement.test(name))).toBe(true);
    });
  });

  const askers = /^(POST \/checkout|POST \/orders|GET \/orders)$/;
  test.each(['latency', 'hotspot'])(
    'by %s the ranking has those that run it among its first',
    { timeout: 90_000 },
    async (by) => {
      const look = () =>
        ranking(`by=${by}&of=endpoint`, (names) => {
          // The database runs one statement at a time: what asks often and waits behind it may stand above.
          expect(names.slice(0, 3)).toContainEqual(expect.stringMatching(askers));
        });
      await vi.waitFor(look, { timeout: 60_000, interval: 3_000 });
    },
  );

  test('flipping the rows keeps the panel, and the link to them', async () => {
    await ranking('by=hotspot&of=endpoint', async ([, second], { page }) => {
      await page.keyboard.press('ArrowDown');
      await page.getByRole('region', { name: second ?? '', exact: true }).waitFor();
      expect(new URL(page.url()).searchParams.get('key')).toContain(second);
    });
  });
});

describe('hosts and services know each other', () => {
  test('the host page lists the services that run there, with their figures', async () => {
    await expect
      .poll(
        async () =>
          (await stack.api<Reply<'listHosts'>>('/hosts')).items.find(({ host }) => host === 'shop-a')?.cpu.utilization,
        {
          timeout: 60_000,
          interval: 1000,
        },
      )
      .toBeGreaterThan(0);
    await on('/hosts/shop-a?range=15m', async ({ page }) => {
      const services = page.getByRole('table', { name: 'Services that run here' });
      await services.waitFor();
      const text = await services.innerText();
      for (const service of ['gateway', 'orders', 'inventory']) expect(text).toContain(service);
      expect(text).not.toContain('payment');
      for (const chart of ['CPU by state', 'Memory', 'Network', 'Disk I/O', 'File systems']) {
        await page.getByRole('img', { name: chart }).locator('canvas').waitFor();
      }
      await services.getByRole('link', { name: 'orders' }).first().click();
      await page.waitForURL(/\/services\/orders/);
    });
  });

  test('the service page shows its hosts, and their CPU beside its latency', async () => {
    await on('/services/orders?range=15m', async ({ page }) => {
      const instances = page.getByRole('table', { name: 'Instances' });
      await instances.waitFor();
      expect(await instances.getByRole('link', { name: 'shop-a' }).count()).toBe(1);
      expect(await instances.getByRole('link', { name: 'shop-b' }).count()).toBe(1);
      const strips = await Promise.all(
        ['Latency', 'CPU of its hosts'].map(async (name) => {
          const plot = page.getByRole('img', { name, exact: true });
          await plot.locator('canvas').waitFor();
          return plot.boundingBox();
        }),
      );
      // One time axis: both plots begin and end at the same place.
      expect(strips[0]?.x).toBe(strips[1]?.x);
      expect(strips[0]?.width).toBe(strips[1]?.width);
    });
  });
});

/** What one answer shows may ask the next question: read until it stays. */
async function settledText(content: Locator): Promise<string> {
  let last: string | undefined;
  const stays = async () => {
    const text = await content.innerText();
    const isSame = text === last;
    last = text;
    return isSame;
  };
  await expect.poll(stays, { interval: 400 }).toBe(true);
  return last ?? '';
}

describe('every page', () => {
  const pages = [
    '/services',
    '/top?by=latency&of=statement&percentile=99',
    '/hosts?sort=-memory',
    '/traces?service=orders&minMs=1&sort=duration',
  ];

  test.each(pages)('%s shows the same after a reload, and keeps the range that was chosen', async (path) => {
    await on(`${path}${path.includes('?') ? '&' : '?'}${await settledRange()}`, async ({ page }) => {
      const shown = async () => {
        await page.locator('tbody tr').first().waitFor();
        await page.waitForLoadState('networkidle');
        return { url: page.url(), text: await settledText(page.locator('#content')) };
      };
      const reload = async () => {
        const before = await shown();
        await page.reload();
        expect(await shown()).toEqual(before);
      };
      // On a busy machine a trace of that range may yet be settled between the two.
      await vi.waitFor(reload, { timeout: 45_000, interval: 1000 });
      const { searchParams } = new URL(page.url());
      await page.getByRole('link', { name: 'Hosts', exact: true }).click();
      await page.waitForURL(/\/hosts\?/);
      expect(new URL(page.url()).searchParams.get('from')).toBe(searchParams.get('from'));
    });
  });

  test('a search is one box: what cannot be read is marked where it is wrong, the rest filters', async () => {
    await wholeCheckout();
    await on('/traces?range=5m', async ({ page }) => {
      const box = page.getByRole('combobox', { name: 'Search' });
      await box.fill('status = failed and checkout');
      await box.press('Enter');
      const alert = page.getByRole('alert');
      expect(await alert.innerText()).toContain('A status is one of unset, ok, error.');
      expect(await alert.locator('mark').innerText()).toBe('failed');
      expect(new URL(page.url()).searchParams.has('q')).toBe(false);

      await page.getByText('GET /products').first().waitFor();
      const search = 'service.name = gateway and kind = server and name ~ "^POST /check"';
      await box.fill(search);
      await box.press('Enter');
      await page.waitForURL((url) => url.searchParams.get('q') === search);
      await alert.waitFor({ state: 'detached' });
      // The list before stays until the next is there.
      await expect.poll(() => page.getByText('GET /products').count(), { timeout: 15_000 }).toBe(0);
      expect(await page.getByText('POST /checkout').count()).toBeGreaterThan(0);
    });
  });

  test('a box drawn on the heatmap is a selection of times and durations', async () => {
    await wholeCheckout();
    await on('/traces?range=5m', async ({ page }) => {
      const plot = page.getByRole('img', { name: 'Durations over time' });
      await plot.locator('canvas').waitFor();
      await page.waitForLoadState('networkidle');
      const box = await plot.boundingBox();
      if (!box) throw new Error('the heatmap has no place');
      await page.mouse.move(box.x + box.width * 0.7, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.9, box.y + 90, { steps: 8 });
      await page.mouse.up();
      await page.waitForURL(/boxFrom=\d+&boxTo=\d+/);
      const { searchParams } = new URL(page.url());
      const asked = (key: string) => Number(searchParams.get(key));
      expect(asked('boxTo') - asked('boxFrom')).toBeGreaterThan(30_000);
      expect(asked('boxTo') - asked('boxFrom')).toBeLessThan(90_000);
      expect(asked('boxMax')).toBeGreaterThan(asked('boxMin'));
      await page.getByRole('button', { name: 'Clear the selection' }).click();
      await page.waitForURL((url) => !url.searchParams.has('boxMin') && url.searchParams.has('range'));
    });
  });

  test('is dark or light as the system is, until one is chosen, before the first paint and after', async () => {
    await on(
      '/services',
      async ({ page }) => {
        expect(await background(page)).toBe('rgb(246, 248, 250)');
        await page.getByRole('button', { name: 'Dark' }).click();
        await expect.poll(() => background(page)).toBe('rgb(12, 17, 22)');
        await page.reload({ waitUntil: 'commit' });
        await expect.poll(() => background(page)).toBe('rgb(12, 17, 22)');
      },
      'light',
    );
  });

  test('speaks Chinese when asked', async () => {
    await on('/services', async ({ page }) => {
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('menuitem', { name: '简体中文' }).click();
      await page.getByRole('link', { name: '主机' }).waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans');
    });
  });
});
