/** The other views of a trace, on two traces of which every difference is known: B's statement took 400 ms more, and B asked twice. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Reply } from '../../ui/src/base/api-client.ts';
import { openPage, startBrowser, type WatchedPage } from '../fixtures/browser.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';

const traceA = 'a'.repeat(32);
const traceB = 'b'.repeat(32);
const again = 'c'.repeat(32);
const beginNano = BigInt(Date.now() - 60_000) * 1_000_000n;

let collector: CollectorProcess;
let browser: Browser;
let directory: string;

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const at = (ms: number) => String(beginNano + BigInt(ms) * 1_000_000n);

interface Drawn {
  readonly id: string;
  readonly parent?: string;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly failed?: boolean;
}

/** As OTLP/JSON, with one value of each kind among the attributes. */
function request(traceId: string, spans: readonly Drawn[]): object {
  return {
    resourceSpans: [...new Set(spans.map(({ service }) => service))].map((service) => ({
      resource: { attributes: [text('service.name', service), text('host.name', 'box'), text('service.instance.id', 'i-1')] },
      scopeSpans: [
        {
          scope: { name: 'seed', version: '1' },
          spans: spans
            .filter((span) => span.service === service)
            .map(({ id, parent = '', name, kind, fromMs, toMs, failed = false }) => ({
              traceId,
              spanId: id.padStart(16, '0'),
              parentSpanId: parent && parent.padStart(16, '0'),
              name,
              kind,
              startTimeUnixNano: at(fromMs),
              endTimeUnixNano: at(toMs),
              attributes: [
                ...(name.startsWith('SELECT')
                  ? [text('db.system.name', 'postgresql'), text('db.namespace', 'shop'), text('db.query.text', 'SELECT 1')]
                  : []),
                { key: 'int', value: { intValue: '7' } },
                { key: 'double', value: { doubleValue: 0.25 } },
                { key: 'list', value: { arrayValue: { values: [{ stringValue: 'x' }, { boolValue: true }] } } },
              ],
              ...(failed && {
                status: { code: 2, message: 'no such row' },
                events: [{ name: 'exception', timeUnixNano: at(toMs), attributes: [text('exception.type', 'Missing')] }],
              }),
              links: [{ traceId: traceA, spanId: '1'.padStart(16, '0'), attributes: [text('why', 'seed')] }],
            })),
        },
      ],
    })),
  };
}

const root = { id: '1', service: 'web', name: 'GET /cart', kind: 2 } as const;
const list = { id: '2', parent: '1', service: 'cart', name: 'list', kind: 2 } as const;
const spansOfA: readonly Drawn[] = [
  { ...root, fromMs: 0, toMs: 500 },
  { ...list, fromMs: 100, toMs: 400 },
  { id: '3', parent: '2', service: 'cart', name: 'SELECT carts', kind: 3, fromMs: 200, toMs: 300 },
  { id: '4', parent: '1', service: 'web', name: 'cached', kind: 1, fromMs: 420, toMs: 430 },
];
const spansOfB: readonly Drawn[] = [
  { ...root, fromMs: 0, toMs: 1000 },
  { ...list, fromMs: 100, toMs: 900 },
  { id: '3', parent: '2', service: 'cart', name: 'SELECT carts', kind: 3, fromMs: 200, toMs: 700 },
  { id: '5', parent: '2', service: 'cart', name: 'SELECT carts', kind: 3, fromMs: 720, toMs: 880, failed: true },
];

