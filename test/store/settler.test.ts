/** The settler over a real engine; the numbers are those of the invariants in packages/store/src/settle/settler.ts. */
import { readFileSync } from 'node:fs';
import { type Engine } from '@sonde/store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { randomOf, type SampleSpan } from './sample-spans.ts';
import { coarser, edgeRollup, pathRollup, type Rollup, serviceRollup, slowRollups, worldSpans } from './settled-worlds.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const naughty = JSON.parse(
  readFileSync(new URL('../../../shared/vectors/strings/blns.json', import.meta.url), 'utf8'),
) as string[];

/** Unix seconds: a window begins here. Each test has windows of its own, for what was inserted under a token is not inserted again. */
let baseS = 1_773_140_000;

let store: Store;
beforeAll(async () => {
  store = await openStore();
});
beforeEach(async () => {
  baseS += 1_000_000;
  for (const table of ['spans', 'trace_ts', 'resources', 'span_minutes', 'statements', 'settle_progress', ...rollups]) {
    await store.engine.command(`TRUNCATE TABLE ${table}`);
  }
});
afterAll(() => store.close());

const rollups = ['path', 'edge', 'service'].flatMap((noun) =>
  (noun === 'service' ? ['minutes', 'hours'] : ['minutes', 'hours', 'days']).map((resolution) => `${noun}_${resolution}`),
);

async function settle(end: number): Promise<void> {
  const settler = store.newSettler();
  await settler.settle(end);
  await settler.stop();
}

async function load(spans: readonly SampleSpan[], loadedAt: number): Promise<void> {
  if (spans.length > 0) await store.load('traces', traceRequest(spans), loadedAt);
}

/** Each into one of so many loads. */
function dealt(seed: number, spans: readonly SampleSpan[], loads: number): SampleSpan[][] {
  const random = randomOf(seed);
  const piles = Array.from({ length: loads }, (): SampleSpan[] => []);
  for (const span of spans) random.of(piles).push(span);
  return piles;
}

function same(found: Rollup, expected: Rollup): void {
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [key, sums] of expected) expect(found.get(key), key).toEqual(sums);
}

async function expectExact(): Promise<void> {
  const { paths, edges, services } = await slowRollups(store.engine);
  expect(paths.size).toBeGreaterThan(50);
  expect(edges.size).toBeGreaterThan(20);
  same(await pathRollup(store.engine), paths);
  same(await edgeRollup(store.engine), edges);
  same(await serviceRollup(store.engine), services);
}

/** What every span adds, whatever is known of the others: by name, host and kind. */
async function expectEachOnce(): Promise<void> {
  const key = 'service, environment, namespace, name, kind, host, version, instance';
  const [spans, rollup] = await Promise.all(
    [
      `SELECT ${key}, toStartOfMinute(timestamp) AS time, toString(count()) AS n, toString(countIf(status_code = 2)) AS failed, toString(sum(duration_ns)) AS total
FROM spans GROUP BY time, ${key} ORDER BY time, ${key}`,
      `SELECT ${key}, time, toString(sum(calls)) AS n, toString(sum(errors)) AS failed, toString(sum(total_ns)) AS total
FROM path_minutes GROUP BY time, ${key} HAVING sum(calls) > 0 ORDER BY time, ${key}`,
    ].map((sql) => store.engine.query(sql, {}, budget)),
  );
  expect(spans?.length).toBeGreaterThan(20);
  expect(rollup).toEqual(spans);
}

describe('the rollups are what a slow reading of the spans gives', () => {
  test.each([1])('spread over ten seconds of loads (seed %i)', async (seed) => {
    const spans = worldSpans(seed, 130).flat();
    for (const [i, pile] of dealt(seed, spans, 10).entries()) await load(pile, baseS + 5 + i);
    await settle(baseS + 10_000);
    await expectExact();
    await expectEachOnce();
    const paths = await pathRollup(store.engine);
    same(await pathRollup(store.engine, 'path_hours'), coarser(paths, 60));
    same(await pathRollup(store.engine, 'path_days'), coarser(paths, 1440));
    const edges = await edgeRollup(store.engine);
    same(await edgeRollup(store.engine, 'edge_hours'), coarser(edges, 60));
    same(await edgeRollup(store.engine, 'edge_days'), coarser(edges, 1440));
    same(await serviceRollup(store.engine, 'service_hours'), coarser(await serviceRollup(store.engine), 60));
  });

  test('the text of each statement is kept once', async () => {
    await load(worldSpans(4, 60).flat(), baseS);
    await settle(baseS + 10_000);
    const texts = (table: string) =>
      store.engine.query(
        `SELECT DISTINCT toString(statement_hash) AS hash, statement FROM ${table} WHERE statement_hash != 0 ORDER BY hash`,
        {},
        budget,
      );
    expect(await texts('statements FINAL')).toEqual(await texts('spans'));
  });
});

