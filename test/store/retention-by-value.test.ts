/** What is kept of old spans, against a slow judgement of the same traces in plain TypeScript. */
import type { RetentionSettings } from '@sonde/api';
import { type Engine, Retention } from '@sonde/store';
import { groupBy } from '@sonde/model';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dayMs, dayOf } from '../../packages/store/src/retention/days.ts';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { clockAt } from './retention-clock.ts';
import { randomOf, type SampleSpan } from './sample-spans.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const defaults: RetentionSettings = {
  spansDays: 5,
  keptSpansDays: 30,
  logsDays: 30,
  metricsDays: 30,
  minuteRollupsDays: 30,
  hourRollupsDays: 30,
  dayRollupsDays: 30,
  slowMs: 1000,
  samplePercent: 10,
};
const dayNs = 86_400_000_000_000n;
const slowNs = 1_000_000_000n;

/** The 7th and the 8th are past five days at noon of the 14th; everything was received on the 10th. */
const firstDay = dayOf('2026-03-07');
const lastThinned = dayOf('2026-03-08');
const nowMs = dayOf('2026-03-14') * dayMs + dayMs / 2;

const dayOfSpan = ({ startNs }: SampleSpan): number => Number(startNs / dayNs);

/** Traces of the 7th to the 10th, every other of them around a midnight, some slow by one nanosecond, some not by none. */
function makeSpans(seed: number, traces: number): SampleSpan[] {
  const random = randomOf(seed);
  const shared = { service: 's', instance: 'i', host: 'h', version: '1', kind: 2, parentSpanId: '', attributes: {} };
  return Array.from({ length: traces }, (_, i): SampleSpan[] => {
    const traceId = random.hex(32);
    const midnight = BigInt(firstDay + 1 + random.below(3)) * dayNs;
    const startNs = i % 2 === 0 ? midnight - BigInt(random.below(1e9)) : midnight - BigInt(1 + random.below(86_399)) * slowNs;
    const lengthNs = random.of([slowNs, slowNs + 1n, slowNs - 1n, 5_000_000n, 5_000_000n, 5_000_000n, 5_000_000n]);
    // The last span is the one that ends the trace, hours later now and then.
    const lateNs = random.chance(0.05) ? BigInt(1 + random.below(30)) * 3_600_000_000_000n : 0n;
    return Array.from({ length: 1 + random.below(4) }, (__, j, isLast = j > 0 && random.chance(0.5)) => ({
      ...shared,
      traceId,
      spanId: random.hex(16),
      name: `span ${j}`,
      startNs: startNs + (isLast ? lengthNs - 1000n + lateNs : BigInt(random.below(1000))),
      durationNs: isLast ? 1000n : BigInt(random.below(1000)),
      failed: random.chance(0.05),
    }));
  }).flat();
}

const spans = makeSpans(3, 600);
let store: Store;
let sampled: ReadonlySet<string>;

/** In two loads, so that a trace comes in pieces. */
async function load(all: readonly SampleSpan[]): Promise<void> {
  const random = randomOf(1);
  const pieces: SampleSpan[][] = [[], []];
  for (const span of all) random.of(pieces).push(span);
  for (const piece of pieces) await store.load('traces', traceRequest(piece));
}

beforeAll(async () => {
  store = await openStore();
  const rows = await store.engine.query<{ id: string }>(
    'SELECT arrayJoin({ids:Array(String)}) AS id WHERE cityHash64(toFixedString(unhex(id), 16)) % 10000 < 1000',
    { ids: [...new Set(spans.map(({ traceId }) => traceId))] },
    budget,
  );
  sampled = new Set(rows.map(({ id }) => id));
});
afterAll(() => store.close());
beforeEach(() => truncate());

async function truncate(): Promise<void> {
  const tables = ['spans', 'trace_ts', 'retention_log', 'kept_traces', 'settings'];
  for (const table of tables) await store.engine.command(`TRUNCATE TABLE ${table}`);
}

