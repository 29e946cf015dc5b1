/** What the list says of a trace: what was noted of it as it was loaded and, where that is not enough, what its spans say. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, migrate, openEngine } from '@sonde/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { traceSummaries } from '../../packages/store/src/query/trace-summaries.ts';
import { migrations } from '../../packages/store/src/schema/migrate.ts';

let directory: string;
let engine: Engine;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-summaries-'));
  engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_default' });
  await migrate(
    engine,
    migrations.filter(({ version }) => version < 15),
  );
  await load('old', [1, 0, 'gateway', 0, 30], [2, 1, 'orders', 10, 20]);
  await load('between', [2, 1, 'orders', 10, 20]);
  await migrate(engine);
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

/** Span id and that of its parent (0: it has none), service, begin and end in milliseconds. Its name is `<service> <span id>`. */
type Drawn = readonly [id: number, parent: number, service: string, fromMs: number, toMs: number];

async function load(trace: string, ...spans: readonly Drawn[]): Promise<void> {
  const text = spans.map(([id, parent, service, from, to]) => `(${id}, ${parent}, '${service}', ${from}, ${to})`).join(', ');
  await engine.command(`
INSERT INTO spans (trace_id, span_id, parent_span_id, service, name, timestamp, duration_ns)
SELECT toFixedString('${trace}', 16), toFixedString(toString(id), 8), toFixedString(if(parent = 0, '', toString(parent)), 8), owner,
  concat(owner, ' ', toString(id)), fromUnixTimestamp64Milli(1773133200000 + toInt64(begin)), (over - begin) * 1000000
FROM values('id UInt32, parent UInt32, owner String, begin Int32, over Int32', ${text})`);
}

const idOf = (trace: string) => Buffer.alloc(16).fill(trace, 0, trace.length).toString('hex');

async function summary(trace: string) {
  const [found] = await traceSummaries(engine, [idOf(trace)]);
  if (found === undefined) return undefined;
  const { durationNs, root, services, spanCount } = found;
  return {
    durationMs: durationNs / 1e6,
    root: root.name,
    spanCount,
    services: services.map(({ service, spans }) => [service, spans]),
  };
}

const usual = {
  durationMs: 30,
  root: 'gateway 1',
  spanCount: 3,
  services: [
    ['orders', 2],
    ['gateway', 1],
  ],
};

test('of one root, without a look at the spans', async () => {
  await load('usual', [1, 0, 'gateway', 0, 30], [2, 1, 'orders', 10, 20]);
  await load('usual', [3, 2, 'orders', 12, 15]);
  expect(await summary('usual')).toEqual(usual);
  await engine.command('RENAME TABLE spans TO hidden');
  try {
    expect(await summary('usual')).toEqual(usual);
  } finally {
    await engine.command('RENAME TABLE hidden TO spans');
  }
});

test('of rows from before migration 15, and of a trace that was on its way then', async () => {
  expect(await summary('old')).toEqual({
    ...usual,
    spanCount: 2,
    services: [
      ['gateway', 1],
      ['orders', 1],
    ],
  });
  await load('between', [1, 0, 'gateway', 0, 30], [3, 2, 'orders', 12, 15]);
  expect(await summary('between')).toEqual(usual);
});

test('the first of several roots, though it came later', async () => {
  await load('roots', [1, 0, 'b', 10, 20], [2, 0, 'a', 12, 40], [3, 1, 'a', 5, 6]);
  await load('roots', [4, 0, 'c', 8, 9]);
  expect(await summary('roots')).toMatchObject({ durationMs: 35, root: 'c 4' });
});

test('a root before an orphan that began earlier, and without a root the first orphan', async () => {
  await load('orphan', [1, 0, 'gateway', 10, 20], [2, 99, 'late', 0, 5]);
  expect(await summary('orphan')).toMatchObject({ durationMs: 20, root: 'gateway 1' });
  await load('orphans', [1, 98, 'b', 10, 20], [2, 99, 'a', 5, 8], [3, 1, 'child', 0, 4]);
  expect(await summary('orphans')).toMatchObject({ durationMs: 20, root: 'a 2', spanCount: 3 });
});

test('the first of a cycle', async () => {
  await load('cycle', [1, 2, 'b', 10, 20], [2, 1, 'a', 5, 30]);
  expect(await summary('cycle')).toMatchObject({ durationMs: 25, root: 'a 2' });
});

test.each([100, 101])('of %d services', async (count) => {
  await load(`wide-${count}`, ...Array.from({ length: count }, (_, i): Drawn => [i + 1, i, `s${i}`, i, 200]));
  const found = await summary(`wide-${count}`);
  expect(found).toMatchObject({ root: 's0 1', spanCount: count });
  expect(found?.services).toHaveLength(count);
});

test('of none that is not stored', async () => {
  expect(await summary('unknown')).toBeUndefined();
});