describe('(1) (2) each span is counted once, however it comes', () => {
  test.each([1])('late by minutes, in any order, by settlers that come and go (seed %i)', async (seed) => {
    const random = randomOf(seed);
    const piles = dealt(seed, worldSpans(seed, 60).flat(), 12);
    let second = baseS;
    let settler = store.newSettler();
    for (const pile of piles) {
      await load(pile, second);
      second += random.of([1, 4, 11, 70, 400]);
      await settler.settle(second - random.below(20));
      if (!random.chance(0.3)) continue;
      await settler.stop();
      settler = store.newSettler();
    }
    await settler.settle(second + 100);
    await settler.stop();
    await expectEachOnce();
  });

  test('a publisher hours before, and a parent minutes after', async () => {
    const random = randomOf(9);
    const [trace, other] = [random.hex(32), random.hex(32)];
    const span = (own: Partial<SampleSpan>): SampleSpan => ({
      ...(worldSpans(1, 1)[0]?.[0] as SampleSpan),
      environment: '',
      namespace: '',
      attributes: {},
      links: [],
      parentSpanId: '',
      spanId: random.hex(16),
      traceId: trace,
      ...own,
    });
    const hour = 3_600_000_000_000n;
    const startNs = BigInt(baseS) * 1_000_000_000n;
    const root = span({ kind: 2, service: 'shop', name: 'POST /orders', startNs: startNs - 5n * hour });
    const sent = span({ kind: 4, service: 'shop', name: 'send', parentSpanId: root.spanId, startNs: startNs - 5n * hour });
    await load([root, sent], baseS - 18_000);
    await settle(baseS + 10_000);
    const mail = { traceId: other, service: 'mail', name: 'process', startNs };
    const read = span({ ...mail, kind: 5, links: [{ traceId: trace, spanId: sent.spanId }] });
    const late = span({ ...mail, kind: 1, name: 'work', parentSpanId: read.spanId });
    await load([read], baseS + 300);
    await settle(baseS + 320);
    await load([late], baseS + 700);
    await settle(baseS + 720);
    const rows = await store.engine.query(
      'SELECT api_service, api_name, asynchronous, name, toFloat64(sum(calls)) AS n FROM path_minutes WHERE service = {service:String} GROUP BY ALL ORDER BY name',
      { service: 'mail' },
      budget,
    );
    const api = { api_service: 'shop', api_name: 'POST /orders', asynchronous: 1, n: 1 };
    expect(rows).toEqual([
      { ...api, name: 'process' },
      { ...api, name: 'work' },
    ]);
  });

  test('a span in the middle of a trace that lasts for days', async () => {
    const random = randomOf(3);
    const [first] = worldSpans(1, 1)[0] as [SampleSpan];
    const trace = random.hex(32);
    const day = 86_400_000_000_000n;
    // Parents that are nowhere: the whole trace is looked for.
    const spans = Array.from({ length: 11 }, (_, i) => ({
      ...first,
      traceId: trace,
      spanId: random.hex(16),
      parentSpanId: random.hex(16),
      kind: 1,
      links: [],
      startNs: first.startNs + (BigInt(i) * day) / 2n,
    }));
    await load([...spans, ...worldSpans(2, 30).flat()], baseS);
    await settle(baseS + 10_000);
    await expectEachOnce();
  });
});

/** Fails its call number `at`, before or after it was carried out. */
function faulty(engine: Engine, at: number, when: 'before' | 'after'): { engine: Engine; calls: () => number } {
  let calls = 0;
  async function step<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const isIt = ++calls === at;
    if (isIt && when === 'before') throw new Error('planted: not carried out');
    const answer = await call();
    if (isIt) throw new Error('planted: the answer is lost');
    return answer;
  }
  return {
    calls: () => calls,
    engine: {
      kind: engine.kind,
      version: engine.version,
      query: (sql, params, own) => step(() => engine.query(sql, params, own)),
      queryNative: (sql, params, own) => step(() => engine.queryNative(sql, params, own)),
      command: (sql) => step(() => engine.command(sql)),
      maintain: (sql, params) => step(() => engine.maintain(sql, params)),
      insertFiles: (...own) => step(() => engine.insertFiles(...own)),
      close: () => engine.close(),
    },
  };
}