function retention(engine: Engine = store.engine, now = nowMs, set: Partial<RetentionSettings> = {}): Retention {
  const settings = { ...defaults, ...set };
  return new Retention({ engine, clock: clockAt(now), report: () => undefined, defaults: settings, diskFreeMinBytes: 0 });
}

function isOfValue(trace: readonly SampleSpan[]): boolean {
  const start = trace.reduce((min, { startNs }) => (startNs < min ? startNs : min), trace[0]?.startNs ?? 0n);
  const end = trace.reduce((max, { startNs, durationNs }) => (startNs + durationNs > max ? startNs + durationNs : max), 0n);
  return trace.some(({ failed }) => failed) || end - start > slowNs || sampled.has(trace[0]?.traceId ?? '');
}

function expected(all: readonly SampleSpan[], lastDay = lastThinned): SampleSpan[] {
  return [...groupBy(all, ({ traceId }) => traceId).values()].flatMap((trace) =>
    trace.filter((span) => dayOfSpan(span) > lastDay || isOfValue(trace)),
  );
}

const idsOf = (all: readonly SampleSpan[]): string[] => all.map(({ spanId }) => spanId).toSorted();

async function storedIds(): Promise<string[]> {
  const rows = await store.engine.query<{ id: string }>('SELECT lower(hex(span_id)) AS id FROM spans ORDER BY id', {}, budget);
  return rows.map(({ id }) => id);
}

const fiveMinutesNs = 300_000_000_000n;

/** Every span that stays is where its trace is looked up, and no trace is known that has none. */
async function expectTracesFound(left: readonly SampleSpan[]): Promise<void> {
  const rows = await store.engine.query<{ id: string; first: string; last: string }>(
    `SELECT lower(hex(trace_id)) AS id, toString(min(toUnixTimestamp64Nano(trace_ts.first))) AS first,
       toString(max(toUnixTimestamp64Nano(trace_ts.last))) AS last FROM trace_ts GROUP BY trace_id`,
    {},
    budget,
  );
  const bounds = new Map(rows.map(({ id, first, last }) => [id, [BigInt(first), BigInt(last)] as const]));
  expect([...bounds.keys()].toSorted()).toEqual([...new Set(left.map(({ traceId }) => traceId))].toSorted());
  for (const { startNs, traceId } of left) {
    const [first = 0n, last = 0n] = bounds.get(traceId) ?? [];
    expect(startNs >= first && startNs < last + fiveMinutesNs, traceId).toBe(true);
  }
}