async function send(path: string, body: object): Promise<void> {
  const response = await fetch(`${collector.otlpUrl}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`OTLP: ${response.status} ${await response.text()}`);
}

async function stored(traceId: string): Promise<Reply<'getTrace'>> {
  return await vi.waitFor(
    async () => {
      const response = await fetch(`${collector.apiUrl}/traces/${traceId}`);
      const trace = (await response.json()) as Reply<'getTrace'>;
      expect(trace.spans).toHaveLength(4);
      return trace;
    },
    { timeout: 30_000, interval: 200 },
  );
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-trace-views-'));
  [collector, browser] = await Promise.all([startCollector({ SONDE_DATA_DIR: join(directory, 'data') }), startBrowser()]);
  await Promise.all([
    send('traces', request(traceA, spansOfA)),
    send('traces', request(traceB, spansOfB)),
    send('logs', {
      resourceLogs: [
        {
          resource: { attributes: [text('service.name', 'cart')] },
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: at(250),
                  severityNumber: 17,
                  severityText: 'ERROR',
                  body: { stringValue: 'cart is slow' },
                  attributes: [text('cart.id', 'c-42')],
                  traceId: traceA,
                  spanId: '3'.padStart(16, '0'),
                },
              ],
            },
          ],
        },
      ],
    }),
  ]);
  await Promise.all([stored(traceA), stored(traceB)]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await collector?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function on(path: string, look: (page: Page, watched: WatchedPage) => Promise<void>): Promise<void> {
  const watched = await openPage(browser, new URL(path, collector.apiUrl).href);
  try {
    await look(watched.page, watched);
    expect(watched.complaints).toEqual([]);
  } finally {
    await watched.close();
  }
}

const rowPx = 20;
const axisPx = 24;
const parameter = (page: Page, key: string) => new URL(page.url()).searchParams.get(key);

test('flame graph, map and logs of one trace lead to its spans', async () => {
  await on(`/traces/${traceA}?tab=flame`, async (page) => {
    const flame = page.getByRole('application', { name: 'Flame graph' });
    await flame.waitFor();
    // Drawn anew when it has been laid out, it has no place for a moment.
    const box = await vi.waitFor(
      async () => {
        const found = await flame.boundingBox();
        if (!found) throw new Error('the flame graph has no place');
        return found;
      },
      { timeout: 20_000 },
    );
    const place = (row: number, ms: number) => ({ x: (box.width * ms) / 500, y: axisPx + (row + 0.5) * rowPx });
    // The web server's span stands on top of everything, the statement in the third row.
    const pixel = (row: number, ms: number) =>
      flame.locator('canvas').evaluate(
        (canvas, { x, y }) => {
          const context = (canvas as HTMLCanvasElement).getContext('2d');
          return [...(context?.getImageData(x * devicePixelRatio, (y - 6) * devicePixelRatio, 1, 1).data ?? [])];
        },
        place(row, ms),
      );
    await expect.poll(async () => (await pixel(0, 350))[3]).toBe(255);
    expect(await pixel(2, 250)).not.toEqual(await pixel(0, 350));
    expect((await pixel(2, 337))[3]).toBe(0);
    await flame.hover({ position: place(2, 250) });
    await expect.poll(() => page.getByRole('tooltip').innerText()).toContain('postgresql shop SELECT carts');
    await flame.click({ position: place(2, 250) });
    await page.getByRole('region', { name: 'Span', exact: true }).waitFor();
    expect(parameter(page, 'span')).toBe('0000000000000003');
    await flame.focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => parameter(page, 'span')).toBe('0000000000000002');
    await page.keyboard.press('+');
    await expect.poll(() => flame.getAttribute('data-to').then(Number)).toBeLessThan(500e6);
    await page.keyboard.press('0');
    await expect.poll(() => flame.getAttribute('data-to').then(Number)).toBe(500e6);

    await page.getByRole('tab', { name: 'Map' }).click();
    await page.locator('[data-edge="service cart > database postgresql shop"]', { hasText: '1 × · 100 ms' }).waitFor();
    await page.getByRole('button', { name: 'postgresql shop' }).click();
    await expect.poll(() => parameter(page, 'span')).toBe('0000000000000003');

    await page.getByRole('tab', { name: 'Logs' }).click();
    const record = page.getByRole('button', { name: /cart is slow/ });
    await record.click();
    expect(await record.innerText()).toContain('250 ms');
    await page.getByText('c-42').waitFor();
    await page.getByRole('button', { name: 'Show the span: postgresql shop SELECT carts' }).click();
    await page.getByRole('treeitem', { name: /SELECT carts/, selected: true }).waitFor();
  });
});

test('two traces are compared by choosing one of the same root, and what differs is named', async () => {
  await on(`/traces/${traceA}`, async (page) => {
    await page.getByRole('link', { name: 'Compare with…' }).click();
    await page.getByRole('button', { name: new RegExp(traceB) }).click();
    const summary = page.getByRole('status').filter({ hasText: 'B took' });
    await summary.waitFor();
    expect(await summary.innerText()).toContain(
      'B took 500 ms more: +560 ms in postgresql shop SELECT carts (2 calls), −60 ms in cart list.',
    );
    const table = page.getByRole('table', { name: 'Compare traces' });
    const rows = table.locator('[data-verdict]');
    const said = () => rows.evaluateAll((all) => all.map((row) => `${row.getAttribute('data-verdict')} ${row.textContent}`));
    expect((await said()).map((row) => row.split(' ')[0])).toEqual(['slower', 'slower', 'slower', 'onlyInB', 'onlyInA']);
    await page.getByRole('radio', { name: 'Worst first' }).click();
    await expect.poll(async () => (await said())[0]).toMatch(/slower.*SELECT carts.*100 ms.*500 ms.*\+400 ms/);
    await page.getByRole('button', { name: '1 only in A' }).click();
    await expect.poll(said).toEqual([expect.stringMatching(/cached/)]);
    expect([parameter(page, 'a'), parameter(page, 'b'), parameter(page, 'order')]).toEqual([traceA, traceB, 'worst']);
  });
});

test('what is downloaded can be sent again and is the same trace; opened as a file it is shown the same and stored nowhere', async () => {
  const file = join(directory, 'trace.json');
  await on(`/traces/${traceB}`, async (page) => {
    const rows = page.getByRole('treeitem');
    await rows.first().waitFor();
    const shown = await rows.allInnerTexts();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download OTLP JSON' }).click(),
    ]);
    await download.saveAs(file);
    const otlp = await readFile(file, 'utf8');
    await send('traces', JSON.parse(otlp.replaceAll(traceB, again)) as object);
    expect(await stored(again)).toEqual({ ...(await stored(traceB)), traceId: again });

    await writeFile(join(directory, 'broken.json'), otlp.replace(traceB, 'bb'));
    await writeFile(file, otlp.replaceAll(traceB, 'd'.repeat(32)));
    await page.goto(new URL('/traces/upload', page.url()).href);
    const input = page.locator('input[type=file]');
    await input.setInputFiles(join(directory, 'broken.json'));
    expect(await page.getByRole('alert').innerText()).toContain(
      'resourceSpans[0].scopeSpans[0].spans[0].traceId: 32 hex digits are expected',
    );
    await input.setInputFiles(file);
    await page.getByText('From the file trace.json; not stored.').waitFor();
    expect(await rows.allInnerTexts()).toEqual(shown);
    expect((await fetch(`${collector.apiUrl}/traces/${'d'.repeat(32)}`)).status).toBe(404);
  });
});