describe('(1) a settler that ends anywhere is followed by one that repeats nothing and loses nothing', () => {
  // Every third call in each; which ones differs.
  test.each([
    ['before', 1],
    ['after', 2],
  ] as const)('each call fails once, %s it was carried out', async (when, first) => {
    let failed = 0;
    for (let at: number = first; ; at += 3) {
      const second = baseS + at * 100;
      for (const [i, pile] of dealt(at, worldSpans(at * 7, 3).flat(), 2).entries()) await load(pile, second + 5 + i * 7);
      const fault = faulty(store.engine, at, when);
      const settler = store.newSettler({ engine: fault.engine });
      const outcome = await settler.settle(second + 50).then(
        () => 'done',
        (error: Error) => error.message,
      );
      await settler.stop();
      await settle(second + 50);
      if (outcome === 'done') break;
      failed++;
      expect(outcome).toMatch(/^planted/);
      expect(fault.calls()).toBe(at);
    }
    expect(failed).toBeGreaterThan(4);
    await expectEachOnce();
    await expectExact();
    same(await pathRollup(store.engine, 'path_days'), coarser(await pathRollup(store.engine), 1440));
  });
});

describe('shards', () => {
  const counted = async () => {
    const [row] = await store.engine.query<{ n: number }>('SELECT toFloat64(sum(calls)) AS n FROM path_minutes', {}, budget);
    return row?.n;
  };
  async function settleShard(shard: number, shards: number, end: number): Promise<void> {
    const settler = store.newSettler({ shard: { shard, shards } });
    try {
      await settler.settle(end);
    } finally {
      await settler.stop();
    }
  }

  test('together find what one finds alone', async () => {
    const piles = dealt(5, worldSpans(5, 130).flat(), 10);
    for (const [i, pile] of piles.entries()) await load(pile, baseS + 5 + i);
    await settleShard(0, 2, baseS + 100);
    const half = await counted();
    expect(half).toBeGreaterThan(100);
    await settleShard(1, 2, baseS + 100);
    expect(await counted()).toBeGreaterThan((half as number) + 100);
    await expectExact();
  });

  test('their number changes where all have come to the same second, and back, and counts nothing twice', async () => {
    await load(worldSpans(1, 20).flat(), baseS);
    await settleShard(0, 1, baseS + 100);
    await load(worldSpans(2, 20).flat(), baseS + 200);
    await settleShard(0, 2, baseS + 300);
    await expect(settleShard(0, 1, baseS + 300)).rejects.toThrow(/1\/2 is behind/);
    await expect(settleShard(2, 3, baseS + 300)).rejects.toThrow(/1\/2 is behind/);
    // It begins where one shard ended, though its fellow is ahead by then.
    await settleShard(1, 2, baseS + 300);
    await load(worldSpans(3, 20).flat(), baseS + 400);
    await settleShard(0, 1, baseS + 500);
    await load(worldSpans(4, 20).flat(), baseS + 600);
    await settleShard(1, 2, baseS + 700);
    await settleShard(0, 2, baseS + 700);
    await settleShard(0, 2, baseS + 700);
    await expectEachOnce();
  });

  test('one that has had nothing to do for long is not behind', async () => {
    const [one] = worldSpans(1, 1)[0] as [SampleSpan];
    await load([one], baseS);
    await settleShard(0, 2, baseS + 100);
    await settleShard(1, 2, baseS + 100);
    await load([{ ...one, spanId: '00000000000000aa' }], baseS + 200);
    await settleShard(0, 2, baseS + 300);
    await settleShard(1, 2, baseS + 300);
    await load(worldSpans(2, 30).flat(), baseS + 400);
    await settleShard(0, 1, baseS + 500);
    await expectEachOnce();
  });
});

