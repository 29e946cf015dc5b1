/**
 * `npm run screenshots`: the pictures of the README, taken of what the sample shop really sends. Run it when a page that they show has
 * changed; `npm run screenshots -- top map` takes those alone.
 */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../ui/src/base/api-client.ts';
import { openPage, startBrowser } from './fixtures/browser.ts';
import { startStack, usualSettling } from './fixtures/stack.ts';

const folder = resolve(import.meta.dirname, '../docs/screenshots');
const wanted = process.argv.slice(2);
/** Long enough for lines to be seen in charts over five minutes. */
const loadMs = 150_000;
const settledMs = 40_000;

const minuteMs = 60_000;

await mkdir(folder, { recursive: true });
const [stack, browser] = await Promise.all([startStack(usualSettling), startBrowser()]);
try {
  await sleep(loadMs);
  const { items } = await stack.api<Reply<'listTraces'>>('/traces?service=fulfilment&limit=100');
  const [checkout, another] = items.filter(({ root }) => root.service === 'gateway');
  if (checkout === undefined || another === undefined)
    throw new Error('fewer than two whole checkouts among the newest traces');
  const trace = `/traces/${checkout.traceId}`;
  const all = {
    overview: '/?range=5m',
    services: '/services?range=5m',
    service: '/services/orders?range=5m',
    map: '/map?range=5m',
    top: '/top?by=hotspot&of=statement&range=5m',
    latency: '/latency?service=orders&range=5m',
    traces: '/traces?range=5m',
    trace,
    'trace-flame': `${trace}?tab=flame`,
    'trace-map': `${trace}?tab=map`,
    compare: `/traces/compare?a=${another.traceId}&b=${checkout.traceId}`,
    middleware: '/middleware?range=5m',
    capacity: '/capacity?range=5m',
    hosts: '/hosts?range=5m',
    host: '/hosts/shop-a?range=5m',
  };
  const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
  const unknown = wanted.filter((name) => name !== 'diagnose' && !Object.hasOwn(all, name));
  if (unknown.length > 0) throw new Error(`no page is called ${unknown.join(', ')}: diagnose, ${Object.keys(all).join(', ')}`);
  for (const [name, path] of Object.entries(all)) if (isWanted(name)) await take(name, path);
  // The others show the shop in health.
  if (isWanted('diagnose')) await take('diagnose', await injured());
} finally {
  await browser.close();
  await stack.stop();
}

async function take(name: string, path: string): Promise<void> {
  for (const scheme of ['dark', 'light'] as const) {
    const opened = await openPage(browser, `${stack.url}${path}`, scheme);
    await opened.page.waitForLoadState('networkidle');
    // Charts fade in.
    await sleep(1000);
    await opened.page.screenshot({ path: resolve(folder, `${name}-${scheme}.png`) });
    await opened.close();
  }
}

/** The page that says what a slow statement did to the checkout in its first whole minute. */
async function injured(): Promise<string> {
  const from = Math.ceil(Date.now() / minuteMs) * minuteMs;
  await sleep(from - Date.now());
  const [headers, body] = [{ 'content-type': 'application/json' }, JSON.stringify({ on: true })];
  await fetch(`${stack.controlUrl}/switches/slow-statement`, { method: 'POST', headers, body });
  await sleep(from + minuteMs + settledMs - Date.now());
  const periods = { from, to: from + minuteMs, baselineFrom: from - 2 * minuteMs, baselineTo: from };
  const asked = new URLSearchParams({ service: 'gateway', name: 'POST /checkout' });
  for (const [key, ms] of Object.entries(periods)) asked.set(key, String(ms));
  return `/diagnose?${asked}`;
}
