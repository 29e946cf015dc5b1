/** Small systems made by a seed, and what is to be found in the rollups once their spans are settled: docs/formats/path-rollup.md read slowly. */
import type { Engine } from '@sonde/store';
import { groupBy, type SpanKind, spanKinds } from '@sonde/model';
import type { BatchSpan } from '../../packages/model/src/testing/batch-from-text.ts';
import { slowSettle } from '../../packages/model/src/testing/slow-settle.ts';
import { baseNs, randomOf, type SampleSpan } from './sample-spans.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const minuteNs = 60_000_000_000n;

/** A few traces that know one another, of up to eight spans: parents and links anywhere, ids twice, clocks wrong. A minute for each world. */
export function worldSpans(seed: number, worlds: number): SampleSpan[][] {
  const random = randomOf(seed);
  return Array.from({ length: worlds }, (_world, world) => {
    // An id that ends in 0 bytes is a fixed string that is easily cut.
    const traceIds = Array.from(
      { length: 1 + random.below(3) },
      (_trace, i) => `${random.hex(24)}${i === 0 ? '00000000' : random.hex(8)}`,
    );
    const spanIds = Array.from({ length: 9 }, () => (random.chance(0.2) ? `${random.hex(12)}0000` : random.hex(16)));
    const startNs = baseNs + BigInt(world % 130) * minuteNs;
    return traceIds.flatMap((traceId) =>
      Array.from({ length: 1 + random.below(8) }, (_place, place): SampleSpan => {
        const service = random.of(['shop', 'cart', 'mail']);
        const host = random.of(['', 'h1', 'h2']);
        const kind = 1 + random.below(5);
        const environment = random.chance(0.2) ? 'staging' : '';
        const namespace = random.chance(0.2) ? 'eu' : '';
        return {
          traceId,
          spanId: random.chance(0.85) ? (spanIds[place] as string) : random.of(spanIds),
          parentSpanId: random.chance(0.25) ? '' : random.chance(0.1) ? random.hex(16) : random.of(spanIds),
          environment,
          namespace,
          service,
          host,
          // One of each on a host: the slow model tells instances by their hosts.
          instance: host === '' ? '' : `${service}@${host}`,
          version: host === '' ? '' : `1.${host}`,
          name: random.of(['GET /a', 'POST /b', 'work']),
          kind,
          startNs: startNs + BigInt(random.below(25)) * 1_000_000n,
          durationNs: BigInt(random.below(25)) * 1_000_000n,
          failed: random.chance(0.2),
          attributes: called(random),
          links: random.chance(0.4) ? [{ traceId: random.of(traceIds), spanId: random.of(spanIds) }] : [],
        };
      }),
    );
  });
}

function called(random: ReturnType<typeof randomOf>): Record<string, string | number> {
  const address = { 'server.address': random.of(['db', 'other']), ...(random.chance(0.5) && { 'server.port': 5432 }) };
  const text = random.of(['SELECT 1 FROM a', 'SELECT 2 FROM b']);
  const sort = random.below(5);
  if (sort === 0) return { 'db.system.name': 'postgresql', 'db.namespace': 'shop', 'db.query.text': text, ...address };
  if (sort === 1)
    return { 'messaging.system': 'kafka', 'messaging.destination.name': random.of(['orders', 'mails']), ...address };
  if (sort === 2) return address;
  return {};
}

export interface Sums {
  readonly sums: readonly number[];
  readonly max: number;
  readonly hist: readonly string[];
  readonly errorHist: readonly string[];
}
export type Rollup = ReadonlyMap<string, Sums>;

interface RawSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly startNs: string;
  readonly durationNs: string;
  readonly kind: number;
  readonly failed: number;
  readonly service: string;
  readonly name: string;
  readonly host: string;
  readonly dependency: readonly [
    system: string,
    database: string,
    queueSystem: string,
    queue: string,
    address: string,
    port: string,
  ];
  readonly hash: string;
  readonly links: readonly (readonly [string, string])[];
}

/** All spans that the engine has. */
function rawSpans(engine: Engine): Promise<RawSpan[]> {
  return engine.query<RawSpan>(
    `SELECT hex(trace_id) AS traceId, hex(span_id) AS spanId, hex(parent_span_id) AS parentId,
  toString(toUnixTimestamp64Nano(timestamp)) AS startNs, toString(duration_ns) AS durationNs, kind, status_code = 2 AS failed,
  concat(environment, '/', namespace, '/', service) AS service, spans.name AS name, host,
  [toString(db_system), toString(db_namespace), toString(messaging_system), toString(messaging_destination), toString(server_address), toString(server_port)] AS dependency,
  toString(statement_hash) AS hash, arrayZip(arrayMap(id -> hex(id), links_trace_id), arrayMap(id -> hex(id), links_span_id)) AS links
FROM spans
ORDER BY spans.trace_id, spans.timestamp, spans.span_id, kind, spans.service, name, duration_ns`,
    {},
    budget,
  );
}