describe('(3) a window that cannot be settled', () => {
  /** Answers what is no Native block to the reading of one window. */
  const poisoned = (engine: Engine, message?: string): Engine => ({
    ...faulty(engine, 0, 'before').engine,
    queryNative: (sql, params, own) => {
      if (params['from'] !== baseS + 100) return engine.queryNative(sql, params, own);
      return message ? Promise.reject(new Error(message)) : Promise.resolve(Buffer.from('no block'));
    },
  });

  test('is left out after some tries, and says so, and the next is settled', async () => {
    for (const [i, pile] of dealt(1, worldSpans(6, 60).flat(), 3).entries()) await load(pile, baseS + i * 100);
    const reports: string[] = [];
    const settler = store.newSettler({ engine: poisoned(store.engine), report: (_, message) => reports.push(message) });
    let tries = 0;
    for (let done = false; !done; tries++) {
      done = await settler.settle(baseS + 300).then(
        () => true,
        () => false,
      );
    }
    expect(tries).toBe(8);
    expect(settler.status).toMatchObject({ skippedWindows: 1, through: baseS + 300 });
    expect(reports).toEqual(['a window of spans could not be settled: the rollups lack it']);
    await settler.stop();
    const [{ lacking }] = (await store.engine.query<{ lacking: string }>(
      `SELECT toString(toInt64(count()) - (SELECT sum(calls) FROM path_minutes) - (SELECT count() FROM spans WHERE loaded_at = toDateTime(${baseS + 100}))) AS lacking FROM spans`,
      {},
      budget,
    )) as [{ lacking: string }];
    expect(lacking).toBe('0');
  });

  test('for what is not its fault is tried until it succeeds', async () => {
    for (const [i, pile] of dealt(1, worldSpans(6, 60).flat(), 3).entries()) await load(pile, baseS + i * 100);
    const settler = store.newSettler({ engine: poisoned(store.engine, 'Code: 243. DB::Exception: no space') });
    for (let i = 0; i < 20; i++) await expect(settler.settle(baseS + 300)).rejects.toThrow('no space');
    expect(settler.status.skippedWindows).toBe(0);
    await settler.stop();
    await settle(baseS + 300);
    await expectEachOnce();
  });
});

