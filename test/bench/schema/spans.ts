import type { Engine } from '@sonde/store';
import { insertEdges, insertPaths, insertSpans, insertStatements } from '../load/generated-system.ts';
import { mergeAll, printBytes } from './sizes.ts';
import { type Trial, tryCodecs, zstd } from './trial.ts';

const spans = 2_000_000;
const spansPerDay = 100_000_000;
const spansPerInsert = 500_000;
const fromMs = Date.UTC(2026, 2, 10, 9);
const system = { fromMs, toMs: fromMs + (spans / spansPerDay) * 86_400_000, spans };

/** Spans as dense as 100 million a day, of a system of 200 services (`load/generated-system.ts`), with their rollups. */
export async function measureSpans(engine: Engine): Promise<void> {
  for (let from = 0; from < spans; from += spansPerInsert) {
    for (const insert of [insertSpans, insertPaths, insertEdges]) await engine.command(insert(system, from, spansPerInsert));
  }
  await engine.command(insertStatements);
  await mergeAll(engine);
  console.log(`${spans} spans in ${Math.round((system.toMs - fromMs) / 60_000)} minutes`);
  await printBytes(engine, 'a span', spansOf);
  for (const trial of trials) await tryCodecs(engine, trial);
}

const KiB = 1024;
const codecs = (...names: readonly string[]) => names.map((codec) => ({ codec }));

/** In force, and what it was chosen from (docs/formats/schema.md). */
const trials: readonly Trial[] = [
  { table: 'spans', column: 'trace_id', candidates: [512, 1024, 2048].map((size) => zstd(3, size * KiB)) },
  { table: 'spans', column: 'parent_span_id', candidates: [128, 512].map((size) => zstd(3, size * KiB)) },
  { table: 'spans', column: 'attributes', candidates: [zstd(1), zstd(3)] },
  { table: 'spans', column: 'timestamp', candidates: codecs('Delta(8), ZSTD(1)', 'Delta(8), T64, ZSTD(1)') },
  { table: 'spans', column: 'duration_ns', candidates: codecs('ZSTD(1)', 'T64, ZSTD(1)') },
  { table: 'trace_ts', column: 'first', candidates: codecs('Delta(8), ZSTD(1)', 'T64, ZSTD(1)') },
  { table: 'trace_ts', column: 'last', candidates: codecs('ZSTD(1)', 'T64, ZSTD(1)', 'GCD, T64, ZSTD(1)', 'GCD, ZSTD(1)') },
  { table: 'trace_ts', column: 'services', candidates: [zstd(1), zstd(3)] },
  { table: 'path_minutes', column: 'hist', candidates: [zstd(1), zstd(3)] },
];

/** Whose rows a table has. An hour has the keys of its rollup soon, a day too: their rows do not grow with the spans of the rest. */
function spansOf(table: string): number {
  if (table.endsWith('_hours')) return spansPerDay / 24;
  return table.endsWith('_days') || table === 'statements' ? spansPerDay : spans;
}