function dependencyOf({ kind, dependency, hash }: RawSpan): Partial<BatchSpan> {
  const [system, database, queueSystem, queue, address, port] = dependency;
  const place = port === '0' ? address : `${address}:${port}`;
  if (kind === 3 && system !== '') return { dependencyKind: 'database', dependency: [system, place, database, hash].join(';') };
  if (kind >= 3 && (queueSystem !== '' || queue !== ''))
    return { dependencyKind: 'queue', dependency: [queueSystem, '', queue, 0].join(';') };
  if (kind === 3 && address !== '') return { dependencyKind: 'remote', dependency: ['', place, '', 0].join(';') };
  return {};
}

/** What the rollups must hold: spans read back from the engine, those of each minute judged by the slow model. */
export async function slowRollups(engine: Engine): Promise<{ paths: Rollup; edges: Rollup; services: Rollup }> {
  const paths = new Fold();
  const edges = new Fold();
  const services = new Fold();
  const raw = await rawSpans(engine);
  for (const [minute, own] of groupBy(raw, ({ startNs }) => BigInt(startNs) / minuteNs)) {
    const traces = [...groupBy(own, ({ traceId }) => traceId).values()];
    const traceIds = traces.map(([first]) => (first as RawSpan).traceId);
    const ids = [
      '0'.repeat(16),
      ...new Set(own.flatMap(({ spanId, parentId, links }) => [spanId, parentId, ...links.map(([, id]) => id)])),
    ];
    const number = new Map([...new Set(ids)].map((id, i) => [id, i]));
    const slow = slowSettle(
      traces.map((spans) =>
        spans.map((span): BatchSpan => ({
          spanId: number.get(span.spanId) as number,
          parentSpanId: number.get(span.parentId) as number,
          kind: spanKinds[span.kind] as SpanKind,
          service: span.service,
          name: span.name,
          host: span.host,
          startNs: Number(BigInt(span.startNs) - minute * minuteNs),
          durationNs: Number(span.durationNs),
          error: span.failed === 1,
          inWindow: true,
          ...dependencyOf(span),
          links: span.links.map(([traceId, id]) => ({
            trace: traceIds.includes(traceId) ? traceIds.indexOf(traceId) : traces.length,
            spanId: number.get(id) as number,
          })),
        })),
      ),
    );
    for (const [key, values] of slow.paths) {
      const [api, apiKind, asynchronous, isEntry, name, kind, host, dependency, bucket] = key.split('|');
      paths.add([minute, api, apiKind, asynchronous, isEntry, name, kind, host, dependency], Number(bucket), values);
      const [calls, errors, totalNs] = values as [number, number, number];
      services.add([minute, (name as string).split(' ')[0], kind], Number(bucket), [
        calls,
        errors,
        totalNs,
        values.at(-1) as number,
      ]);
    }
    for (const [key, values] of slow.edges) {
      const [caller, callee, dependency, side, bucket] = key.split('|');
      // Edges lead to a database, not to each of its statements.
      edges.add([minute, caller, callee, dependency?.replace(/;\d+$/, ';0'), side], Number(bucket), values);
    }
  }
  const edgeRows = [...edges.rollup()].map(([key, row]) => [key, { ...row, errorHist: [] }] as const);
  return { paths: paths.rollup(), edges: new Map(edgeRows), services: services.rollup() };
}

class Fold {
  readonly #rows = new Map<
    string,
    { sums: number[]; max: number; hist: Map<number, number>; errorHist: Map<number, number> }
  >();

  /** Calls and errors come first, the maximum last. */
  add(key: readonly unknown[], bucket: number, values: readonly number[]): void {
    const text = key.join('|');
    const row = this.#rows.get(text) ?? { sums: [], max: 0, hist: new Map(), errorHist: new Map() };
    this.#rows.set(text, row);
    for (const [i, value] of values.slice(0, -1).entries()) row.sums[i] = (row.sums[i] ?? 0) + value;
    row.max = Math.max(row.max, values.at(-1) as number);
    for (const [hist, count] of [
      [row.hist, values[0]],
      [row.errorHist, values[1]],
    ] as const) {
      if (count) hist.set(bucket, (hist.get(bucket) ?? 0) + count);
    }
  }

