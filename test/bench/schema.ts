/**
 * Bytes on disk for each span, log record and data point, by table, by column and by index, everything merged; and the codecs that were tried
 * on logs and metrics. Figures and what was tried: docs/formats/schema.md.
 *
 * `npx tsx --conditions @sonde/source test/bench/schema.ts [spans | logs | logs-dense | metrics | metrics-fresh ...]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, migrate, openEngine } from '@sonde/store';
import { measureLogs } from './schema/logs.ts';
import { measureMetrics } from './schema/metrics.ts';
import { measureSpans } from './schema/spans.ts';

const measures: Readonly<Record<string, (engine: Engine) => Promise<void>>> = {
  spans: measureSpans,
  logs: (engine) => measureLogs(engine),
  'logs-dense': (engine) => measureLogs(engine, 100_000_000),
  metrics: (engine) => measureMetrics(engine, { series: 'one in sixty', pointsEach: 8640 }),
  'metrics-fresh': (engine) => measureMetrics(engine, { series: 'all', pointsEach: 144 }),
};

const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(measures)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n-- ${name}`);
  await inNewDatabase(measure);
}

async function inNewDatabase(measure: (engine: Engine) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'sonde-bench-'));
  try {
    const engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_bench' });
    await migrate(engine);
    await measure(engine);
    await engine.close();
  } finally {
    await rm(directory, { recursive: true });
  }
}
