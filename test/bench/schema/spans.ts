import type { Engine } from '@sonde/store';
import { insertEdges, insertPaths, insertSpans, insertStatements } from '../load/generated-system.ts';
import { mergeAll, printBytes } from './sizes.ts';

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
}

/** Whose rows a table has. An hour has the keys of its rollup soon, a day too: their rows do not grow with the spans of the rest. */
function spansOf(table: string): number {
  if (table.endsWith('_hours')) return spansPerDay / 24;
  return table.endsWith('_days') || table === 'statements' ? spansPerDay : spans;
}