describe('of days past the short limit', () => {
  test('(1) whole traces stay that failed, were slow or are in the sample, and nothing else does', async () => {
    await load(spans);
    const left = expected(spans);
    // The case is worth something: both sorts, on the thinned days, and across midnight.
    const thinned = spans.filter((span) => dayOfSpan(span) <= lastThinned);
    expect(left.filter((span) => dayOfSpan(span) <= lastThinned).length).toBeGreaterThan(thinned.length / 5);
    expect(spans.length - left.length).toBeGreaterThan(thinned.length / 5);
    await retention().run();
    expect(await storedIds()).toEqual(idsOf(left));
    await expectTracesFound(left);
    const { dropped } = await retention().get();
    expect(dropped.map(({ day, reason }) => `${day} ${reason}`)).toEqual(['2026-03-08 value', '2026-03-07 value']);
    expect(dropped.reduce((sum, { rows }) => sum + rows, 0)).toBe(spans.length - left.length);
  });

  test('(3) a day is thinned once; rows that come in late are kept for a day, then judged', async () => {
    await load(spans);
    await retention().run();
    const mutations = 'SELECT toUInt32(count()) AS mutations FROM system.mutations WHERE database = currentDatabase()';
    const before = await store.engine.query(mutations, {}, budget);
    await retention().run();
    expect(await store.engine.query(mutations, {}, budget)).toEqual(before);

    const late = makeSpans(4, 40).map((span) => ({ ...span, failed: false }));
    await load(late);
    // They were received at 10:53 of the 10th.
    const received = dayOf('2026-03-10') * dayMs + 11 * 3_600_000;
    await retention(store.engine, received + dayMs - 3_600_000, { spansDays: 1 }).run();
    expect(await storedIds()).toEqual(idsOf([...expected(spans), ...late]));
    await retention(store.engine, nowMs, { samplePercent: 0 }).run();
    expect(await storedIds()).toEqual(
      idsOf([
        ...expected(spans).filter((span) => dayOfSpan(span) > lastThinned || isStillOfValue(span)),
        ...late.filter((span) => dayOfSpan(span) > lastThinned || isLateOfValue(span)),
      ]),
    );

    function isStillOfValue({ traceId }: SampleSpan): boolean {
      return sampled.has(traceId) ? isSlowOrFailed(spans.filter((other) => other.traceId === traceId)) : true;
    }
    function isLateOfValue({ traceId }: SampleSpan): boolean {
      return isSlowOrFailed(late.filter((other) => other.traceId === traceId));
    }
  });

  function isSlowOrFailed(trace: readonly SampleSpan[]): boolean {
    const own = trace.map(({ startNs }) => startNs).toSorted((a, b) => (a < b ? -1 : 1));
    const ends = trace.map(({ startNs, durationNs }) => startNs + durationNs).toSorted((a, b) => (a < b ? -1 : 1));
    return trace.some(({ failed }) => failed) || (ends.at(-1) ?? 0n) - (own[0] ?? 0n) > slowNs;
  }

  test('(1) a trace is still known by its later days when the day that it began on is dropped', async () => {
    await load(spans);
    await retention(store.engine, nowMs, { spansDays: 5, keptSpansDays: 5 }).run();
    const left = spans.filter((span) => dayOfSpan(span) > lastThinned);
    expect(await storedIds()).toEqual(idsOf(left));
    await expectTracesFound(left);
  });
});

describe('(2) wherever it is cut short', () => {
  test('at whichever statement, another start ends with the same spans', async () => {
    const oneDay = { spansDays: 6 };
    // Each part that a deletion passes costs the engine a tenth of a second.
    const few = spans.filter((span) => dayOfSpan(span) <= lastThinned);
    const left = idsOf(expected(few, firstDay));
    let cuts = 0;
    for (let at = 1, isCut = true; isCut; at++) {
      await store.load('traces', traceRequest(few));
      let statements = 0;
      isCut = false;
      const engine: Engine = {
        ...store.engine,
        async maintain(sql, params) {
          isCut = ++statements === at;
          if (isCut) throw new Error('cut short');
          await store.engine.maintain(sql, params);
        },
      };
      await retention(engine, nowMs, oneDay)
        .run()
        .catch(() => cuts++);
      await retention(store.engine, nowMs, oneDay).run();
      expect(await storedIds(), `cut at ${at}`).toEqual(left);
      await truncate();
    }
    // Truncate, judge, record, two deletions, record.
    expect(cuts).toBe(6);
  });

  const cutBeforeDeletion: Engine['maintain'] = async (sql, params) => {
    if (sql.startsWith('ALTER TABLE spans DELETE')) throw new Error('cut short');
    await store.engine.maintain(sql, params);
  };

  test('a judgement holds whatever is set meanwhile', async () => {
    await load(spans);
    const cut = retention({ ...store.engine, maintain: cutBeforeDeletion }, nowMs, { spansDays: 6 });
    await expect(cut.run()).rejects.toThrow('cut short');
    await retention(store.engine, nowMs, { spansDays: 6, samplePercent: 0, slowMs: 80_000_000 }).run();
    expect(await storedIds()).toEqual(idsOf(expected(spans, firstDay)));
  });

  test('a judgement that lost its traces is made anew', async () => {
    await load(spans);
    const cut = retention({ ...store.engine, maintain: cutBeforeDeletion }, nowMs, { spansDays: 6 });
    await expect(cut.run()).rejects.toThrow('cut short');
    await store.engine.command('TRUNCATE TABLE kept_traces');
    await retention(store.engine, nowMs, { spansDays: 6 }).run();
    expect(await storedIds()).toEqual(idsOf(expected(spans, firstDay)));
  });
});
