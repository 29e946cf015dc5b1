import type { Engine } from '@sonde/store';
import { insertLogs } from '../load/generated-logs.ts';
import { mergeAll, printBytes } from './sizes.ts';
import { type Trial, tryCodecs, tryIndexes, tryOrder, zstd } from './trial.ts';

const records = 2_000_000;
const recordsPerInsert = 250_000;
const fromMs = Date.UTC(2026, 2, 10);
const KiB = 1024;
const MiB = 1024 * KiB;

const times = [
  'Delta(8), ZSTD(1)',
  'Delta(8), T64, ZSTD(1)',
  'T64, ZSTD(1)',
  'DoubleDelta, ZSTD(1)',
  'Delta(8), ZSTD(3)',
  'GCD, Delta(8), ZSTD(1)',
  'GCD, Delta(8), T64, ZSTD(1)',
].map((codec) => ({ codec }));
const ids = [zstd(1), zstd(1, MiB), zstd(3), zstd(3, 512 * KiB), zstd(3, MiB), zstd(3, 2 * MiB), { codec: 'LZ4' }];

const trials: readonly Trial[] = [
  {
    table: 'logs',
    column: 'body',
    candidates: [zstd(1), zstd(1, MiB), zstd(2), zstd(3), zstd(3, 256 * KiB), zstd(3, MiB), zstd(5), zstd(6), { codec: 'LZ4' }],
  },
  {
    table: 'logs',
    column: 'attributes',
    candidates: [zstd(1), zstd(1, MiB), zstd(2), zstd(3), zstd(3, MiB), zstd(5), { codec: 'LZ4' }],
  },
  { table: 'logs', column: 'trace_id', candidates: ids },
  { table: 'logs', column: 'span_id', candidates: ids },
  ...['timestamp', 'observed_timestamp', 'time', 'received_at'].map((column) => ({ table: 'logs', column, candidates: times })),
];

const indexOf = (of: string, tokenizer: string) =>
  [
    { more: '' },
    { more: ', dictionary_block_size = 4096' },
    { more: ', dictionary_block_frontcoding_compression = 0' },
    { more: `, posting_list_codec = 'bitpacking'` },
    { more: '', settings: `default_compression_codec = 'ZSTD(3)'` },
  ].map(({ more, ...settings }) => ({ definition: `${of} TYPE text(tokenizer = '${tokenizer}'${more})`, ...settings }));

/** Log records of a day (and, if `perDay` says so, of as much of it as makes that many a day), and how their columns could lie. */
export async function measureLogs(engine: Engine, perDay = records): Promise<void> {
  const toMs = fromMs + (records / perDay) * 86_400_000;
  for (let from = 0; from < records; from += recordsPerInsert) {
    await engine.command(insertLogs({ fromMs, records, toMs }, from, recordsPerInsert));
  }
  await mergeAll(engine);
  console.log(`${records} log records in ${Math.round((toMs - fromMs) / 60_000)} minutes`);
  await printBytes(engine, 'a log record', () => records);
  for (const trial of trials) await tryCodecs(engine, trial);
  await tryIndexes(engine, 'logs', 'body_index', indexOf('lower(body)', 'splitByNonAlpha'));
  await tryIndexes(engine, 'logs', 'attribute_items_index', indexOf('attribute_items', 'array'));
  for (const orderBy of [
    'toStartOfFiveMinutes(time), service, time',
    'toStartOfFiveMinutes(time), service, severity_number, time',
    'toStartOfFiveMinutes(time), service, scope_name, time',
    'toStartOfFiveMinutes(time), service, instance, time',
  ])
    await tryOrder(engine, 'logs', orderBy);
}
