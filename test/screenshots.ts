/**
 * `npm run screenshots`: the pictures of the README, taken of what the sample shop really sends. Run it when a page that they show has changed.
 */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../ui/src/base/api-client.ts';
import { openPage, startBrowser } from './fixtures/browser.ts';
import { startStack } from './fixtures/stack.ts';

const folder = resolve(import.meta.dirname, '../docs/screenshots');
/** Long enough for lines to be seen in charts over five minutes. */
const loadMs = 150_000;

await mkdir(folder, { recursive: true });
const [stack, browser] = await Promise.all([startStack(), startBrowser()]);
try {
  await sleep(loadMs);
  const { items } = await stack.api<Reply<'listTraces'>>('/traces?service=fulfilment&limit=10');
  const checkout = items.find(({ root }) => root.service === 'gateway');
  if (checkout === undefined) throw new Error('no whole checkout among the newest traces');
  const pages = {
    trace: `/traces/${checkout.traceId}`,
    top: '/top?by=hotspot&of=statement&range=5m',
    service: '/services/orders?range=5m',
    host: '/hosts/shop-a?range=5m',
  };
  for (const scheme of ['dark', 'light'] as const) {
    for (const [name, path] of Object.entries(pages)) {
      const opened = await openPage(browser, `${stack.url}${path}`, scheme);
      await opened.page.waitForLoadState('networkidle');
      // Charts fade in.
      await sleep(1000);
      await opened.page.screenshot({ path: resolve(folder, `${name}-${scheme}.png`) });
      await opened.close();
    }
  }
} finally {
  await browser.close();
  await stack.stop();
}