  rollup(): Rollup {
    const texts = (hist: Map<number, number>) =>
      [...hist].toSorted(([a], [b]) => a - b).map(([bucket, count]) => `${bucket}x${count}`);
    return new Map(
      [...this.#rows]
        .map(([key, row]) => [key, { ...row, hist: texts(row.hist), errorHist: texts(row.errorHist) }] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
}

const kindText = (column: string) =>
  `arrayElement(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'], ${column} + 1)`;
const endpoint = (prefix: string) =>
  `if(${prefix}service = '', '', concat(${prefix}environment, '/', ${prefix}namespace, '/', ${prefix}service, ' ', ${prefix}name))`;
const dependencyText = (hash: string) =>
  `if(dependency_kind = 0, '', concat(['database', 'queue', 'remote'][dependency_kind], ' ', dependency_system, ';', dependency_address, ';', dependency_name, ';', ${hash}))`;
const histText = (column: string) =>
  `arrayMap((bucket, count) -> concat(toString(bucket), 'x', toString(count)), (sumMap(${column}) AS ${column}_merged).1, ${column}_merged.2)`;

/** A rollup as the engine has it, in the words of the slow one. */
async function engineRollup(
  engine: Engine,
  table: string,
  key: readonly string[],
  sums: readonly string[],
  errorHist: boolean,
) {
  const rows = await engine.query<{ row: string; sums: number[]; max: number; hist: string[]; errorHist: string[] }>(
    `SELECT concatWithSeparator('|', toString(intDiv(toUnixTimestamp(time), 60)), ${key.join(', ')}) AS row,
  [${sums.map((sum) => `toFloat64(sum(${sum}))`).join(', ')}] AS sums, toFloat64(max(max_ns)) AS max,
  ${histText('hist')} AS hist, ${errorHist ? histText('error_hist') : "CAST([], 'Array(String)')"} AS errorHist
FROM ${table} GROUP BY row ORDER BY row`,
    {},
    budget,
  );
  return new Map(rows.map(({ row, ...values }) => [row, values])) satisfies Rollup;
}

const pathKey = [
  endpoint('api_'),
  kindText('api_kind'),
  'toString(asynchronous)',
  'toString(is_entry)',
  endpoint(''),
  kindText('kind'),
  'host',
  dependencyText('toString(statement_hash)'),
];
const pathSums = [
  'calls',
  'errors',
  'total_ns',
  'self_ns',
  'critical_ns',
  'messages',
  'wait_ns',
  'requests_by_service',
  'requests_by_host',
  'requests_by_dependency',
];
const edgeKey = [endpoint('caller_'), endpoint('callee_'), dependencyText(`'0'`), `['client', 'server'][side + 1]`];
const edgeSums = ['calls', 'errors', 'caller_errors', 'total_ns', 'critical_ns', 'wait_ns'];
const serviceKey = [`concat(environment, '/', namespace, '/', service)`, kindText('kind')];

export const pathRollup = (engine: Engine, table = 'path_minutes') => engineRollup(engine, table, pathKey, pathSums, true);
export const edgeRollup = (engine: Engine, table = 'edge_minutes') => engineRollup(engine, table, edgeKey, edgeSums, false);
export const serviceRollup = (engine: Engine, table = 'service_minutes') =>
  engineRollup(engine, table, serviceKey, ['calls', 'errors', 'total_ns'], true);

/** The same by a coarser time, in minutes. */
export function coarser(rollup: Rollup, minutes: number, sumsOf = (sums: readonly number[]) => sums): Rollup {
  const fold = new Map<string, { sums: number[]; max: number; hist: Map<string, number>; errorHist: Map<string, number> }>();
  for (const [key, row] of rollup) {
    const [minute, ...rest] = key.split('|');
    const text = [Math.floor(Number(minute) / minutes) * minutes, ...rest].join('|');
    const into = fold.get(text) ?? { sums: [], max: 0, hist: new Map(), errorHist: new Map() };
    fold.set(text, into);
    for (const [i, value] of sumsOf(row.sums).entries()) into.sums[i] = (into.sums[i] ?? 0) + value;
    into.max = Math.max(into.max, row.max);
    for (const name of ['hist', 'errorHist'] as const) {
      for (const entry of row[name]) {
        const [bucket, count] = entry.split('x') as [string, string];
        into[name].set(bucket, (into[name].get(bucket) ?? 0) + Number(count));
      }
    }
  }
  const texts = (hist: Map<string, number>) =>
    [...hist].toSorted(([a], [b]) => Number(a) - Number(b)).map(([bucket, count]) => `${bucket}x${count}`);
  return new Map(
    [...fold]
      .map(([key, row]) => [key, { ...row, hist: texts(row.hist), errorHist: texts(row.errorHist) }] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
