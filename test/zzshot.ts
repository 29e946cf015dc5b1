import { startBrowser } from './fixtures/browser.ts';
const [base, ...paths] = process.argv.slice(2);
const browser = await startBrowser();
for (const scheme of (process.env['SCHEMES'] ?? 'dark').split(',') as ('dark' | 'light')[])
  for (const item of paths) {
    const [name, path] = item.split('::') as [string, string];
    const context = await browser.newContext({
      viewport: { width: Number(process.env['W'] ?? 1440), height: Number(process.env['H'] ?? 900) },
      colorScheme: scheme,
      locale: process.env['LOC'] ?? 'en-GB',
    });
    const page = await context.newPage();
    page.on('console', (m) => {
      if (m.type() === 'error') console.log(name, m.text());
    });
    page.on('pageerror', (e) => console.log(name, 'PAGEERROR', e.message));
    const t = Date.now();
    await page.goto(base + path);
    await page.waitForLoadState('networkidle').catch(() => {});
    await page.waitForTimeout(Number(process.env['WAIT'] ?? 1500));
    await page.screenshot({ path: `/tmp/shot-${name}-${scheme}.png` });
    console.log(name, scheme, Date.now() - t, page.url());
    await context.close();
  }
await browser.close();