describe('(4) much at once', () => {
  test('a trace of 100,000 spans, and the event loop goes on', async () => {
    await store.engine
      .command(`INSERT INTO spans (timestamp, received_at, duration_ns, trace_id, span_id, parent_span_id, name, kind, service, loaded_at)
SELECT fromUnixTimestamp64Nano(${baseS}000000000 + number * 1000), now64(3), 1000000, unhex('0123456789abcdef0123456789abcdef'),
  unhex(hex(toUInt64(number + 1))), unhex(hex(toUInt64(intDiv(number, 2)))), concat('name ', toString(number % 7)), 1 + number % 5, 'shop', toDateTime(${baseS})
FROM numbers(100000)`);
    let longestMs = 0;
    let before = performance.now();
    const watch = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - before);
      before = performance.now();
    }, 5);
    const startedAt = performance.now();
    await settle(baseS + 10_000);
    clearInterval(watch);
    console.log(
      `100,000 spans of one trace: ${Math.round(performance.now() - startedAt)} ms, the event loop held for ${Math.round(longestMs)} ms at most`,
    );
    await expectEachOnceOf('name, kind');
  });

  test('a window of 160,000 spans is settled in parts, each trace whole', async () => {
    await store.engine
      .command(`INSERT INTO spans (timestamp, received_at, duration_ns, trace_id, span_id, parent_span_id, name, kind, service, loaded_at)
SELECT fromUnixTimestamp64Nano(${baseS}000000000 + number % 4), now64(3), 4 - number % 4, toFixedString(reinterpretAsString(sipHash128(intDiv(number, 4))), 16),
  reinterpretAsFixedString(sipHash64(number)), if(number % 4 = 0, toFixedString('', 8), reinterpretAsFixedString(sipHash64(number - 1))),
  concat('name ', toString(number % 4)), 2, 'shop', toDateTime(${baseS})
FROM numbers(160000)`);
    await settle(baseS + 1_000);
    const rows = await store.engine.query(
      `SELECT api_name, name, toFloat64(sum(calls)) AS n, toFloat64(sum(self_ns)) AS self, toFloat64(sum(critical_ns)) AS critical
FROM path_minutes GROUP BY api_name, name ORDER BY name`,
      {},
      budget,
    );
    const each = { api_name: 'name 0', n: 40_000, self: 40_000, critical: 40_000 };
    expect(rows).toEqual([0, 1, 2, 3].map((place) => ({ ...each, name: `name ${place}` })));
  });

  test('naughty strings are in the rollups, byte for byte', async () => {
    const [template] = worldSpans(1, 1)[0] as [SampleSpan];
    const { hex } = randomOf(8);
    const spans = naughty.map((text) => ({
      ...template,
      kind: 2,
      parentSpanId: '',
      links: [],
      attributes: {},
      traceId: hex(32),
      spanId: hex(16),
      service: `s${text}`,
      name: `n${text}`,
      host: `h${text}`,
      instance: `i${text}`,
      version: `v${text}`,
      environment: `e${text}`,
      namespace: `m${text}`,
    }));
    await load(spans, baseS);
    await settle(baseS + 1_000);
    await expectEachOnce();
    const names = await store.engine.query<{ hex: string }>(
      'SELECT hex(api_name) AS hex FROM path_minutes GROUP BY hex ORDER BY hex',
      {},
      budget,
    );
    const expected = [...new Set(naughty.map((text) => Buffer.from(`n${text}`).toString('hex').toUpperCase()))];
    expect(names.map((row) => row.hex)).toEqual(expected.toSorted());
  });

  test('of a service with 10,000 names 2,000 are kept', async () => {
    await store.engine
      .command(`INSERT INTO spans (timestamp, received_at, duration_ns, trace_id, span_id, name, kind, service, loaded_at)
SELECT fromUnixTimestamp64Nano(${baseS}000000000), now64(3), number, unhex(hex(sipHash128(number))), unhex(hex(sipHash64(number))),
  concat('GET /', toString(number)), 2, if(number < 10000, 'wild', 'tame'), toDateTime(${baseS} + number % 100)
FROM numbers(10100)`);
    // A clock that is wrong by years in every window begins no new day of names.
    await store.engine
      .command(`INSERT INTO spans (timestamp, received_at, duration_ns, trace_id, span_id, name, kind, service, loaded_at)
SELECT fromUnixTimestamp64Nano(number % 3 * 86400000000000), now64(3), number, unhex(hex(sipHash128(number, 1))), unhex(hex(sipHash64(number, 1))),
  'GET /', 2, 'lost', toDateTime(${baseS} + number)
FROM numbers(100)`);
    const settler = store.newSettler();
    await settler.settle(baseS + 1000);
    await settler.stop();
    expect(settler.status.overflowed).toBe(8_000);
    const rows = await store.engine.query(
      `SELECT service, uniqExact(name) AS names, toFloat64(sumIf(calls, name = '{other}')) AS others, toFloat64(sum(calls)) AS n, toFloat64(sum(total_ns)) AS total
FROM path_minutes GROUP BY service ORDER BY service`,
      {},
      budget,
    );
    expect(rows).toEqual([
      { service: 'lost', names: '1', others: 0, n: 100, total: 4950 },
      { service: 'tame', names: '100', others: 0, n: 100, total: 1_004_950 },
      { service: 'wild', names: '2001', others: 8000, n: 10_000, total: 49_995_000 },
    ]);
  });

  test('20,000 statements', async () => {
    await store.engine
      .command(`INSERT INTO spans (timestamp, received_at, duration_ns, trace_id, span_id, name, kind, service, db_system, attributes, loaded_at)
SELECT fromUnixTimestamp64Nano(${baseS}000000000), now64(3), number, unhex(hex(sipHash128(number))), unhex(hex(sipHash64(number))),
  'SELECT', 3, 'shop', 'postgresql', map('db.query.text', concat('SELECT 1 FROM ', translate(toString(number), '0123456789', 'abcdefghij'))), toDateTime(${baseS})
FROM numbers(20000)`);
    await settle(baseS + 10_000);
    const [row] = await store.engine.query(
      'SELECT uniqExact(statement_hash) AS hashes, uniqExact(statement) AS texts FROM statements',
      {},
      budget,
    );
    expect(row).toEqual({ hashes: '20000', texts: '20000' });
  });

  async function expectEachOnceOf(key: string): Promise<void> {
    const [spans, rollup] = await Promise.all(
      [
        `SELECT ${key}, count() AS n FROM spans GROUP BY ${key} ORDER BY ${key}`,
        `SELECT ${key}, sum(calls) AS n FROM path_minutes GROUP BY ${key} ORDER BY ${key}`,
      ].map((sql) => store.engine.query(sql, {}, budget)),
    );
    expect(rollup).toEqual(spans);
  }
});
