/**
 * How long a large trace takes to open in a real browser, and how it scrolls: `npm run bench -- ui`. The dashboard is the built one,
 * the collector a process of its own with an empty database, on the same cores as the browser. Beside the time by the clock stands what the
 * collector's process and the page's main thread worked: that is much the same on a machine that has other things to do.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { startBrowser } from '../fixtures/browser.ts';
import { startCollector } from '../fixtures/collector.ts';
import { sendLargeTrace } from './load/large-trace.ts';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000];
const runs = 3;
const scrollMs = 4000;
const settleMs = 10_000;

interface Opened {
  readonly rowsMs: number;
  /** When the question went out. */
  readonly askedMs: number;
  readonly answerMs: number;
  readonly wireBytes: number;
  readonly bytes: number;
  readonly longestTaskMs: number;
  readonly collectorWorkMs: number;
  readonly pageWorkMs: number;
}

interface Scrolled {
  readonly framesPerSecond: number;
  readonly longestTaskMs: number;
  readonly longestFrameMs: number;
  readonly longestWorkMs: number;
  readonly reachedEnd: boolean;
}

/** Runs in the page before anything of its own. */
function watch(): void {
  const seen = { rowsMs: 0, tasks: [] as { startMs: number; ms: number }[] };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.tasks.push({ startMs: startTime, ms: duration });
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (!document.querySelector('[data-span-id]')) return void requestAnimationFrame(look);
    // The frame after the one that has the rows begins when they have been painted.
    requestAnimationFrame(() => (seen.rowsMs = performance.now()));
    return undefined;
  };
  requestAnimationFrame(look);
}

type Watched = typeof globalThis & { seen: { rowsMs: number; tasks: { startMs: number; ms: number }[] } };

/** Linux counts the time of a process in hundredths of a second (proc(5): utime, stime). */
function workMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
}

async function open(page: Page, url: string, traceId: string, pid: number): Promise<Opened> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const [collectorBeforeMs, pageBeforeMs] = [workMs(pid), await mainThreadMs(session)];
  await page.goto(`${url}/traces/${traceId}`, { waitUntil: 'commit' });
  await page.waitForFunction(() => (globalThis as Watched).seen.rowsMs > 0, undefined, { timeout: 120_000 });
  const worked = {
    collectorWorkMs: workMs(pid) - collectorBeforeMs,
    pageWorkMs: (await mainThreadMs(session)) - pageBeforeMs,
  };
  const watched = await page.evaluate((id) => {
    const { seen } = globalThis as Watched;
    const answer = performance
      .getEntriesByType('resource')
      .find(({ name }) => name.endsWith(`/api/v1/traces/${id}/columns`)) as PerformanceResourceTiming | undefined;
    return {
      rowsMs: seen.rowsMs,
      askedMs: answer?.requestStart ?? NaN,
      answerMs: answer ? answer.responseEnd - answer.requestStart : NaN,
      wireBytes: answer?.encodedBodySize ?? NaN,
      bytes: answer?.decodedBodySize ?? NaN,
      longestTaskMs: Math.max(0, ...seen.tasks.map(({ ms }) => ms)),
    };
  }, traceId);
  return { ...watched, ...worked };
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** What the thread worked, in us. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Of the page's main thread, by Chromium's own trace. */
function longestWorkMs(trace: Buffer): number {
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const place = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = new Set(traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(place));
  const tasks = traceEvents.filter((event) => event.name.endsWith('RunTask') && main.has(place(event)));
  return Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}

async function scroll(browser: Browser, page: Page): Promise<Scrolled> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  const seen = await scrolled(page);
  return { ...seen, longestWorkMs: longestWorkMs(await browser.stopTracing()) };
}

function scrolled(page: Page): Promise<Omit<Scrolled, 'longestWorkMs'>> {
  return page.evaluate(async (lastMs) => {
    const { seen } = globalThis as Watched;
    const scroller = document.querySelector('[data-waterfall]') as HTMLElement;
    const endPx = scroller.scrollHeight - scroller.clientHeight;
    const frame = () => new Promise<number>((resolve) => void requestAnimationFrame(resolve));
    // What opening still has to do is not scrolling.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const startMs = await frame();
    let [frames, beforeMs, longestFrameMs] = [0, startMs, 0];
    while (beforeMs - startMs < lastMs) {
      scroller.scrollTop = (endPx * (beforeMs - startMs)) / lastMs;
      const nowMs = await frame();
      longestFrameMs = Math.max(longestFrameMs, nowMs - beforeMs);
      beforeMs = nowMs;
      frames += 1;
    }
    scroller.scrollTop = endPx;
    await frame();
    await frame();
    return {
      framesPerSecond: (frames * 1000) / (beforeMs - startMs),
      longestTaskMs: Math.max(0, ...seen.tasks.filter((task) => task.startMs > startMs).map(({ ms }) => ms)),
      longestFrameMs,
      reachedEnd: scroller.scrollTop >= endPx - 1 && document.querySelector('[data-span-id]') !== null,
    };
  }, scrollMs);
}

/** The first: nothing of the dashboard is in the browser's cache. Again: another tab, with the code of the page in it, as who works with it. */
const visits = ['first', 'again', 'again'] as const;

function line(visit: (typeof visits)[number], opened: Opened, moved: Scrolled): string {
  const ms = (value: number, width: number) => `${value.toFixed(0).padStart(width)} ms`;
  const mb = (value: number, width: number) => `${(value / 1e6).toFixed(1).padStart(width)} MB`;
  return `${visit.padEnd(8)} ${ms(opened.rowsMs, 5)} ${ms(opened.askedMs, 5)} ${ms(opened.answerMs, 5)} ${mb(opened.wireBytes, 9)} ${mb(opened.bytes, 5)} ${ms(opened.collectorWorkMs, 14)} ${ms(opened.pageWorkMs, 9)} ${ms(opened.longestTaskMs, 10)} ${moved.framesPerSecond.toFixed(1).padStart(8)} fps ${ms(moved.longestTaskMs, 11)} ${ms(moved.longestWorkMs, 13)} ${ms(moved.longestFrameMs, 11)}`;
}

const dataDir = await mkdtemp(join(tmpdir(), 'sonde-bench-ui-'));
const collector = await startCollector({ SONDE_DATA_DIR: dataDir });
const browser = await startBrowser();
try {
  const url = collector.apiUrl.replace('/api/v1', '');
  for (const spans of sizes) {
    const traceId = await sendLargeTrace(collector.otlpUrl, spans);
    await collector.drained(60_000);
    // What the settler has to do with the trace is not its opening.
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const busy = (loadavg()[0] as number) / availableParallelism();
    console.log(`\n${spans} spans; processes that wanted a core in the last minute: ${busy.toFixed(1)} for each`);
    console.log(
      '             open    asked   answer  on the wire     JSON  collector worked  page worked  longest task   scrolling   longest task  of that worked  longest frame',
    );
    for (let run = 0; run < runs; run++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      // tsx names functions by a helper that the page does not have.
      await context.addInitScript({ content: 'globalThis.__name = (named) => named;' });
      await context.addInitScript(watch);
      for (const visit of visits) {
        const page = await context.newPage();
        const opened = await open(page, url, traceId, collector.pid);
        const moved = await scroll(browser, page);
        if (!moved.reachedEnd) throw new Error('the end was not reached');
        console.log(line(visit, opened, moved));
        await page.close();
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await collector.stop();
  await rm(dataDir, { recursive: true, force: true });
}
