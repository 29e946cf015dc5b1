import { type Engine, Settler, systemClock } from '@sonde/store';
import { type Generated, insertEdges, insertPaths, insertSpans } from './generated-system.ts';

const budget = { timeMs: 60_000, memoryBytes: 3e9, rowsMax: 1e12 };
const checked = 20_000;

const digest = `SELECT
  (SELECT sum(cityHash64(* EXCEPT (hist, error_hist), arraySort(arrayZip(hist.1, hist.2)), arraySort(arrayZip(error_hist.1, error_hist.2)))) FROM path_minutes FINAL) AS paths,
  (SELECT sum(cityHash64(* EXCEPT hist, arraySort(arrayZip(hist.1, hist.2)))) FROM edge_minutes FINAL) AS edges`;

/** Whether the rollups that the generator makes of a piece are those that the settler makes of its spans. Leaves the tables empty. */
export async function settlerAgrees(engine: Engine, system: Generated, directory: string): Promise<string> {
  const piece = { ...system, toMs: system.fromMs + (system.toMs - system.fromMs) * (checked / system.spans), spans: checked };
  const empty = async () => {
    const rollups = ['path', 'operation', 'instance', 'edge'].flatMap((rollup) =>
      ['hours', 'days'].map((resolution) => `${rollup}_${resolution}`),
    );
    const tables = [
      'path_minutes',
      'edge_minutes',
      ...rollups,
      'service_minutes',
      'service_hours',
      'span_minutes',
      'spans',
      'trace_ts',
      'settle_progress',
      'statements',
    ];
    for (const table of tables) await engine.command(`TRUNCATE TABLE ${table}`);
  };
  await engine.command(insertPaths(piece, 0, checked));
  await engine.command(insertEdges(piece, 0, checked));
  const generated = JSON.stringify(await engine.query(digest, {}, budget));
  await empty();
  await engine.command(insertSpans(piece, 0, checked));
  const settler = new Settler({
    engine,
    clock: systemClock,
    report: (_, message, details) => console.error(message, details),
    directory,
    shard: { shard: 0, shards: 1 },
    delaySeconds: 10,
    sealed: () => Promise.resolve(0),
  });
  await settler.settle(4_000_000_000);
  const settled = JSON.stringify(await engine.query(digest, {}, budget));
  await settler.stop();
  await empty();
  return settled === generated
    ? `The settler makes the same rollups of ${checked} of these spans.`
    : `THE SETTLER DIFFERS over ${checked} spans: ${settled}, generated ${generated}`;
}
